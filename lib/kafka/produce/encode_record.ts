import { type Bytes, type HeadersInput, type Serde, wireHeaders } from "../../serde/mod.ts";
import { recordBytes, type Waiting } from "./batch.ts";
import type { ChoosePartition } from "./partitioner.ts";
import type { WireRecord } from "../wire/byte_writer.ts";
import { KafkaError } from "../client/errors.ts";

/** One record to write. */
export interface ProducerRecord<K, V> {
  /** Decides the partition; null or left out: the partitions take turns. */
  readonly key?: K | null;
  /** null is a tombstone: "this key is gone". */
  readonly value: V | null;
  /** Overrides the choice by key. */
  readonly partition?: number;
  /** Unix epoch ms. @default now */
  readonly timestamp?: number;
  /** Text is written as UTF-8. @default none */
  readonly headers?: HeadersInput;
}

/** A record in bytes, with its partition chosen. */
export interface EncodedRecord extends Waiting {
  readonly message: WireRecord;
  /** Unix epoch ms. */
  readonly timestamp: number;
}

/** How records of one topic become bytes. */
export interface EncodeOptions<K, V> {
  readonly topic: string;
  /** How many the topic has. */
  readonly partitions: number;
  readonly key: Serde<K>;
  readonly value: Serde<V>;
  /** Largest record that is let through. */
  readonly maxBytes: number;
  /** Chooses a partition where the record names none. */
  readonly choose: ChoosePartition;
}

/**
 * Turns a record into bytes; at once, unless a serde needs to wait.
 *
 * @param index Its place in the call, for the error message.
 * @throws {RangeError} If it is too large, or names a partition that the topic does not have.
 * @throws {TypeError} If a serde cannot write it.
 */
export function encodeRecord<K, V>(
  record: ProducerRecord<K, V>,
  index: number,
  options: EncodeOptions<K, V>,
): EncodedRecord | Promise<EncodedRecord> {
  const { topic } = options;
  const key = encode(options.key, record.key ?? null, { topic, part: "key", index });
  const value = encode(options.value, record.value, { topic, part: "value", index });
  if (key instanceof Promise || value instanceof Promise) {
    return Promise.all([key, value]).then((bytes) => finish(record, { index, options, bytes }));
  }
  return finish(record, { index, options, bytes: [key, value] });
}

interface Encoded<K, V> {
  readonly index: number;
  readonly options: EncodeOptions<K, V>;
  readonly bytes: readonly [key: Bytes, value: Bytes];
}

function finish<K, V>(
  { partition: chosen, timestamp = Date.now(), headers: texts }: ProducerRecord<K, V>,
  { index, options, bytes: [key, value] }: Encoded<K, V>,
): EncodedRecord {
  const { topic, partitions, maxBytes } = options;
  const headers = texts && wireHeaders(texts);
  const bytes = recordBytes(key, value, headers);
  if (bytes > maxBytes) {
    throw new RangeError(
      `Cannot write record ${index} to topic "${topic}": it takes ${bytes} bytes, at most ` +
        `${maxBytes} fit (split it, or raise bufferedBytes)`,
    );
  }
  if (!Number.isSafeInteger(timestamp)) {
    throw new RangeError(
      `Cannot write record ${index} to topic "${topic}" with timestamp ${timestamp}: ` +
        `it is not a whole number of milliseconds`,
    );
  }
  const partition = chosen ?? options.choose({ topic, key, value, partitions });
  if (!(Number.isInteger(partition) && partition >= 0 && partition < partitions)) {
    throw new RangeError(
      `Cannot write record ${index} to partition ${partition} of topic "${topic}": ` +
        `it has ${partitions} partitions`,
    );
  }
  return { topic, partition, bytes, message: { key, value, headers, timestamp }, timestamp };
}

/** Which part of which record it is; put into words only where something is wrong. */
interface Place {
  readonly topic: string;
  readonly part: "key" | "value";
  readonly index: number;
}

function encode<T>(serde: Serde<T>, value: T | null, place: Place): Bytes | Promise<Bytes> {
  if (value === null) return null;
  try {
    const bytes = serde.encode(value, place.topic);
    return bytes instanceof Promise
      ? bytes.then((done) => asBytes(done, place), (error) => fail(error, place))
      : asBytes(bytes, place);
  } catch (error) {
    return fail(error, place);
  }
}

function asBytes(bytes: unknown, place: Place): Bytes {
  if (bytes === null) return null;
  if (!(bytes instanceof Uint8Array)) {
    return fail(new TypeError(`its serde gave ${typeof bytes} instead of bytes`), place);
  }
  return bytes;
}

function fail(error: unknown, { topic, part, index }: Place): never {
  const why = error instanceof Error ? error.message : String(error);
  const message = `Cannot write the ${part} of record ${index} to topic "${topic}": ${why}`;
  if (error instanceof TypeError) throw new TypeError(message, { cause: error });
  if (error instanceof RangeError) throw new RangeError(message, { cause: error });
  throw new KafkaError(message, { topic, cause: error });
}
