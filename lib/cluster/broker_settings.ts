import {
  brokerNumbers,
  brokerPorts,
  type ClusterConfig,
  type ClusterSize,
  wirePorts,
} from "./cluster_config.ts";

/**
 * Settings of one broker, as Kafka's own names and values.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { brokerSettings } from "./broker_settings.ts";
 * import { clusterConfig } from "./cluster_config.ts";
 * const one = brokerSettings(clusterConfig(new Map()), { size: 1, n: 1, data: "/data" });
 * assert.equal(one["advertised.listeners"], "CLIENT://localhost:9092");
 * assert.equal(one["offsets.topic.replication.factor"], 1);
 * ```
 */
export function brokerSettings(
  config: ClusterConfig,
  node: {
    readonly size: ClusterSize;
    readonly n: number;
    /** Folder of its data, as its process sees it. */
    readonly data: string;
    /** False where the system renames no file that is open, and removing anything would stop the broker. @default true */
    readonly removes?: boolean;
    /** Whether other brokers reach it by way of a wire that can be cut. @default false */
    readonly wires?: boolean;
    /** Settings that count more than these. @default none */
    readonly over?: Readonly<Record<string, string>>;
  },
): Record<string, string | number | boolean> {
  const { broker, controller } = brokerPorts(config, node.n);
  const voters = brokerNumbers(node.size).map((n) =>
    `${n}@127.0.0.1:${brokerPorts(config, n).controller}`
  );
  return {
    "process.roles": "broker,controller",
    "node.id": node.n,
    "controller.quorum.voters": voters.join(","),
    "controller.listener.names": "CONTROLLER",
    "listeners": `CLIENT://127.0.0.1:${broker},CONTROLLER://127.0.0.1:${controller}`,
    "advertised.listeners": `CLIENT://localhost:${broker}`,
    "inter.broker.listener.name": "CLIENT",
    "listener.security.protocol.map": "CLIENT:PLAINTEXT,CONTROLLER:PLAINTEXT",
    ...(node.wires && wired(config, node.n)),
    "log.dirs": node.data,
    ...replication(node.size),
    ...PROMPT,
    ...SMALL,
    ...node.over,
    ...(node.removes === false && KEEPS_EVERYTHING),
  };
}

/** A listener more, for copies: the other brokers are told the address of the wire before it. */
function wired(config: ClusterConfig, n: number) {
  const { broker, controller } = brokerPorts(config, n), { wire, copies } = wirePorts(config, n);
  const listeners = [`CLIENT://127.0.0.1:${broker}`, `COPIES://127.0.0.1:${copies}`];
  return {
    "listeners": [...listeners, `CONTROLLER://127.0.0.1:${controller}`].join(","),
    "advertised.listeners": `CLIENT://localhost:${broker},COPIES://127.0.0.1:${wire}`,
    "inter.broker.listener.name": "COPIES",
    "listener.security.protocol.map": "CLIENT:PLAINTEXT,COPIES:PLAINTEXT,CONTROLLER:PLAINTEXT",
  };
}

/**
 * Kafka renames what it removes, and stops a broker whose rename fails: on Windows that is each topic deleted, each
 * segment that is too old and each compaction (KAFKA-1194). A new topic's name costs nothing, a stopped broker a lesson.
 *
 * The initial delay puts off for a century the task that drops segments before a partition's first offset, for which
 * there is no other setting. It also puts off checkpoints: a broker that was killed reads its logs from their start.
 */
const KEEPS_EVERYTHING = {
  "delete.topic.enable": false,
  "log.cleaner.enable": false,
  "log.initial.task.delay.ms": 100 * 365 * 86_400_000,
  "log.retention.ms": -1,
  "metadata.max.retention.bytes": -1,
  "metadata.max.retention.ms": -1,
};

/** Three brokers survive the loss of one: three copies, two of which must have a record. */
function replication(size: ClusterSize) {
  const [copies, inSync] = size === 3 ? [3, 2] : [1, 1];
  return {
    "default.replication.factor": copies,
    "min.insync.replicas": inSync,
    "offsets.topic.replication.factor": copies,
    "transaction.state.log.replication.factor": copies,
    "transaction.state.log.min.isr": inSync,
    "share.coordinator.state.topic.replication.factor": copies,
    "share.coordinator.state.topic.min.isr": inSync,
  };
}

/** A lesson waits for a fact, and the fact should come at once. */
const PROMPT = {
  // Kafka waits 3 s for more members before the first rebalance; learners start them one by one.
  "group.initial.rebalance.delay.ms": 0,
  "group.min.session.timeout.ms": 1_000,
  // Groups that the broker assigns: members hear every half a second what to give back, not every five.
  "group.consumer.min.heartbeat.interval.ms": 500,
  "group.consumer.heartbeat.interval.ms": 500,
  "group.consumer.min.session.timeout.ms": 1_000,
  "group.consumer.session.timeout.ms": 6_000,
  "group.consumer.assignment.interval.ms": 0,
  "group.share.min.heartbeat.interval.ms": 500,
  "group.share.heartbeat.interval.ms": 500,
  "group.share.min.session.timeout.ms": 1_000,
  "group.share.session.timeout.ms": 6_000,
  "group.share.assignment.interval.ms": 0,
  // How long a member of a share group may take over a record before another one gets it: half a minute by default.
  "group.share.min.record.lock.duration.ms": 1_000,
  // A killed broker's registration must expire before it may come back: 9 s by default.
  "broker.session.timeout.ms": 2_000,
  "broker.heartbeat.interval.ms": 500,
  "controlled.shutdown.enable": true,
  "replica.lag.time.max.ms": 10_000,
};

/** Small enough for a laptop; a production broker has ten times as much of everything. */
const SMALL = {
  // A typing error in a topic's name should be an error, not a topic.
  "auto.create.topics.enable": false,
  "num.partitions": 2,
  "offsets.topic.num.partitions": 8,
  "transaction.state.log.num.partitions": 8,
  "share.coordinator.state.topic.num.partitions": 2,
  "num.network.threads": 2,
  "num.io.threads": 4,
  "background.threads": 4,
  "group.coordinator.threads": 2,
  "log.cleaner.dedupe.buffer.size": 16_777_216,
  "log.retention.hours": 168,
  "log.segment.bytes": 268_435_456,
  // Room for the index of one such segment; Kafka reserves it on disk for each partition.
  "log.index.size.max.bytes": 1_048_576,
  // Compaction that is seen within a lesson.
  "log.cleaner.backoff.ms": 5_000,
};

/**
 * Writes settings as a Java properties file, which Java reads as Latin-1.
 *
 * @example A path of Windows keeps its backslashes, and every letter arrives
 * ```ts
 * import assert from "node:assert/strict";
 * import { properties } from "./broker_settings.ts";
 * assert.equal(properties({ "node.id": 1, "log.dirs": "C:\\data" }), "node.id=1\nlog.dirs=C:\\\\data\n");
 * assert.equal(properties({ "log.dirs": "/Müller" }), "log.dirs=/M\\u00fcller\n");
 * ```
 */
export function properties(settings: Record<string, string | number | boolean>): string {
  return Object.entries(settings)
    .map(([name, value]) => `${name}=${escaped(String(value))}\n`).join("");
}

function escaped(value: string): string {
  return value.replaceAll("\\", "\\\\").replace(
    /[^ -~]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
