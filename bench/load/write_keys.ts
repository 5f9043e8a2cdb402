/** Records of many keys, written straight into partitions. */
import { ProduceSession, type WireRecord } from "../../lib/kafka/engine.ts";
import { type Kafka, partitionForKey } from "../../lib/kafka/mod.ts";

const BLOCK = 20_000, PARTITIONS = 2;
const utf8 = new TextEncoder();

/**
 * Writes `records` records of `keys` keys in turn, `key-0` first, into a topic of two partitions.
 *
 * @param value Of every record.
 */
export async function writeKeys(
  kafka: Kafka,
  topic: string,
  { records, keys, value }: {
    readonly records: number;
    readonly keys: number;
    readonly value: Uint8Array;
  },
): Promise<void> {
  const session = new ProduceSession(kafka, "fill");
  for (let at = 0; at < records; at += BLOCK) {
    const parts = Array.from({ length: PARTITIONS }, () => [] as WireRecord[]);
    for (let i = at; i < Math.min(at + BLOCK, records); i++) {
      const key = utf8.encode(`key-${i % keys}`);
      parts[partitionForKey(key, PARTITIONS)]!.push({ key, value, timestamp: 1_000 + i });
    }
    const outcomes = await session.write(
      parts.map((messages, partition) => ({ topic, partition, messages })),
    );
    for (const outcome of outcomes) if ("error" in outcome) throw outcome.error;
  }
  await session.close();
}
