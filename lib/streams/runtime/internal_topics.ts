/**
 * Makes the topics an application owns, before anybody reads or writes them.
 *
 * @module
 */
import { type Kafka, KafkaError } from "../../kafka/mod.ts";
import { type Plan, planTopics, type TopicPlan } from "../topology/plan.ts";
import { OPTIONAL_CONFIG } from "../topology/topic_config.ts";
import type { WorkerEvent } from "./context.ts";
import type { Topology } from "../topology/topology.ts";

/**
 * Reads the partition counts of the topics outside, plans, and makes every repartition, changelog and dead-letter topic.
 *
 * @returns The plan, with the partitions of every topic that is read
 * @throws {KafkaError} If a source is missing, or an internal topic exists with another number of partitions
 * @throws {RangeError} If topics that are joined differ in partitions
 */
export async function prepareTopics(
  kafka: Kafka,
  topology: Topology,
  onEvent: (event: WorkerEvent) => void = () => {},
): Promise<Plan> {
  const plan = planTopics(topology, await externalPartitions(kafka, topology));
  const there = new Set(await kafka.topics.list({ internal: true }));
  const isThere = ({ name }: TopicPlan) => there.has(name);
  // All are looked at before any is made: a start that fails leaves nothing behind.
  await Promise.all(
    plan.topics.filter(isThere).map(async (planned) => {
      await checkPartitions(kafka, planned.name, planned.partitions, topology.appId);
      await checkSettings(kafka, planned, { appId: topology.appId, onEvent });
    }),
  );
  await Promise.all(
    plan.topics.filter((one) => !isThere(one)).map(({ name, partitions, config }) =>
      kafka.topics.create(name, { partitions, config, optional: OPTIONAL_CONFIG })
    ),
  );
  const { deadLetterTopic } = topology.errors;
  if (deadLetterTopic !== undefined && !there.has(deadLetterTopic)) {
    await kafka.topics.create(deadLetterTopic, {
      config: DEAD_LETTER_CONFIG,
      optional: ["max.message.bytes"],
    });
  }
  return plan;
}

/** A dead letter is its record and headers besides, so it may be larger than the topic it comes from takes. */
const DEAD_LETTER_CONFIG = { "retention.ms": "-1", "max.message.bytes": "2097152" };

/** What a batch takes besides its one record. */
const BATCH_BYTES = 100;

/** Most bytes of a dead letter, as its topic says; undefined where there is none, or this user may not read it. */
export async function letterBytes(
  kafka: Kafka,
  { errors: { deadLetterTopic } }: Topology,
): Promise<number | undefined> {
  if (deadLetterTopic === undefined) return undefined;
  const most = Number((await settingsOf(kafka, deadLetterTopic))["max.message.bytes"]);
  return Number.isInteger(most) ? Math.max(0, most - BATCH_BYTES) : undefined;
}

/** Topic -> partitions, of every topic that is read, kept or written, as far as it exists. */
export async function partitionCounts(
  kafka: Kafka,
  topology: Topology,
  plan: Plan,
): Promise<ReadonlyMap<string, number>> {
  const counts = new Map(Object.entries(plan.partitions));
  for (const topic of outputTopics(topology)) {
    if (counts.has(topic)) continue;
    if (!await kafka.topics.exists(topic)) {
      await kafka.topics.mustBeAllowed("write to", topic);
      continue;
    }
    counts.set(topic, (await kafka.topics.describe(topic)).partitions.length);
  }
  return counts;
}

/** Topics named in sinks, dead letters included; one chosen per record is not known before. */
function outputTopics({ nodes, errors }: Topology): string[] {
  const named = nodes.map(({ sink }) => sink?.topic).filter((one) => typeof one === "string");
  return errors?.deadLetterTopic ? [...named, errors.deadLetterTopic] : named;
}

async function externalPartitions(
  kafka: Kafka,
  topology: Topology,
): Promise<Record<string, number>> {
  const read = topology.nodes.flatMap(({ source }) =>
    source && !source.internal ? source.topic : []
  );
  const topics = [...new Set([...read, ...topology.globals.map(({ topic }) => topic)])];
  await kafka.topics.mustExist("read", topics);
  return Object.fromEntries(
    await Promise.all(topics.map(async (topic) => {
      const { partitions } = await kafka.topics.describe(topic);
      return [topic, partitions.length] as const;
    })),
  );
}

/** The topic's settings; none where this user may not read them, which a worker does not need. */
async function settingsOf(kafka: Kafka, topic: string): Promise<Readonly<Record<string, string>>> {
  try {
    return await kafka.topics.config(topic);
  } catch (error) {
    if (error instanceof KafkaError && error.code === "TOPIC_AUTHORIZATION_FAILED") return {};
    throw error;
  }
}

/** @throws {KafkaError} If the topic would lose what it is for: rows of a changelog, records on their way */
async function checkSettings(
  kafka: Kafka,
  { name, config }: TopicPlan,
  { appId, onEvent }: { readonly appId: string; readonly onEvent: (event: WorkerEvent) => void },
): Promise<void> {
  const settings = await settingsOf(kafka, name);
  for (const [setting, wanted] of Object.entries(config)) {
    const found = settings[setting];
    if (found === undefined || found === wanted || OPTIONAL_CONFIG.includes(setting)) continue;
    if (setting !== "cleanup.policy") {
      onEvent({ kind: "differs", topic: name, setting, found, wanted });
      continue;
    }
    throw new KafkaError(
      `Cannot start "${appId}": its topic "${name}" has cleanup.policy=${found}, and loses rows or records that count ` +
        `(set cleanup.policy=${wanted} on it, or reset the application)`,
      { topic: name },
    );
  }
}

async function checkPartitions(
  kafka: Kafka,
  topic: string,
  wanted: number,
  appId: string,
): Promise<void> {
  const found = (await kafka.topics.describe(topic)).partitions.length;
  if (found === wanted) return;
  throw new KafkaError(
    `Cannot start "${appId}": its topic "${topic}" has ${found} partitions and needs ${wanted}, as its sources changed ` +
      `(reset the application, or give its source the number of partitions it had)`,
    { topic },
  );
}
