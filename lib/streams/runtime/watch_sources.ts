/**
 * Notices that a source got more partitions, as the tasks were planned for those it had; and that it is gone.
 *
 * @module
 */
import { KafkaError } from "../../kafka/mod.ts";
import type { WorkerContext } from "./context.ts";
import { deletedSource } from "./lost_source.ts";

/** How often it looks. */
const EVERY_MS = 5_000;

/**
 * Checks the sources every now and then: partitions added after the start have no task, and would stay unread in silence.
 *
 * @param onChanged Told once, with what to do
 * @returns Ends it
 */
export function watchSources(
  { kafka, topology, partitions }: WorkerContext,
  onChanged: (error: KafkaError) => void,
): () => void {
  const external = new Set(
    topology.nodes.flatMap(({ source }) => source && !source.internal ? [source.topic] : []),
  );
  let missing = new Set<string>();
  const look = async () => {
    const there = new Set(await kafka.topics.list({ internal: true }));
    const gone = [...external].filter((topic) => !there.has(topic));
    const stillGone = gone.find((topic) => missing.has(topic));
    // A topic that is created again at once is noticed by its reader.
    if (stillGone !== undefined) return onChanged(deletedSource(topology.appId, stillGone));
    missing = new Set(gone);
    for (const topic of external) {
      if (missing.has(topic)) continue;
      const now = (await kafka.topics.describe(topic)).partitions.length, then = partitions(topic);
      if (now > then) return onChanged(grown(topology.appId, { topic, then, now }));
    }
  };
  // A broker that is away for a moment is others' to tell.
  const timer = setInterval(() => void look().catch(() => {}), EVERY_MS);
  return () => clearInterval(timer);
}

function grown(
  appId: string,
  { topic, then, now }: { readonly topic: string; readonly then: number; readonly now: number },
): KafkaError {
  return new KafkaError(
    `Cannot go on with "${appId}": topic "${topic}" has ${now} partitions now, it had ${then} when the worker started ` +
      "(start the worker again: it reads all of them)",
    { topic },
  );
}
