import {
  decodeBinary,
  HEADER_BYTES,
  parseHeader,
  type Schema,
  type SchemaRegistry,
} from "../../../avro/mod.ts";
import type { SchemaPlace } from "../../contract.ts";
import type { AvroReader } from "./payload.ts";

/** How long a schema that is not known is not asked for again. */
const ASK_AGAIN_AFTER_MS = 5_000;

/** Reads Avro records of a topic through the registry, and remembers schemas and what it could not find. */
export class AvroReaders {
  readonly #registry: SchemaRegistry;
  readonly #places = new Map<string, SchemaPlace>();
  readonly #missing = new Map<number, { readonly why: string; readonly atMs: number }>();

  constructor(registry: SchemaRegistry) {
    this.#registry = registry;
  }

  /** A reader for the keys or values of a topic. */
  of(topic: string): AvroReader {
    return async (bytes) => {
      const id = parseHeader(bytes);
      const missing = this.#missing.get(id);
      if (missing && Date.now() - missing.atMs < ASK_AGAIN_AFTER_MS) {
        return { trouble: missing.why };
      }
      let schema: Schema;
      try {
        schema = this.#registry.knownSchema(id) ?? await this.#registry.schemaById(id);
      } catch (error) {
        const why = wordsOf(error);
        this.#missing.set(id, { why, atMs: Date.now() });
        if (this.#missing.size > 1_000) this.#missing.clear();
        return { trouble: why };
      }
      try {
        const value = decodeBinary(schema, bytes.subarray(HEADER_BYTES));
        return { value, schema: await this.#place(topic, id, schema.name) };
      } catch (error) {
        // This record alone is to blame: the next one of the schema may be well.
        return { trouble: wordsOf(error) };
      }
    };
  }

  /** Which version of the topic's subjects an id is. */
  async #place(topic: string, id: number, name?: string): Promise<SchemaPlace> {
    const key = `${id} ${topic}`;
    const known = this.#places.get(key);
    if (known) return known;
    let place: SchemaPlace = { id, ...(name ? { name } : {}) };
    for (const subject of [`${topic}-value`, `${topic}-key`]) {
      for (const version of await this.#registry.versions(subject).catch(() => [])) {
        const found = await this.#registry.schemaVersion(subject, version).catch(() => undefined);
        if (found?.id === id) place = { ...place, subject, version };
      }
    }
    this.#places.set(key, place);
    return place;
  }
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
