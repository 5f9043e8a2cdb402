import type { Kafka } from "./connect.ts";
import { inPlainWords, isConnectionTrouble, refusal } from "./errors.ts";
import { type Cluster, clusterOf, fetchRecords } from "./patches.ts";
import { type ConsumedRecord, decodeRecord, type OnDecodeError, rawRecord } from "./record.ts";
import { json, type Serde } from "./serdes.ts";
import { startOffsets } from "./start_position.ts";
import { stopSignal } from "./stop_signal.ts";
import { pause } from "./wait.ts";

/** What is read, and how. */
export interface ReadOptions<K, V> {
  /** `last`: so many per partition. @default "earliest" */
  readonly from?:
    | "earliest"
    | { readonly offset: number }
    | { readonly timestampMs: number }
    | { readonly last: number };
  /** Up to where the topic ends now, or on and on. @default "end" */
  readonly to?: "end" | "forever";
  /** Numbers of the partitions to read, from 0. @default all */
  readonly partitions?: readonly number[];
  /** How keys are read. @default json() */
  readonly key?: Serde<K>;
  /** How values are read. @default json() */
  readonly value?: Serde<V>;
  /** Ends after so many records, of all partitions together. @default Infinity */
  readonly max?: number;
  /** Longest time in all. @default Infinity */
  readonly timeoutMs?: number;
  /** Ends reading with its reason as the error. @default the notebook's stop button */
  readonly signal?: AbortSignal;
  /** Reads records of transactions that are open or were aborted, too. @default false */
  readonly readUncommitted?: boolean;
  /** What happens to a record that a serde cannot read. @default "fail" */
  readonly onDecodeError?: OnDecodeError;
}

/** Refusals that are over when the metadata is fresh. */
const MOVED = /LEADER|REPLICA_NOT_AVAILABLE|UNKNOWN_TOPIC_OR_PARTITION|KAFKA_STORAGE/;

/**
 * Reads a topic without joining a group: nothing is committed, no group stays behind, nobody's partitions move.
 *
 * Ends at the offsets where the topic ended when reading began, so it never waits for records to come. A partition's
 * records are in order; those of several partitions come as Kafka answers.
 *
 * @example
 * ```ts ignore
 * for await (const { value } of readTopic(kafka, "demo_1", { from: { last: 3 } })) console.log(value);
 * ```
 * @throws {KafkaError} `Cannot read topic "x": it does not exist (…)`.
 */
export async function* readTopic<K = unknown, V = unknown>(
  kafka: Kafka,
  topic: string,
  options: ReadOptions<K, V> = {},
): AsyncGenerator<ConsumedRecord<K, V>, void, void> {
  await kafka.topics.mustExist("read", [topic]);
  const { max = Infinity, timeoutMs = Infinity } = options, signal = stopSignal(options.signal);
  const decode = {
    key: options.key ?? json<K>(),
    value: options.value ?? json<V>(),
    onDecodeError: options.onDecodeError ?? "fail",
  };
  const reader = new Reader(kafka, topic, options.readUncommitted ?? false);
  const deadlineMs = Date.now() + timeoutMs;
  let count = 0;
  try {
    await reader.open(options);
    while (count < max && !reader.atEnd && Date.now() < deadlineMs) {
      signal?.throwIfAborted();
      for (const raw of await reader.fetch(signal)) {
        const decoded = decodeRecord<K, V>(raw, decode);
        const record = decoded instanceof Promise ? await decoded : decoded;
        if (!record) continue;
        yield record;
        if (++count >= max || Date.now() >= deadlineMs) return;
      }
    }
  } finally {
    await reader.close();
  }
}

/** Reads as {@link readTopic} does, into an array sorted by partition and offset. */
export async function readAll<K = unknown, V = unknown>(
  kafka: Kafka,
  topic: string,
  options: ReadOptions<K, V> = {},
): Promise<readonly ConsumedRecord<K, V>[]> {
  const all: ConsumedRecord<K, V>[] = [];
  for await (const record of readTopic(kafka, topic, options)) all.push(record);
  return all.sort((a, b) => a.partition - b.partition || a.offset - b.offset);
}

/** Positions in the partitions of one topic, and the connection that moves them on. */
class Reader {
  readonly #kafka: Kafka;
  readonly #topic: string;
  readonly #cluster: Cluster;
  readonly #positions = new Map<number, number>();
  readonly #ends = new Map<number, number>();

