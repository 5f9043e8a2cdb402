import type { Kafka } from "./connect.ts";
import { clusterOf } from "./patches.ts";

/** What a broker says of a topic that it has not heard of yet, or that has no leader yet. */
export const NOT_YET: ReadonlySet<string> = new Set([
  "UNKNOWN_TOPIC_OR_PARTITION",
  "LEADER_NOT_AVAILABLE",
]);

/**
 * Whether every broker that answers has heard of a topic: brokers hear of a new one one after the other, and a client
 * asks any of them.
 */
export async function knownEverywhere(kafka: Kafka, topic: string): Promise<boolean> {
  const brokers = await kafka.brokers();
  if (brokers.length < 2) return true;
  const cluster = clusterOf(kafka.client({ retry: { retries: 0 } }));
  try {
    await cluster.connect();
    await cluster.refreshMetadataIfNecessary();
    const answers = await Promise.allSettled(brokers.map(async ({ broker }) => {
      const node = await cluster.findBroker({ nodeId: `${broker}` });
      await node.metadata([topic]);
    }));
    return answers.every((one) => one.status === "fulfilled" || !NOT_YET.has(one.reason?.type));
  } finally {
    await cluster.disconnect();
  }
}
