/** Records of many keys, written straight into partitions. */
import { ProduceSession, type WireRecord } from "../../lib/kafka/engine.ts";
import { type Kafka, partitionForKey } from "../../lib/kafka/mod.ts";

const BLOCK = 20_000, PARTITIONS = 2;
const utf8 = new TextEncoder();

/** What is written. */
export interface KeyLoad {
  readonly records: number;
  /** The key of a record, by its number from 0. */
  readonly keyOf: (index: number) => Uint8Array;
  /** Of every record. */
  readonly value: Uint8Array;
}

/** `key-0` to `key-<keys − 1>`, in turn. */
export function textKeys(keys: number): KeyLoad["keyOf"] {
  return (index) => utf8.encode(`key-${index % keys}`);
}

/** Every number below `keys` as eight bytes, in an order without order, the same in each turn. */
export function numberKeys(keys: number): KeyLoad["keyOf"] {
  // A prime that does not divide the number of keys visits all of them.
  const prime = 1_000_003;
  return (index) => {
    const bytes = new Uint8Array(8);
    new DataView(bytes.buffer).setUint32(4, index * prime % keys);
    return bytes;
  };
}

/** Writes records into a topic of two partitions. */
export async function writeKeys(
  kafka: Kafka,
  topic: string,
  { records, keyOf, value }: KeyLoad,
): Promise<void> {
  const session = new ProduceSession(kafka, "fill");
  for (let at = 0; at < records; at += BLOCK) {
    const parts = Array.from({ length: PARTITIONS }, () => [] as WireRecord[]);
    for (let i = at; i < Math.min(at + BLOCK, records); i++) {
      const key = keyOf(i);
      parts[partitionForKey(key, PARTITIONS)]!.push({ key, value, timestamp: 1_000 + i });
    }
    const outcomes = await session.write(
      parts.map((messages, partition) => ({ topic, partition, messages })),
    );
    for (const outcome of outcomes) if ("error" in outcome) throw outcome.error;
  }
  await session.close();
}