  constructor(kafka: Kafka, topic: string, readUncommitted: boolean) {
    this.#kafka = kafka;
    this.#topic = topic;
    const client = kafka.client({ retry: { retries: 2, maxRetryTime: 500 } });
    this.#cluster = clusterOf(client, { readUncommitted });
  }

  /** True when every partition was read to its end. */
  get atEnd(): boolean {
    return this.#positions.size === 0;
  }

  async open<K, V>(
    { from = "earliest", to = "end", partitions }: ReadOptions<K, V>,
  ): Promise<void> {
    await this.#steadily(async () => {
      await this.#cluster.connect();
      await this.#cluster.addMultipleTargetTopics([this.#topic]);
    });
    const begin = await this.#kafka.topics.beginOffsets(this.#topic);
    const chosen = partitions ?? begin.map((_, partition) => partition);
    const ends = await this.#endOffsets(chosen);
    const at = chosen.map((partition) => ({ topic: this.#topic, partition }));
    const times = typeof from === "object" && "timestampMs" in from
      ? await startOffsets(this.#kafka, at, from)
      : [];
    for (const [i, partition] of chosen.entries()) {
      const end = ends.get(partition);
      if (end === undefined) {
        throw new RangeError(
          `Cannot read partition ${partition} of topic "${this.#topic}": it has ${begin.length} partitions`,
        );
      }
      const first = begin[partition]!;
      const start = from === "earliest"
        ? first
        : "offset" in from
        ? Math.max(from.offset, first)
        : "last" in from
        ? Math.max(end - from.last, first)
        : times[i]!.offset;
      if (to === "end") this.#ends.set(partition, end);
      if (to === "forever" || start < end) this.#positions.set(partition, start);
    }
  }

  /** The next records of all partitions that are not at their end. */
  async fetch(signal?: AbortSignal) {
    const parts = await this.#steadily(async () => {
      const byLeader = Map.groupBy(this.#positions, ([partition]) => this.#leader(partition));
      const answers = [...byLeader].map(async ([nodeId, positions]) =>
        await fetchRecords(await this.#cluster.findBroker({ nodeId }), {
          topic: this.#topic,
          positions: new Map(positions),
          isolationLevel: this.#cluster.isolationLevel,
        })
      );
      return (await Promise.all(answers)).flat();
    }, signal);
    return parts.flatMap(({ partition, messages, next }) => {
      const end = this.#ends.get(partition) ?? Infinity;
      this.#positions.set(partition, next);
      if (next >= end) this.#positions.delete(partition);
      return messages.map((message) => rawRecord({ topic: this.#topic, partition }, message))
        .filter(({ offset }) => offset < end);
    });
  }

  async close(): Promise<void> {
    await this.#cluster.disconnect();
  }

  /** Ends as this reader may see them: before the first open transaction, unless it reads uncommitted. */
  async #endOffsets(partitions: readonly number[]): Promise<ReadonlyMap<number, number>> {
    const [found] = await this.#steadily<TopicEnds[]>(() =>
      this.#cluster.fetchTopicsOffset([{
        topic: this.#topic,
        fromBeginning: false,
        partitions: partitions.map((partition) => ({ partition })),
      }])
    );
    return new Map(
      (found?.partitions ?? []).map(({ partition, offset }) => [partition, Number(offset)]),
    );
  }

  #leader(partition: number): number {
    const known = this.#cluster.findTopicPartitionMetadata(this.#topic);
    return known.find((one: { partitionId: number }) => one.partitionId === partition)?.leader ??
      -1;
  }

  /** Tries again while brokers are away or leaders move; gives up after half a minute. */
  async #steadily<T>(attempt: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    const deadlineMs = Date.now() + 30_000;
    for (;;) {
      try {
        return await attempt();
      } catch (error) {
        const passing = isConnectionTrouble(error) || MOVED.test(refusal(error) ?? "");
        if (!passing || Date.now() > deadlineMs) {
          throw inPlainWords(error, `read topic "${this.#topic}"`, { topic: this.#topic });
        }
        await this.#kafka.topics.mustExist("read", [this.#topic]);
        await pause(200, signal);
        signal?.throwIfAborted();
        await this.#cluster.connect().then(() => this.#cluster.refreshMetadata()).catch(() => {});
      }
    }
  }
}

/** What kafkajs's cluster says about the ends of one topic's partitions. */
interface TopicEnds {
  readonly partitions: readonly { readonly partition: number; readonly offset: string }[];
}
