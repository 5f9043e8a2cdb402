import assert from "node:assert/strict";
import { dirname, join } from "node:path/posix";

/** Who may import whom (CONTRIBUTING.md tells why). A room that is not named may import nobody. */
const MAY_IMPORT: Record<string, readonly string[]> = {
  async: [],
  serde: [],
  platform: [],
  settings: [],
  views: ["serde"],
  rides: ["async", "serde"],
  downloads: ["platform"],
  python: ["platform", "downloads"],
  pack: ["platform", "settings"],
  cluster: ["platform", "settings", "downloads", "python", "async"],
  lab: ["platform", "settings", "python", "async"],
  kafka: ["settings", "views", "async", "serde"],
  avro: ["settings", "async", "serde"],
  show: ["views"],
  streams: ["platform", "settings", "kafka", "views", "async", "serde"],
  control_center: ["platform", "settings", "kafka", "avro", "views", "async", "serde"],
  course: [
    "platform",
    "settings",
    "views",
    "rides",
    "kafka",
    "avro",
    "show",
    "streams",
    "cluster",
    "async",
    "serde",
  ],
};

/** Rooms that build on Kafka's parts, not only on what people use: they may import `lib/kafka/engine.ts`. */
const KAFKA_ENGINES = ["streams", "control_center"];

/** Parts of `lib/streams` that do no I/O and know only the rooms that do none either. */
const PURE_ROOMS = ["views", "serde", "async"];
const PURE_STREAMS = ["topology", "dsl", "operators", "state", "task", "driver"];

interface Import {
  readonly file: string;
  readonly target: string;
}

async function sources(folder: string): Promise<string[]> {
  const found: string[] = [];
  for await (const entry of Deno.readDir(folder)) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory) found.push(...await sources(path));
    else if (path.endsWith(".ts")) found.push(path);
  }
  return found.sort();
}

async function imports(): Promise<Import[]> {
  const all: Import[] = [];
  for (const file of await sources("lib")) {
    const text = (await Deno.readTextFile(file)).replace(/^\s*(\*|\/\/).*$/gm, "");
    for (const [, target] of text.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*"([^"]+)"/g)) {
      all.push({ file, target: target! });
    }
  }
  return all;
}

const found = await imports();
const isTest = (file: string) => file.endsWith("_test.ts");
const room = (path: string) => path.match(/^lib\/([^/]+)\//)?.[1];
const resolve = ({ file, target }: Import) => join(dirname(file), target);

Deno.test("a room imports only the rooms it may know, and only their entries", () => {
  const wrong = found.filter((one) => !isTest(one.file) && one.target.startsWith(".")).filter(
    (one) => {
      const from = room(one.file), to = room(resolve(one));
      if (from === undefined || to === undefined || from === to) return false;
      const entries = KAFKA_ENGINES.includes(from) ? ["/mod.ts", "/kafka/engine.ts"] : ["/mod.ts"];
      return !MAY_IMPORT[from]?.includes(to) ||
        !entries.some((entry) => resolve(one).endsWith(entry));
    },
  );
  assert.deepEqual(wrong, []);
});

Deno.test("the pure parts of streams import no package, only pure rooms, and no runtime", () => {
  const wrong = found.filter(({ file }) =>
    !isTest(file) && PURE_STREAMS.some((part) => file.startsWith(`lib/streams/${part}/`))
  ).filter((one) => {
    // Rows on disk are the one thing outside.
    const disk = one.file.includes("/state/sqlite_") ? ["node:fs", "node:zlib", "node:sqlite"] : [];
    if (!one.target.startsWith(".")) return ![...disk, "node:async_hooks"].includes(one.target);
    const target = resolve(one);
    if (PURE_ROOMS.some((pure) => target === `lib/${pure}/mod.ts`)) return false;
    // App.start() loads the runtime when it is called.
    if (one.file === "lib/streams/dsl/app.ts" && /\/(runtime|kafka)\/mod.ts$/.test(target)) {
      return false;
    }
    return !target.startsWith("lib/streams/") || target.includes("/runtime/");
  });
  assert.deepEqual(wrong, []);
});

/** File -> the files of the library, the packages and modules of Node whose code it runs first; types are gone by then. */
async function codeImports(): Promise<ReadonlyMap<string, readonly string[]>> {
  const graph = new Map<string, string[]>();
  for (const file of await sources("lib")) {
    if (isTest(file)) continue;
    const text = (await Deno.readTextFile(file)).replace(/^\s*(\*|\/\/).*$/gm, "");
    const targets: string[] = [];
    for (
      const [, type, names, target] of text.matchAll(
        /^(?:import|export)\s+(type\s)?(?:\{([^}]*)\}|\*(?:\s+as\s+\w+)?|\w+)\s*from\s*"([^"]+)"/gm,
      )
    ) {
      const onlyTypes = names?.split(",").every((name) => /^\s*(type\s|$)/.test(name));
      if (!type && !onlyTypes) {
        targets.push(target!.startsWith(".") ? resolve({ file, target: target! }) : target!);
      }
    }
    graph.set(file, targets);
  }
  return graph;
}

