/**
 * Takes an application back to its beginning.
 *
 * @module
 */
import type { Kafka } from "../../kafka/mod.ts";

/** What a reset would remove, or has removed. */
export interface ApplicationReset {
  /** Its consumer group, when it has offsets. */
  readonly group: string | undefined;
  /** Its repartition and changelog topics. */
  readonly topics: readonly string[];
}

/**
 * Forgets where an application stopped and deletes its internal topics; source and output topics stay as they are.
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
  // The group first: it refuses while somebody works in it, and then nothing is touched.
  if (group) await kafka.groups.delete(group);
  await kafka.topics.delete(topics);
  return { group, topics };
}
