/**
 * A cluster of its own for one test: own folder, own ports, the shared downloads.
 *
 * @module
 */
import { connect, type Kafka, producer, readAll, string } from "../lib/kafka/mod.ts";
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

/** Our own client of some brokers: it waits while a broker that has just started takes over its partitions. */
export function connectTo(
  config: ClusterConfig,
  brokers: readonly number[] = [1],
): Promise<Kafka> {
  const addresses = brokers.map((n) => `localhost:${brokerPorts(config, n).broker}`);
  const settings = kafkaSettings(new Map([["KAFKA_BROKERS", addresses.join(",")]]));
  return connect({ settings, onNotice: () => {} });
}

/**
 * Makes a topic of one partition where it is missing, and writes values to it, ten a batch: a damaged batch leaves those
 * before it. Each batch is acknowledged by all in-sync copies.
 */
export async function produce(
  config: ClusterConfig,
  { topic, values, ...options }: {
    readonly topic: string;
    readonly values: readonly string[];
    /** @default two minutes */
    readonly deliveryTimeoutMs?: number;
  },
): Promise<void> {
  await using kafka = await connectTo(config);
  await kafka.topics.create(topic, { partitions: 1 });
  await using out = producer(kafka, { value: string, ...options });
  for (let at = 0; at < values.length; at += 10) {
    await out.send(topic, values.slice(at, at + 10).map((value) => ({ value })));
  }
}

/** Reads the values that a topic of one partition holds now, in order. */
export async function valuesOf(
  config: ClusterConfig,
  topic: string,
): Promise<readonly (string | null)[]> {
  await using kafka = await connectTo(config);
  return (await readAll(kafka, topic, { value: string })).map(({ value }) => value);
}
