/** A view as a command in a terminal, and as a cell of a notebook. */
export interface Code {
  /** Undefined where no command shows the same. */
  readonly command?: string;
  readonly cell: string;
}

const KAFKA = 'import { connect } from "lib/kafka/mod.ts";\n\nconst kafka = await connect();\n';
const REGISTRY = 'import { schemaRegistry } from "lib/avro/mod.ts";\n' +
  'import { registrySettings } from "lib/settings/mod.ts";\n\n' +
  "const registry = schemaRegistry(registrySettings());\n";

/** Quoted for a shell, where that is needed. */
const word = (text: string) => /^[\w.-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;

/**
 * What shows the same outside of this page; undefined where nothing does.
 *
 * @param path Of the place, as in `["topics", "demo_1"]`.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { codeFor } from "./code.ts";
 * assert.equal(codeFor(["groups", "g"])?.cell.split("\n").at(-1), 'console.table(await kafka.groups.lag("g"));');
 * assert.equal(codeFor(["topics", "demo_1"])?.command, "deno task consumer --topic demo_1 --group look-around");
 * ```
 */
export function codeFor(
  path: readonly string[],
  query: URLSearchParams = new URLSearchParams(),
): Code | undefined {
  const [room = "", name, tab] = path, text = JSON.stringify(name);
  const kafka = (line: string) => `${KAFKA}${line}`;
  if (room === "") {
    return {
      command: "deno task status",
      cell: kafka("console.table(await kafka.brokers());"),
    };
  }
  if (room === "topics" && name === undefined) {
    return { cell: kafka("console.log(await kafka.topics.list());") };
  }
  if (room === "topics" && tab === "lanes") {
    const group = query.get("group");
    const options = group && group !== "none" ? `, { group: ${JSON.stringify(group)} }` : "";
    return {
      cell: 'import { connect, topicLanes } from "lib/kafka/mod.ts";\n' +
        'import { lanes, show } from "lib/show/mod.ts";\n\n' +
        `const kafka = await connect();\nawait show(lanes(await topicLanes(kafka, ${text}${options})));`,
    };
  }
  if (room === "topics" && tab === "partitions") {
    return { cell: kafka(`console.log(await kafka.topics.describe(${text}));`) };
  }
  if (room === "topics" && tab === "settings") {
    return { cell: kafka(`console.table(await kafka.topics.settings(${text}));`) };
  }
  if (room === "topics" && !tab) {
    return {
      command: `deno task consumer --topic ${word(name!)} --group look-around`,
      cell:
        'import { connect, readTopic } from "lib/kafka/mod.ts";\n\nconst kafka = await connect();\n' +
        `for await (const record of readTopic(kafka, ${text}, { from: ${
          fromOf(query)
        }, max: 20 })) {\n` +
        "  console.log(record.partition, record.offset, record.key, record.value);\n}",
    };
  }
  if (room === "groups") {
    return name === undefined
      ? { cell: kafka("console.log(await kafka.groups.list());") }
      : { cell: kafka(`console.table(await kafka.groups.lag(${text}));`) };
  }
  if (room === "schemas") {
    return {
      cell: name === undefined
        ? `${REGISTRY}console.log(await registry.subjects());`
        : `${REGISTRY}console.log((await registry.schemaText(${text}, "latest")).text);`,
    };
  }
  return undefined;
}

/** Where `readTopic` begins, for what the address says. */
function fromOf(query: URLSearchParams): string {
  const [kind, at = ""] = (query.get("from") ?? "").split(":");
  if (kind === "offset" && /^\d+$/.test(at)) return `{ offset: ${at} }`;
  if (kind === "time" && /^\d+$/.test(at)) return `{ timestampMs: ${at} }`;
  return '"earliest"';
}
