import { type Decode, decoder, type Encode, encoder } from "./binary.ts";
import type { SchemaRegistry } from "./registry.ts";
import type { Schema } from "./schema.ts";
import { HEADER_BYTES, parseHeader, wireHeader } from "./wire_format.ts";

/** How the subject of a schema is named: by the topic, by the record's full name, or by both. */
export type SubjectNaming = "topic" | "record" | "topic-record";

/** What an {@linkcode avroSerde} needs. */
export interface AvroSerdeOptions {
  /** Where schemas are registered and found. */
  readonly registry: SchemaRegistry;
  /**
   * The schema to write with, and to read as, whatever version a record was written with.
   *
   * @default to write: the subject's latest; to read: the schema each record was written with
   */
  readonly schema?: Schema;
  /** Whether it is for the records' keys or their values. @default "value" */
  readonly part?: "key" | "value";
  /** How subjects are named. @default "topic" */
  readonly subjectName?: SubjectNaming;
  /** False: `schema` must be registered already, and is looked up by registering nothing new. @default true */
  readonly register?: boolean;
}

/** Keys or values as bytes and back: promises only until topic and schema id are known, plain values after that. */
export interface AvroSerde<T> {
  /**
   * Bytes of a value; null stays null, a tombstone.
   *
   * @throws {TypeError | RangeError} If the value does not fit the schema: names field, value and type.
   * @throws {RegistryError} If the schema cannot be registered. Nothing is remembered: the next call tries again.
   */
  encode(value: T | null, topic: string): Uint8Array | null | Promise<Uint8Array | null>;
  /**
   * The value in a record's bytes; null stays null.
   *
   * @throws {SyntaxError} If the bytes are none of a registry's serializer, are damaged, or cannot be read as `schema`.
   * @throws {RegistryError} If the schema id is unknown, or the registry cannot be asked about a new one.
   */
  decode(bytes: Uint8Array | null, topic: string): T | Promise<T>;
  /** Registers the schema for a topic now: a producer fails here, before it has sent anything. Values of it are read at once, too. */
  ready(topic: string): Promise<void>;
}

/** The subject of a topic's keys or values.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { subjectOf } from "./serde.ts";
 * assert.equal(subjectOf("rides", { part: "value" }), "rides-value");
 * assert.equal(subjectOf("rides", { part: "key", subjectName: "topic-record", record: "taxi.Key" }), "rides-taxi.Key");
 * ```
 * @throws {TypeError} If it is named by the record and the schema has no name.
 */
export function subjectOf(
  topic: string,
  options: {
    readonly part: "key" | "value";
    readonly subjectName?: SubjectNaming;
    readonly record?: string;
  },
): string {
  const { part, subjectName = "topic", record } = options;
  if (subjectName === "topic") return `${topic}-${part}`;
  if (record === undefined) {
    throw new TypeError(
      `Cannot name the subject by its record for topic "${topic}": the schema has no name`,
    );
  }
  return subjectName === "record" ? record : `${topic}-${record}`;
}

interface Writer {
  readonly id: number;
  readonly header: Uint8Array;
  readonly encode: Encode;
}

/**
 * Makes a serde for the keys or values of any topic, in Confluent's wire format: 0, schema id, Avro binary.
 *
 * @example
 * ```ts ignore
 * const value = avroSerde<TaxiRide>({ registry, schema: parseSchema(text) });
 * await value.ready("rides");                       // once: the schema is registered
 * const bytes = value.encode(ride, "rides");        // a Uint8Array, no promise
 * ```
 */
export function avroSerde<T>(options: AvroSerdeOptions): AvroSerde<T> {
  const writers = new Map<string, Writer>();
  const readers = new Map<number, Decode>();
  // One topic and one schema id follow each other nearly always: a comparison, not a look-up.
  let lastTopic: string | undefined, lastWriter: Writer | undefined;
  let lastId: number | undefined, lastReader: Decode | undefined;

  const openWriter = async (topic: string): Promise<Writer> => {
    const found = writers.get(topic);
    if (found) return found;
    const { id, schema } = await writtenWith(options, topic);
    const writer = { id, header: wireHeader(id), encode: encoder(schema) };
    writers.set(topic, writer);
    return writer;
  };
  const openReader = async (id: number): Promise<Decode> => {
    const written = await options.registry.schemaById(id);
    const reader = decoder(written, options.schema);
    readers.set(id, reader);
    return reader;
  };
  return {
    ready: async (topic) => {
      const { id } = await openWriter(topic);
      await openReader(id);
    },
    encode(value, topic) {
      if (value === null) return null;
      if (topic !== lastTopic) {
        const writer = writers.get(topic);
        if (!writer) return openWriter(topic).then(({ encode, header }) => encode(value, header));
        lastTopic = topic;
        lastWriter = writer;
      }
      return lastWriter!.encode(value, lastWriter!.header);
    },
    decode(bytes, _topic) {
      if (bytes === null) return null as T;
      const id = parseHeader(bytes);
      if (id !== lastId) {
        const reader = readers.get(id);
        if (!reader) return openReader(id).then((read) => read(bytes, HEADER_BYTES) as T);
        lastId = id;
        lastReader = reader;
      }
      return lastReader!(bytes, HEADER_BYTES) as T;
    },
  };
}

/** The id and schema that a topic's records are written with. */
async function writtenWith(
  { registry, schema, part = "value", subjectName = "topic", register = true }: AvroSerdeOptions,
  topic: string,
): Promise<{ readonly id: number; readonly schema: Schema }> {
  const record = schema?.name;
  const subject = subjectOf(topic, { part, subjectName, ...(record !== undefined && { record }) });
  if (schema === undefined) return await registry.schemaVersion(subject, "latest");
  if (register) return { id: await registry.register(subject, schema), schema };
  return { id: await registry.idOf(subject, schema), schema };
}
