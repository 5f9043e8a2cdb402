/**
 * Fills global tables before anything is processed, and keeps them up to date afterwards.
 *
 * @module
 */
import { topicPartitionKey } from "../../serde/mod.ts";
import { Fetcher } from "../../kafka/engine.ts";
import { type Kafka } from "../../kafka/mod.ts";
import type { GlobalState } from "../task/global_state.ts";

/**
 * Reads every global topic to its end as it is now, then goes on reading.
 *
 * @param options.onFailed Told when reading or decoding cannot go on, later on too
 * @returns When all of them are filled
 */
export async function followGlobals(
  kafka: Kafka,
  globals: GlobalState,
  options: {
    readonly partitions: (topic: string) => number;
    readonly onFailed: (error: unknown) => void;
  },
): Promise<{ close(): Promise<void> }> {
  const partitions = globals.topics.flatMap((topic) =>
    Array.from({ length: options.partitions(topic) }, (_, partition) => ({ topic, partition }))
  );
  if (partitions.length === 0) return { close: () => Promise.resolve() };
  const filled = Promise.withResolvers<void>(),
    missing = new Set(partitions.map(topicPartitionKey));
  let decoding: Promise<void> = Promise.resolve();
  const fetcher = new Fetcher(kafka, {
    onRecords: ({ topic, records }) => {
      // In order, also when a serde needs time: a later value must not be overtaken by an earlier one.
      decoding = decoding.then(() => globals.update(topic, records));
      decoding.catch(options.onFailed);
    },
    onAnswer: (partition) => {
      if (fetcher.position(partition)! >= fetcher.end(partition)!) {
        missing.delete(topicPartitionKey(partition));
      }
      if (missing.size === 0) filled.resolve();
    },
  });
  await Promise.all(partitions.map(async (partition) => {
    const begin = await kafka.topics.beginOffsets(partition.topic);
    await fetcher.assign(partition, begin[partition.partition]!);
  }));
  fetcher.failed.catch(options.onFailed);
  await Promise.race([filled.promise, fetcher.failed]);
  await decoding;
  return { close: () => fetcher.close() };
}
