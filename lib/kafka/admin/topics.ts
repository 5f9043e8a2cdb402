import type { Kafka } from "../client/connect.ts";
import { howToCreate, KafkaError } from "../client/errors.ts";
import { emptyTopic } from "./delete_records.ts";
import { configuredEverywhere, goneEverywhere, knownEverywhere, NOT_YET } from "./every_broker.ts";
import { type Broker, metadataOf } from "../transport/broker.ts";
import { errorOfCode } from "../transport/patches.ts";
import { settingsOf, type TopicSetting } from "./settings.ts";
import { topicOffsets } from "./topic_offsets.ts";
import { failOn, refusedSettings } from "./topic_results.ts";
import { CREATE_PARTITIONS, CREATE_TOPIC, DELETE_TOPIC } from "../wire/api/topic_requests.ts";
import { EARLIEST, LATEST } from "../wire/api/list_offsets.ts";
import { ALTER_ALL_CONFIG, ALTER_SOME_CONFIG } from "../wire/api/configs.ts";
import { TOPIC_METADATA } from "../wire/api/topic_metadata.ts";
import { waitUntil } from "../client/wait.ts";

/** What a broker answers that was set up with `delete.topic.enable=false`. */
const DELETES_NONE = "TOPIC_DELETION_DISABLED";
const TOPIC_ALREADY_EXISTS = 36, UNKNOWN_TOPIC_OR_PARTITION = 3;

/** How a topic is made. */
export interface CreateTopicOptions {
  /** At least 1; Kafka can add some later but never take any away. @default 2 */
  readonly partitions?: number;
  /** Copies of each partition. @default what the cluster was set up for */
  readonly replicas?: number;
  /** Settings by their Kafka names. @default { "retention.ms": "-1" }, so that nothing is ever deleted by age */
  readonly config?: Readonly<Record<string, string>>;
  /** Names of settings in `config` that are left out where the cluster does not know or allow them. @default none */
  readonly optional?: readonly string[];
}

/** What {@link Topics.create} found or made. */
export interface CreatedTopic {
  /** As it was asked for. */
  readonly topic: string;
  /** How many it has now. */
  readonly partitions: number;
  /** False when it was there already, with as many partitions. */
  readonly created: boolean;
}

/** Where a topic's partitions are. */
export interface TopicDescription {
  /** As it was asked for. */
  readonly topic: string;
  /** In order of their number. */
  readonly partitions: readonly PartitionDescription[];
}

/** Which brokers keep one partition. */
export interface PartitionDescription {
  /** Its number, from 0. */
  readonly partition: number;
  /** Broker that reads and writes go to; -1 while there is none. */
  readonly leader: number;
  /** Brokers that keep a copy. */
  readonly replicas: readonly number[];
  /** Those whose copy is complete. */
  readonly inSync: readonly number[];
}

/** How much is in a topic. */
export interface TopicSize {
  /** As it was asked for. */
  readonly topic: string;
  /** How many it has. */
  readonly partitions: number;
  /** End offsets less begin offsets: compaction and transactions make it more than the records that are there. */
  readonly records: number;
}

/** Creates, describes and deletes topics; `kafka.topics`. */
export class Topics {
  readonly #kafka: Kafka;

  /** @internal */
  constructor(kafka: Kafka) {
    this.#kafka = kafka;
  }

