/**
 * What a worker does when a topic it reads is deleted: it ends, and says what to do.
 *
 * @module
 */
import { isOutOfGroup } from "../../kafka/engine.ts";
import { KafkaError } from "../../kafka/mod.ts";
import type { Guarantee } from "../topology/error_rules.ts";
import type { WorkerContext } from "./context.ts";
import type { StreamTask } from "./stream_task.ts";

const REPLACED = "INCONSISTENT_TOPIC_ID";

/** A topic was deleted and created again: offsets of the old one mean nothing in the new one. */
export function replacedSource(appId: string, topic: string): KafkaError {
  return new KafkaError(
    `Cannot go on with "${appId}": topic "${topic}" was deleted and created again ` +
      "(start the worker again: it reads the new one from its beginning; reset the application first to forget the old one)",
    { topic, code: REPLACED },
  );
}

/** A topic was deleted. */
export function deletedSource(appId: string, topic: string): KafkaError {
  return new KafkaError(
    `Cannot go on with "${appId}": topic "${topic}" was deleted (create it, then start the worker again)`,
    { topic, code: "UNKNOWN_TOPIC_OR_PARTITION" },
  );
}

/**
 * Whether progress counts that was made before a failure: at least once, what was processed need not come again, unless
 * others have the tasks by now.
 */
export function keepsProgress(failure: unknown, guarantee: Guarantee): boolean {
  return failure === undefined ||
    guarantee === "at-least-once" && !isReplaced(failure) && !isOutOfGroup(failure);
}

/** After a topic was created again: commits its beginning, over any offset of the old topic that was committed late. */
export async function forgetReplaced(
  { member, identity }: WorkerContext,
  failure: unknown,
  tasks: readonly StreamTask[],
): Promise<void> {
  if (!isReplaced(failure)) return;
  const partitions = tasks.flatMap(({ sourcePartitions }) => sourcePartitions)
    .filter(({ topic }) => topic === failure.topic);
  await member.coordinator.commit(
    partitions.map((partition) => ({ ...partition, offset: 0 })),
    identity(),
  )
    .catch(() => {});
}

function isReplaced(failure: unknown): failure is KafkaError {
  return failure instanceof KafkaError && failure.code === REPLACED;
}
