import type { RecordHeaders, Serde, TopicPartition } from "../../serde/mod.ts";
import { KafkaError } from "../client/errors.ts";
import type { LogRecord, Unreadable } from "../wire/record_batch.ts";

/** A record as read from Kafka. */
export interface ConsumedRecord<K = unknown, V = unknown> extends TopicPartition {
  /** Its place in the partition, from 0. */
  readonly offset: number;
  /** Unix epoch ms. */
  readonly timestamp: number;
  /** null where the record has no key. */
  readonly key: K | null;
  /** null is a tombstone: "this key is gone". */
  readonly value: V | null;
  /** In bytes, in their order: see `headerText()`. */
  readonly headers: RecordHeaders;
}

/** A record still in bytes. */
export interface RawRecord extends ConsumedRecord<Uint8Array, Uint8Array> {
  /** Left out where it can be read. Otherwise it stands for all that is lost, whose bytes are its value. */
  readonly unreadable?: Unreadable;
}

/** A record that its serde could not read. */
export interface BadRecord {
  /** The record as it was read: its bytes tell what is wrong. */
  readonly record: RawRecord;
  /** Why not, in a sentence that names topic, partition and offset. */
  readonly error: KafkaError;
}

/** What happens to a record that its serde cannot read: stop there, leave it out, or hand it over. */
export type OnDecodeError = "fail" | "skip" | ((bad: BadRecord) => void | Promise<void>);

/** How records become values. */
export interface DecodeOptions<K, V> {
  readonly key: Serde<K>;
  readonly value: Serde<V>;
  readonly onDecodeError: OnDecodeError;
}

/** A record of a fetched answer with its place; key and value are still views into that answer. */
export function rawRecord({ topic, partition }: TopicPartition, record: LogRecord): RawRecord {
  const { offset, timestamp, key, value, unreadable } = record;
  const headers = record.headers ? copyOf(record.headers) : NO_HEADERS;
  const raw = { topic, partition, offset, timestamp, key, value, headers };
  return unreadable ? { ...raw, unreadable } : raw;
}

const NO_HEADERS: RecordHeaders = Object.freeze([]);

function copyOf(headers: RecordHeaders): RecordHeaders {
  return headers.map(([name, bytes]) => [name, bytes && copy(bytes)]);
}

/**
 * Reads a record's key and value; at once, unless a serde needs to wait.
 *
 * @returns The record, or undefined if it cannot be read and is left out.
 * @throws {KafkaError} If it cannot be read and the policy is `fail`: `Cannot read topic-partition-offset …`.
 */
export function decodeRecord<K, V>(
  raw: RawRecord,
  options: DecodeOptions<K, V>,
): ConsumedRecord<K, V> | undefined | Promise<ConsumedRecord<K, V> | undefined> {
  if (raw.unreadable) {
    return refuse(raw, { error: raw.unreadable.error, policy: options.onDecodeError });
  }
  let key: K | null | Promise<K | null>, value: V | null | Promise<V | null>;
  try {
    key = raw.key === null ? null : options.key.decode(raw.key, raw.topic);
    value = raw.value === null ? null : options.value.decode(raw.value, raw.topic);
  } catch (error) {
    return refuse(raw, { error, policy: options.onDecodeError });
  }
  if (key instanceof Promise || value instanceof Promise) {
    return Promise.all([key, value]).then(
      ([key, value]) => consumed(raw, key, value),
      (error) => refuse(raw, { error, policy: options.onDecodeError }),
    );
  }
  return consumed(raw, key, value);
}

/** Where reading goes on after a record. */
export function offsetAfter({ offset, unreadable }: LogRecord): number {
  return unreadable?.nextOffset ?? offset + 1;
}

/** Bytes that a serde handed on as they are leave the fetched answer: a view would keep all of it alive. */
function consumed<K, V>(raw: RawRecord, key: K | null, value: V | null): ConsumedRecord<K, V> {
  return {
    topic: raw.topic,
    partition: raw.partition,
    offset: raw.offset,
    timestamp: raw.timestamp,
    key: raw.key !== null && raw.key === key ? copy(raw.key) as K : key,
    value: raw.value !== null && raw.value === value ? copy(raw.value) as V : value,
    headers: raw.headers,
  };
}

const SLAB_BYTES = 32_768;
let slab = new Uint8Array(0), used = 0;

/** Small copies share a buffer: a buffer for each costs more than all the rest of reading a record. */
function copy(bytes: Uint8Array): Uint8Array {
  const { length } = bytes;
  if (length > SLAB_BYTES / 8) return new Uint8Array(bytes);
  if (used + length > slab.length) {
    slab = new Uint8Array(SLAB_BYTES);
    used = 0;
  }
  slab.set(bytes, used);
  const copied = new Uint8Array(slab.buffer, used, length);
  used += length;
  return copied;
}

function refuse(
  record: RawRecord,
  { error, policy }: { readonly error: unknown; readonly policy: OnDecodeError },
): undefined | Promise<undefined> {
  if (policy === "skip") return undefined;
  const { topic, partition, offset } = record;
  const why = error instanceof Error ? error.message : String(error);
  const bad = new KafkaError(
    `Cannot read the record at ${topic}-${partition}-${offset}: ${why} ` +
      `(choose onDecodeError: "skip"${record.unreadable ? "" : ", or another serde"})`,
    { topic, partition, offset, cause: error },
  );
  if (policy === "fail") throw bad;
  const handled = policy({ record, error: bad });
  return handled instanceof Promise ? handled.then(() => undefined) : undefined;
}
