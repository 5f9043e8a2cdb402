/**
 * A cluster of its own for one test: own folder, own ports, the shared downloads.
 *
 * @module
 */
import { Kafka, logLevel } from "kafkajs";
import { connect } from "../lib/kafka/mod.ts";
import { folders, kafkaSettings } from "../lib/settings/mod.ts";
import { type ClusterConfig, clusterConfig, down } from "../lib/cluster/mod.ts";
import { brokerPorts } from "../lib/cluster/cluster_config.ts";
import { freePorts } from "./free_ports.ts";

/** Runs a test with a cluster that is not started yet; stops and removes it also when the test fails. */
export async function inOwnCluster(
  env: Record<string, string>,
  test: (config: ClusterConfig) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "taxi-own-" });
  const config = clusterConfig(new Map(Object.entries({ ...environment(folder), ...env })));
  await test(config).finally(async () => {
    await down({ config });
    await Deno.remove(folder, { recursive: true });
  });
}

/** The same cluster for a `deno task` in a process of its own. */
export function environmentOf(config: ClusterConfig): Record<string, string> {
  return {
    TAXI_STATE: config.folders.state,
    TAXI_CACHE: config.folders.cache,
    TAXI_KAFKA_PORT: `${config.ports.kafka}`,
    TAXI_REGISTRY_PORT: `${config.ports.registry}`,
    TAXI_CONTROL_CENTER_PORT: `${config.ports.registry + 1}`,
    KAFKA_BROKERS: config.otherKafka?.join(",") ?? "",
    SCHEMA_REGISTRY_URL: config.otherRegistry ?? "",
  };
}

function environment(folder: string): Record<string, string> {
  const kafka = freePorts(8);
  return {
    TAXI_STATE: `${folder}/state`,
    TAXI_CACHE: folders().cache,
    TAXI_KAFKA_PORT: `${kafka}`,
    TAXI_REGISTRY_PORT: `${kafka + 6}`,
  };
}

/** A Kafka client of broker 1 that keeps its log lines to itself. */
export function client(config: ClusterConfig, brokers: readonly number[] = [1]): Kafka {
  return new Kafka({
    brokers: brokers.map((n) => `localhost:${brokerPorts(config, n).broker}`),
    logLevel: logLevel.NOTHING,
    retry: { retries: 20, initialRetryTime: 50, maxRetryTime: 500 },
  });
}

/** Writes so many records to partition 0 of a topic, each batch acknowledged by all in-sync copies. */
export async function produce(
  config: ClusterConfig,
  options: { readonly topic: string; readonly values: readonly string[] },
): Promise<void> {
  await createTopic(config, options.topic);
  const producer = client(config).producer();
  await producer.connect();
  // Several batches: a damaged one leaves those before it.
  for (let at = 0; at < options.values.length; at += 10) {
    const messages = options.values.slice(at, at + 10).map((value) => ({ value, partition: 0 }));
    await producer.send({ topic: options.topic, acks: -1, messages });
  }
  await producer.disconnect();
}

/** Makes a topic of one partition that every broker knows; kafkajs itself fails where one has not heard of it yet. */
export async function createTopic(config: ClusterConfig, topic: string): Promise<void> {
  const brokers = `localhost:${brokerPorts(config, 1).broker}`;
  const settings = kafkaSettings(new Map([["KAFKA_BROKERS", brokers]]));
  await using kafka = await connect({ settings, onNotice: () => {} });
  await kafka.topics.create(topic, { partitions: 1 });
}

/** Reads the values that a topic holds now, in order. */
export async function valuesOf(config: ClusterConfig, topic: string): Promise<string[]> {
  const kafka = client(config);
  const admin = kafka.admin(), consumer = kafka.consumer({ groupId: crypto.randomUUID() });
  await Promise.all([admin.connect(), consumer.connect()]);
  const end = Number((await admin.fetchTopicOffsets(topic))[0]!.high);
  const values: string[] = [];
  await consumer.subscribe({ topic, fromBeginning: true });
  await new Promise<void>((resolve) => {
    if (end === 0) return resolve();
    consumer.run({
      eachMessage: ({ message }) => {
        values.push(message.value!.toString());
        if (Number(message.offset) + 1 === end) resolve();
        return Promise.resolve();
      },
    });
  });
  await Promise.all([admin.disconnect(), consumer.disconnect()]);
  return values;
}
