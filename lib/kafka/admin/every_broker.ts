import type { Kafka } from "../client/connect.ts";
import { refusal } from "../client/errors.ts";
import type { Broker } from "../transport/broker.ts";
import { errorOfCode } from "../transport/patches.ts";
import { type ConfigChange, DESCRIBE_CONFIG } from "../wire/api/configs.ts";
import { TOPIC_METADATA } from "../wire/api/topic_metadata.ts";

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
  const found = await askEvery(kafka, (broker) => broker.send(TOPIC_METADATA, { topics: [topic] }));
  return found.every(({ topics: [one] }) => !isNotYet(one!.errorCode));
}

/** Whether every broker that answers has heard that these topics are gone, or keeps them from this user. */
export async function goneEverywhere(kafka: Kafka, topics: readonly string[]): Promise<boolean> {
  const found = await askEvery(kafka, (broker) => broker.send(TOPIC_METADATA, { topics }));
  return found.every((one) =>
    one.topics.every(({ errorCode }) =>
      errorCode !== 0 && refusal(errorOfCode(errorCode)) !== "LEADER_NOT_AVAILABLE"
    )
  );
}

/** Whether every broker that answers has heard of these settings. */
export async function configuredEverywhere(
  kafka: Kafka,
  { resource, config }: ConfigChange,
): Promise<boolean> {
  const found = await askEvery(kafka, (broker) => broker.send(DESCRIBE_CONFIG, { resource }));
  return found.every(({ settings }) =>
    Object.entries(config).every(([name, value]) =>
      isSame(value, settings.find((one) => one.name === name)?.value ?? value)
    )
  );
}

function isNotYet(errorCode: number): boolean {
  return errorCode !== 0 && NOT_YET.has(refusal(errorOfCode(errorCode)) ?? "");
}

/** Kafka writes what it has understood: "TRUE" comes back as "true", "compact, delete" without the space. */
function isSame(asked: string, told: string): boolean {
  const plain = (value: string) => value.replaceAll(/\s/g, "").toLowerCase();
  return plain(asked) === plain(told) || Number(asked) === Number(told);
}

/** One broker alone is asked, too: it applies what its controller has answered a moment later. */
async function askEvery<T>(kafka: Kafka, ask: (broker: Broker) => Promise<T>): Promise<T[]> {
  const brokers = await kafka.brokers();
  const cluster = kafka.cluster({ retry: { retries: 0 } });
  try {
    const responses = await Promise.allSettled(
      brokers.map(async ({ broker }) => await ask(await cluster.broker(broker))),
    );
    return responses.flatMap((one) => one.status === "fulfilled" ? [one.value] : []);
  } finally {
    await cluster.close();
  }
}