Deno.test("no file of the library imports itself by way of others, so each can be imported first and alone", async () => {
  const graph = await codeImports(), done = new Set<string>();
  const circleFrom = (file: string, path: readonly string[]): readonly string[] | undefined => {
    if (path.includes(file)) return [...path.slice(path.indexOf(file)), file];
    if (done.has(file)) return undefined;
    for (const next of graph.get(file) ?? []) {
      const circle = circleFrom(next, [...path, file]);
      if (circle) return circle;
    }
    done.add(file);
    return undefined;
  };
  for (const file of graph.keys()) assert.equal(circleFrom(file, []), undefined);
});

Deno.test("what lib/streams/mod.ts runs needs no package and no module of Node, so that a browser can load it", async () => {
  const graph = await codeImports(), reached = new Set(["lib/streams/mod.ts"]);
  // A set that grows while it is read.
  for (const file of reached) for (const next of graph.get(file) ?? []) reached.add(next);
  assert.deepEqual([...reached].filter((file) => !file.startsWith("lib/")), []);
  assert.deepEqual([...reached].filter((file) => /\/(runtime|kafka)\//.test(file)), []);
});

Deno.test("one npm package has one importing room", () => {
  const rooms = new Map<string, Set<string>>();
  for (const { file, target } of found) {
    if (isTest(file) || /^(\.|node:|lib\/|\$)/.test(target)) continue;
    const name = target.split("/").slice(0, target.startsWith("@") ? 2 : 1).join("/");
    rooms.set(name, (rooms.get(name) ?? new Set()).add(room(file) ?? file));
  }
  assert.deepEqual([...rooms].filter(([, users]) => users.size > 1).map(([name]) => name), []);
});

Deno.test("kafkajs stays behind lib/kafka/transport: imported there alone, and typed for everybody else", async () => {
  const outside = (file: string) => !isTest(file) && !file.startsWith("lib/kafka/transport/");
  const importers = found.filter(({ file, target }) => outside(file) && /^kafkajs\b/.test(target));
  assert.deepEqual(importers, []);
  const untyped: string[] = [];
  for (const file of (await sources("lib/kafka")).filter(outside)) {
    if (/no-explicit-any/.test(await Deno.readTextFile(file))) untyped.push(file);
  }
  assert.deepEqual(untyped, [], "the linter lets nobody else write `any`");
});

Deno.test("no file takes a URL's pathname for a path: it is encoded, and begins with /C: on Windows", async () => {
  const wrong: string[] = [];
  for (const folder of ["lib", "tasks", "tests", "bench", "apps"]) {
    for (const file of await sources(folder)) {
      const text = await Deno.readTextFile(file);
      // Taken at once, or by way of a name.
      const names = [...text.matchAll(/(\w+) = new URL\([^;]*?import\.meta\.url\)/g)].map((
        [, name],
      ) => name);
      const pathname = new RegExp(
        `(?:import\\.meta\\.url\\)|\\b(?:${names.join("|") || "-"}))\\s*\\.pathname`,
      );
      if (pathname.test(text) || /decodeURIComponent\([^;]*\.pathname/.test(text)) wrong.push(file);
    }
  }
  assert.deepEqual(wrong, [], "fileURLToPath() or import.meta.filename");
});

Deno.test("programs are started through lib/platform alone: nothing else hides the windows that Windows opens", async () => {
  const wrong: string[] = [];
  for (const folder of ["lib", "tasks", "apps", "notebooks"]) {
    for (const file of await sources(folder)) {
      if (isTest(file) || file.startsWith("notebooks/solutions/")) continue;
      const text = (await Deno.readTextFile(file)).replace(/^\s*(\*|\/\/|\/\*\*).*$/gm, "");
      const starts = /new Deno\.Command\b|child_process/.test(text);
      if (starts && file !== "lib/platform/children.ts") wrong.push(file);
    }
  }
  assert.deepEqual(wrong, []);
});

Deno.test("no file of the library is longer than 400 lines", async () => {
  const long: string[] = [];
  for (const file of await sources("lib")) {
    if ((await Deno.readTextFile(file)).split("\n").length > 401) long.push(file);
  }
  assert.deepEqual(long, []);
});

Deno.test("no program lies at the top of the repository, where scratch files are left behind", async () => {
  const files = await Array.fromAsync(Deno.readDir("."), ({ name }) => name);
  assert.deepEqual(files.filter((name) => /\.(ts|js|mjs)$/.test(name)), []);
});
