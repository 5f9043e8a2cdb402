import { ConfigResourceTypes, type DescribeConfigResponse } from "kafkajs";
import type { Kafka } from "../client/connect.ts";
import { clusterOf } from "../transport/patches.ts";

/** What a broker says of a topic that it has not heard of yet, or that has no leader yet. */
export const NOT_YET: ReadonlySet<string> = new Set([
  "UNKNOWN_TOPIC_OR_PARTITION",
  "LEADER_NOT_AVAILABLE",
]);

/** One broker, as kafkajs speaks to it inside. */
interface Node {
  metadata(topics: readonly string[]): Promise<unknown>;
  describeConfigs(what: {
    readonly resources: readonly { readonly type: ConfigResourceTypes; readonly name: string }[];
  }): Promise<DescribeConfigResponse>;
}

/**
 * Whether every broker that answers has heard of a topic: brokers hear of a new one one after the other, and a client
 * asks any of them.
 */
export async function knownEverywhere(kafka: Kafka, topic: string): Promise<boolean> {
  const answers = await askEvery(kafka, (node) => node.metadata([topic]));
  return answers.every((one) => one.status === "fulfilled" || !NOT_YET.has(one.reason?.type));
}

/** Whether every broker that answers has heard of these settings of a topic. */
export async function configuredEverywhere(
  kafka: Kafka,
  topic: string,
  config: Readonly<Record<string, string>>,
): Promise<boolean> {
  const resources = [{ type: ConfigResourceTypes.TOPIC, name: topic }];
  const answers = await askEvery(kafka, (node) => node.describeConfigs({ resources }));
  return answers.every((one) => {
    if (one.status === "rejected") return true;
    const now = one.value.resources[0]?.configEntries ?? [];
    return now.every(({ configName: name, configValue }) =>
      config[name] === undefined || isSame(config[name], configValue)
    );
  });
}

/** Kafka writes what it has understood: "TRUE" comes back as "true", "compact, delete" without the space. */
function isSame(asked: string, told: string): boolean {
  const plain = (value: string) => value.replaceAll(/\s/g, "").toLowerCase();
  return plain(asked) === plain(told) || Number(asked) === Number(told);
}

/** One broker alone is asked, too: it applies what its controller has answered a moment later. */
async function askEvery<T>(
  kafka: Kafka,
  ask: (node: Node) => Promise<T>,
): Promise<PromiseSettledResult<T>[]> {
  const brokers = await kafka.brokers();
  const cluster = clusterOf(kafka.client({ retry: { retries: 0 } }));
  try {
    await cluster.connect();
    await cluster.refreshMetadataIfNecessary();
    return await Promise.allSettled(
      brokers.map(async ({ broker }) =>
        await ask(await cluster.findBroker({ nodeId: `${broker}` }))
      ),
    );
  } finally {
    await cluster.disconnect();
  }
}
