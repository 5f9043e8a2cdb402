import {
  decodeBinary,
  HEADER_BYTES,
  parseHeader,
  type SchemaRegistry,
  type SchemaSource,
} from "../../../avro/mod.ts";
import { Mutex } from "../../../async/mod.ts";
import type { SchemaPlace } from "../../contract.ts";
import type { ReadBySchema, SchemaReader } from "./payload.ts";
import { layOut } from "./visible.ts";

/** How long a schema that is not known is not asked for again. */
const ASK_AGAIN_AFTER_MS = 5_000;

/** Reads the bytes behind the id of one schema. */
interface BodyReader {
  /** Of the type, where it has one for all records. */
  readonly name?: string;
  read(body: Uint8Array): ReadBySchema;
}

/** Reads records that begin with a schema's id, through the registry; remembers schemas and what it could not find. */
export class SchemaReaders {
  readonly #registry: SchemaRegistry;
  readonly #readers = new Map<number, BodyReader>();
  readonly #places = new Map<string, SchemaPlace>();
  readonly #subjects = new Map<string, SeenSubject>();
  readonly #missing = new Map<number, { readonly why: string; readonly atMs: number }>();

  constructor(registry: SchemaRegistry) {
    this.#registry = registry;
  }

  /** A reader for the keys or values of a topic. */
  of(topic: string): SchemaReader {
    return async (bytes) => {
      const id = parseHeader(bytes);
      const missing = this.#missing.get(id);
      if (missing && Date.now() - missing.atMs < ASK_AGAIN_AFTER_MS) {
        return { trouble: missing.why };
      }
      let reader: BodyReader;
      try {
        reader = this.#readers.get(id) ?? await this.#reader(id);
      } catch (error) {
        const why = wordsOf(error);
        this.#missing.set(id, { why, atMs: Date.now() });
        if (this.#missing.size > 1_000) this.#missing.clear();
        return { trouble: why };
      }
      try {
        const read = reader.read(bytes.subarray(HEADER_BYTES));
        return { ...read, schema: await this.#place(topic, id, reader.name) };
      } catch (error) {
        // This record alone is to blame: the next one of the schema may be well.
        return { trouble: wordsOf(error) };
      }
    };
  }

  async #reader(id: number): Promise<BodyReader> {
    const source = await this.#registry.schemaSource(id);
    const reader = source.kind === "AVRO"
      ? await this.#avro(id)
      : source.kind === "PROTOBUF"
      ? await protobuf(source)
      : { read: (body: Uint8Array) => ({ kind: "plain", body }) as const };
    this.#readers.set(id, reader);
    return reader;
  }

  async #avro(id: number): Promise<BodyReader> {
    const schema = await this.#registry.schemaById(id);
    return {
      ...(schema.name === undefined ? {} : { name: schema.name }),
      read: (body) => ({ kind: "avro", value: decodeBinary(schema, body) }),
    };
  }

  /** Which version of the topic's subjects an id is. */
  async #place(topic: string, id: number, name?: string): Promise<SchemaPlace> {
    const key = `${id} ${topic}`;
    const known = this.#places.get(key);
    if (known) return known;
    let place: SchemaPlace = { id, ...(name ? { name } : {}) };
    for (const subject of [`${topic}-value`, `${topic}-key`]) {
      const version = await this.#versionOf(subject, id);
      if (version !== undefined) place = { ...place, subject, version };
    }
    this.#places.set(key, place);
    return place;
  }

  /** One look at a time, and no version is asked for twice: a subject may have thousands, and so many ids in its topic. */
  async #versionOf(subject: string, id: number): Promise<number | undefined> {
    const seen = this.#subjects.get(subject) ??
      { ids: new Map(), versions: new Set(), turn: new Mutex() };
    this.#subjects.set(subject, seen);
    return await seen.turn.run(async () => {
      if (!seen.ids.has(id)) await this.#look(subject, seen);
      return seen.ids.get(id);
    });
  }

  async #look(subject: string, { ids, versions }: SeenSubject): Promise<void> {
    for (const version of await this.#registry.versions(subject).catch(() => [])) {
      if (versions.has(version)) continue;
      const found = await this.#registry.schemaText(subject, version).catch(() => undefined);
      if (found === undefined) continue;
      versions.add(version);
      ids.set(found.id, version);
    }
  }
}

/** What is known of a subject's versions. */
interface SeenSubject {
  /** Id -> version. */
  readonly ids: Map<number, number>;
  readonly versions: Set<number>;
  readonly turn: Mutex;
}

/** protobufjs is large: only who reads Protobuf waits for it. */
async function protobuf({ text, references }: SchemaSource): Promise<BodyReader> {
  const { protobufReader } = await import("./protobuf.ts");
  const reader = protobufReader({ text, imports: references });
  return { read: (body) => ({ kind: "protobuf", value: reader.read(body).value }) };
}

/**
 * A schema for people: JSON laid out over lines, `.proto` text as it is, a descriptor in Base64 as the JSON it stands for.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { readableSchema } from "./schema_readers.ts";
 * assert.equal(await readableSchema("JSON", '{"type":"object"}'), '{\n  "type": "object"\n}');
 * assert.equal(await readableSchema("PROTOBUF", "message A {}"), "message A {}");
 * ```
 */
export async function readableSchema(kind: string, text: string): Promise<string> {
  if (kind !== "PROTOBUF") return layOut(text);
  const { isDescriptor, descriptorJson } = await import("./protobuf.ts");
  try {
    return isDescriptor(text) ? layOut(descriptorJson(text)) : text;
  } catch {
    return text;
  }
}

function wordsOf(error: unknown): string {
  const words = error instanceof Error ? error.message : String(error);
  return /call stack/.test(words) ? "its value is nested too deeply to show" : words;
}
