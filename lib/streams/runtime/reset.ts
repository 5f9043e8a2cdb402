/**
 * Takes an application back to its beginning.
 *
 * @module
 */
import { deleteRecords } from "../../kafka/engine.ts";
import type { Kafka, KafkaError } from "../../kafka/mod.ts";

/** What a reset would remove, or has removed. Where the cluster deletes no topics, they are empty instead. */
export interface ApplicationReset {
  /** Its consumer group, when it has offsets. */
  readonly group: string | undefined;
  /** Its repartition and changelog topics. */
  readonly topics: readonly string[];
}

/**
 * Forgets where an application stopped and deletes its internal topics, or empties them where the cluster deletes none;
 * source and output topics stay as they are.
 *
 * Gotcha: rows on disk are the caller's: delete the folder given to `sqliteStores` too.
 *
 * @param options.dryRun Only tell. @default false
 * @throws {KafkaError} If workers of it are running
 * See: Kafka Streams' application reset tool
 */
export async function resetApplication(
  kafka: Kafka,
  appId: string,
  options: { readonly dryRun?: boolean } = {},
): Promise<ApplicationReset> {
  const topics = (await kafka.topics.list()).filter((topic) =>
    topic.startsWith(`${appId}-`) && /-(repartition|changelog|status)$/.test(topic)
  );
  const group = (await kafka.groups.list()).includes(appId) ? appId : undefined;
  if (options.dryRun) return { group, topics };
  // A half reset would count double: first whether the topics may be deleted, then the group, which refuses while
  // somebody works in it.
  for (const topic of topics) await mayDelete(kafka, topic);
  if (group) await kafka.groups.delete(group);
  await kafka.topics.deleteOrEmpty(topics);
  return { group, topics };
}

/** Deletes nothing, for which a user needs the right to delete. @throws {KafkaError} Without it */
async function mayDelete(kafka: Kafka, topic: string): Promise<void> {
  const before = (await kafka.topics.beginOffsets(topic))
    .map((offset, partition) => ({ partition, offset }));
  try {
    await deleteRecords(kafka, topic, before);
  } catch (error) {
    // A topic that is compacted keeps its records, and a cluster need not know the request: neither is about rights.
    if (/AUTHORIZATION/.test((error as KafkaError).code ?? "")) throw error;
  }
}