  /**
   * Makes a topic, or finds it as asked for: safe to repeat.
   *
   * @throws {KafkaError} If it exists with another number of partitions, or Kafka refuses the name or a setting.
   */
  async create(topic: string, options: CreateTopicOptions = {}): Promise<CreatedTopic> {
    const { partitions = 2, replicas = -1 } = options;
    let { config = { "retention.ms": "-1" }, optional = [] } = options;
    const create = () =>
      this.#kafka.askController(
        `create topic "${topic}"`,
        async (controller) => {
          const result = await controller.send(CREATE_TOPIC, {
            topic,
            partitions,
            replicas: replicas < 0 ? await this.#defaultReplicas(controller) : replicas,
            config,
          });
          if (result.errorCode === TOPIC_ALREADY_EXISTS) return false;
          failOn(result);
          return true;
        },
        { topic, operation: "Create" },
      );
    let created: boolean;
    for (;;) {
      try {
        created = await create();
        break;
      } catch (error) {
        const refused = refusedSettings(error, optional.filter((name) => name in config));
        if (refused.length === 0) throw error;
        optional = optional.filter((name) => !refused.includes(name));
        config = Object.fromEntries(
          Object.entries(config).filter(([name]) => !refused.includes(name)),
        );
      }
    }
    // Made by somebody else a moment ago, it may be as new to the broker asked. Or it is being deleted: where Kafka has
    // a ZooKeeper, it exists until the last replica is gone, but no broker knows it any more.
    const found = await this.#settled(topic, {
      leaders: () => created,
      missing: async () => {
        if (!created) created = await create();
      },
    });
    if (found === partitions) return { topic, partitions, created };
    throw new KafkaError(
      `Cannot create topic "${topic}" with ${partitions} partitions: it exists with ${found} ` +
        `(use it as it is, or delete it first with kafka.topics.delete("${topic}"))`,
      { topic },
    );
  }

  /** True if the topic is there. */
  async exists(topic: string): Promise<boolean> {
    return (await this.list({ internal: true })).includes(topic);
  }

  /** Names of all topics, sorted; Kafka's own (`__…`) only when asked for. */
  async list(options: { readonly internal?: boolean } = {}): Promise<readonly string[]> {
    const { topics } = await this.#kafka.askCluster(
      "list the topics",
      (cluster) => metadataOf(cluster, null),
    );
    return topics.map(({ topic }) => topic)
      .filter((name) => options.internal || !name.startsWith("__")).sort();
  }

  /**
   * Says where the partitions of a topic are.
   *
   * @throws {KafkaError} If there is no such topic.
   */
  async describe(topic: string): Promise<TopicDescription> {
    return await this.#kafka.askCluster(
      `describe topic "${topic}"`,
      async (cluster) => {
        const { topics: [found] } = await metadataOf(cluster, [topic]);
        if (found!.errorCode !== 0) throw errorOfCode(found!.errorCode);
        return {
          topic,
          partitions: found!.partitions.toSorted((a, b) => a.partition - b.partition),
        };
      },
      { topic, operation: "Describe" },
    );
  }

  /**
   * Deletes topics and waits until they are gone; one that is not there is fine.
   *
   * Consumers made from this connection that read one of them are closed first.
   *
   * @returns Names of those that were there.
   */
  async delete(topics: string | readonly string[]): Promise<readonly string[]> {
    const named = typeof topics === "string" ? [topics] : topics;
    const all = await this.list({ internal: true });
    const there = [...new Set(named)].filter((topic) => all.includes(topic));
    for (const topic of there) {
      await this.#kafka.closeConsumers({ topic });
      await this.#kafka.askController(
        `delete topic "${topic}"`,
        async (controller) => {
          const result = await controller.send(DELETE_TOPIC, { topic });
          if (result.errorCode !== UNKNOWN_TOPIC_OR_PARTITION) failOn(result);
        },
        { topic, operation: "Delete" },
      );
    }
    if (there.length === 0) return there;
    await waitUntil(`topics ${there.join(", ")} to be gone`, async () => {
      const left = await this.list({ internal: true });
      return !there.some((topic) => left.includes(topic)) &&
        await goneEverywhere(this.#kafka, there);
    }, { signal: this.#kafka.stopSignal() });
    return there;
  }

  /**
   * Deletes topics, or takes all their records out where the cluster deletes none: their offsets then go on.
   *
   * @returns What was done with them.
   */
  async deleteOrEmpty(topics: readonly string[]): Promise<"deleted" | "emptied"> {
    try {
      await this.delete(topics);
      return "deleted";
    } catch (error) {
      if (!(error instanceof KafkaError) || error.code !== DELETES_NONE) throw error;
    }
    const all = await this.list({ internal: true });
    for (const topic of topics.filter((topic) => all.includes(topic))) await this.#empty(topic);
    return "emptied";
  }

  /** Kafka takes records only from a topic that deletes by age or size: a compacted one is such a topic meanwhile. */
  async #empty(topic: string): Promise<void> {
    const { "cleanup.policy": policy = "delete" } = await this.config(topic);
    const lift = !policy.includes("delete");
    if (lift) await this.configure(topic, { "cleanup.policy": `${policy},delete` });
    try {
      await emptyTopic(this.#kafka, topic);
    } finally {
      if (lift) await this.configure(topic, { "cleanup.policy": policy });
    }
  }

  /** The settings of a topic by their Kafka names, defaults included. */
  async config(topic: string): Promise<Readonly<Record<string, string>>> {
    const settings = await this.settings(topic);
    return Object.fromEntries(settings.map(({ name, value }) => [name, value]));
  }

  /** The settings of a topic by name, and where each of them is set. */
  async settings(topic: string): Promise<readonly TopicSetting[]> {
    return await this.#kafka.askCluster(
      `read the settings of topic "${topic}"`,
      async (cluster) =>
        await settingsOf(await cluster.anyBroker(), { type: "topic", name: topic }),
      { topic, operation: "DescribeConfigs" },
    );
  }

  /** Changes some settings of a topic and keeps the others. */
  async configure(topic: string, config: Readonly<Record<string, string>>): Promise<void> {
    const resource = { type: "topic", name: topic } as const;
    await this.#kafka.askController(
      `change the settings of topic "${topic}"`,
      async (controller) => {
        if (controller.versionOf(ALTER_SOME_CONFIG) !== undefined) {
          return failOn(await controller.send(ALTER_SOME_CONFIG, { resource, config }));
        }
        // The old request replaces all settings, so those made before are sent along.
        const own = (await this.settings(topic)).filter(({ source }) => source === "topic");
        const before = Object.fromEntries(own.map(({ name, value }) => [name, value]));
        const all = { ...before, ...config };
        failOn(await controller.send(ALTER_ALL_CONFIG, { resource, config: all }));
      },
      { topic, operation: "AlterConfigs" },
    );
    await waitUntil(
      `every broker to know the settings of topic "${topic}"`,
      () => configuredEverywhere(this.#kafka, { resource, config }),
      { signal: this.#kafka.stopSignal() },
    );
  }

  /**
   * Adds partitions to a topic.
   *
   * Gotcha: keys go to other partitions from then on, so their order is lost at that point.
   *
   * @param total How many there will be.
   */
  async addPartitions(topic: string, total: number): Promise<void> {
    await this.#kafka.askController(
      `give topic "${topic}" ${total} partitions`,
      async (controller) => failOn(await controller.send(CREATE_PARTITIONS, { topic, total })),
      { topic, operation: "Alter" },
    );
    await this.#settled(topic, { partitions: total });
  }

  /** Offset of the oldest record still there, by partition. */
  async beginOffsets(topic: string): Promise<readonly number[]> {
    return await this.#offsets(topic, EARLIEST);
  }

  /** Offset that the next record will get, by partition. */
  async endOffsets(topic: string): Promise<readonly number[]> {
    return await this.#offsets(topic, LATEST);
  }

  /** Offset of the first record at least as young as a time, by partition; the end where there is none. */
  async offsetsAt(topic: string, timestampMs: number): Promise<readonly number[]> {
    return await this.#offsets(topic, timestampMs);
  }

  /** How much is in each topic. @param topics Which. @default all but Kafka's own */
  async sizes(topics?: readonly string[]): Promise<readonly TopicSize[]> {
    return await Promise.all(
      (topics ?? await this.list()).map(async (topic) => {
        const begin = await this.beginOffsets(topic), end = await this.endOffsets(topic);
        const records = end.reduce((sum, offset, i) => sum + offset - begin[i]!, 0);
        return { topic, partitions: end.length, records };
      }),
    );
  }

  /** Fails in plain words if a topic is not there; `doing` as in "Cannot read topic …". @internal */
  async mustExist(doing: string, topics: readonly string[]): Promise<void> {
    const there = await this.list({ internal: true });
    for (const topic of topics) {
      if (there.includes(topic)) continue;
      await this.mustBeAllowed(doing, topic);
      throw new KafkaError(
        `Cannot ${doing} topic "${topic}": it does not exist (${howToCreate(topic)})`,
        {
          topic,
          code: "UNKNOWN_TOPIC_OR_PARTITION",
        },
      );
    }
  }

  /** Fails if this user has no right to see a topic, which then looks as if it were not there. @internal */
  async mustBeAllowed(doing: string, topic: string): Promise<void> {
    const operation = doing === "read" ? "Read" : doing === "write to" ? "Write" : "Describe";
    try {
      await this.#kafka.askController(
        `${doing} topic "${topic}"`,
        async (controller) => {
          const { topics: [found] } = await controller.send(TOPIC_METADATA, { topics: [topic] });
          if (found!.errorCode !== 0) throw errorOfCode(found!.errorCode);
        },
        { topic, operation },
      );
    } catch (error) {
      if ((error as KafkaError).code === "TOPIC_AUTHORIZATION_FAILED") throw error;
    }
  }

  /** Kafka before 2.4 has to be told a number. */
  async #defaultReplicas(controller: Broker): Promise<number> {
    if ((controller.versionOf(CREATE_TOPIC) ?? 0) >= 4) return -1;
    const { brokers } = await controller.send(TOPIC_METADATA, { topics: [] });
    return Math.min(brokers.length, 3);
  }

  async #offsets(topic: string, timestamp: number): Promise<readonly number[]> {
    // A topic that is not there looks like a new one that not every broker has heard of yet.
    await this.mustExist("read the offsets of", [topic]);
    return await topicOffsets(this.#kafka, topic, timestamp);
  }

  /** Every broker must know the topic and its leaders before anybody uses it. */
  async #settled(
    topic: string,
    { leaders = () => true, partitions = 1, missing }: {
      readonly leaders?: () => boolean;
      readonly partitions?: number;
      /** Called each time when a broker does not know the topic. */
      readonly missing?: () => Promise<void>;
    } = {},
  ): Promise<number> {
    let count = 0;
    await waitUntil(`topic "${topic}" to have a leader for each partition`, async () => {
      try {
        const found = (await this.describe(topic)).partitions;
        count = found.length;
        if (!leaders()) return count >= partitions;
        return found.every(({ leader }) => leader >= 0) && count >= partitions &&
          await knownEverywhere(this.#kafka, topic);
      } catch (error) {
        const code = error instanceof KafkaError ? error.code ?? "" : "";
        if (!NOT_YET.has(code)) throw error;
        if (code === "UNKNOWN_TOPIC_OR_PARTITION") await missing?.();
        return false;
      }
    }, { signal: this.#kafka.stopSignal() });
    return count;
  }
}
