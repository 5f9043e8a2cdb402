import type { KafkaMessage } from "kafkajs";
import type { TopicPartition } from "../views/mod.ts";
import { KafkaError } from "./errors.ts";
import type { Serde } from "./serdes.ts";

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
  /** In bytes; where a name comes twice, the last one. */
  readonly headers: Readonly<Record<string, Uint8Array>>;
}

/** A record still in bytes. */
export type RawRecord = ConsumedRecord<Uint8Array, Uint8Array>;

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

/** A kafkajs message in our words; its bytes are copied, as one of them would keep a whole fetched buffer alive. */
export function rawRecord({ topic, partition }: TopicPartition, message: KafkaMessage): RawRecord {
  const headers: Record<string, Uint8Array> = {};
  for (const [name, value] of Object.entries(message.headers ?? {})) {
    const last = Array.isArray(value) ? value.at(-1) : value;
    if (last !== undefined) headers[name] = new Uint8Array(last as Uint8Array);
  }
  return {
    topic,
    partition,
    offset: Number(message.offset),
    timestamp: Number(message.timestamp),
    key: message.key && new Uint8Array(message.key),
    value: message.value && new Uint8Array(message.value),
    headers,
  };
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
  let key: K | null | Promise<K | null>, value: V | null | Promise<V | null>;
  try {
    key = raw.key === null ? null : options.key.decode(raw.key, raw.topic);
    value = raw.value === null ? null : options.value.decode(raw.value, raw.topic);
  } catch (error) {
    return refuse(raw, { error, policy: options.onDecodeError });
  }
  if (key instanceof Promise || value instanceof Promise) {
    return Promise.all([key, value]).then(
      ([key, value]) => ({ ...raw, key, value }),
      (error) => refuse(raw, { error, policy: options.onDecodeError }),
    );
  }
  return { ...raw, key, value };
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
      '(choose onDecodeError: "skip", or another serde)',
    { topic, partition, offset, cause: error },
  );
  if (policy === "fail") throw bad;
  const handled = policy({ record, error: bad });
  return handled instanceof Promise ? handled.then(() => undefined) : undefined;
}
