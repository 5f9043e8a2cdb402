import { Notifier, sleep } from "../../async/mod.ts";
import { json, type Serde } from "../../serde/mod.ts";
import type { Kafka } from "../client/connect.ts";
import { inPlainWords, isConnectionTrouble, refusal } from "../client/errors.ts";
import type { Fetched } from "./fetched_partition.ts";
import { Fetcher } from "./fetcher.ts";
import { LATEST } from "../wire/api/list_offsets.ts";
import { boundsIn, type TopicBounds } from "./list_offsets.ts";
import {
  type ConsumedRecord,
  decodeRecord,
  type OnDecodeError,
  type RawRecord,
  rawRecord,
} from "./record.ts";

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
  /** Ends reading with its reason as the error. @default the connection's `stopSignal` */
  readonly signal?: AbortSignal;
  /** Reads records of transactions that are open or were aborted, too. @default false */
  readonly readUncommitted?: boolean;
  /** What happens to a record that a serde cannot read. @default "fail" */
  readonly onDecodeError?: OnDecodeError;
}

/** When answers of so many bytes wait no more is fetched. */
const FULL_BYTES = 8 << 20;

/** How long one wait for records takes at most: deadlines are looked at in between. */
const LOOK_MS = 100;

/** After so long without an answer: is the topic still there? */
const SILENCE_MS = 1_000;

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
  const { max = Infinity, timeoutMs = Infinity } = options;
  const signal = kafka.stopSignal(options.signal);
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

/** Reads the partitions of one topic up to their ends, and holds what has come until it is wanted. */
class Reader {
  readonly #kafka: Kafka;
  readonly #topic: string;
  readonly #readUncommitted: boolean;
  readonly #fetcher: Fetcher;
  readonly #ends = new Map<number, number>();
  /** Partitions that are not at their end. */
  readonly #open = new Set<number>();
  #waiting: RawRecord[] = [];
  #waitingBytes = 0;
  readonly #arrived = new Notifier();
  #failure: { readonly error: unknown } | undefined;
  #heardMs = Date.now();

  constructor(kafka: Kafka, topic: string, readUncommitted: boolean) {
    this.#kafka = kafka;
    this.#topic = topic;
    this.#readUncommitted = readUncommitted;
    this.#fetcher = new Fetcher(kafka, {
      readUncommitted,
      onRecords: (fetched) => this.#fetched(fetched),
      onAnswer: ({ partition }) => this.#answered(partition),
    });
    this.#fetcher.failed.catch((error) => {
      this.#failure = { error };
      this.#arrived.notify();
    });
  }

  /** True when every partition was read to its end and handed out. */
  get atEnd(): boolean {
    return this.#open.size === 0 && this.#waiting.length === 0;
  }

  async open<K, V>(
    { from = "earliest", to = "end", partitions }: ReadOptions<K, V>,
  ): Promise<void> {
    const found = await this.#bounds(
      partitions,
      typeof from === "object" && "timestampMs" in from ? from.timestampMs : LATEST,
    );
    for (const partition of partitions ?? found.begin.keys()) {
      const first = found.begin.get(partition), end = found.end.get(partition);
      if (first === undefined || end === undefined) {
        throw new RangeError(
          `Cannot read partition ${partition} of topic "${this.#topic}": it has ${found.count} partitions`,
        );
      }
      const start = from === "earliest"
        ? first
        : "offset" in from
        ? Math.max(from.offset, first)
        : "last" in from
        ? Math.max(end - from.last, first)
        : found.since.get(partition)!;
      if (to === "end") this.#ends.set(partition, end);
      if (to === "end" && start >= end) continue;
      this.#open.add(partition);
      void this.#fetcher.assign({ topic: this.#topic, partition }, start);
    }
  }

  /** What has come since the last call; nothing when nothing came for a moment. */
  async fetch(signal?: AbortSignal): Promise<readonly RawRecord[]> {
    if (this.#waiting.length === 0 && !this.atEnd && !this.#failure) {
      await this.#arrived.wait(LOOK_MS, signal);
      signal?.throwIfAborted();
    }
    if (this.#failure) {
      throw inPlainWords(this.#failure.error, `read topic "${this.#topic}"`, {
        topic: this.#topic,
      });
    }
    // A broker that is away comes back; a topic does not.
    if (Date.now() - this.#heardMs > SILENCE_MS) {
      await this.#kafka.topics.mustExist("read", [this.#topic]);
      this.#heardMs = Date.now();
    }
    const records = this.#waiting;
    this.#waiting = [];
    this.#waitingBytes = 0;
    for (const partition of this.#open) this.#fetcher.resume({ topic: this.#topic, partition });
    return records;
  }

  close(): Promise<void> {
    return this.#fetcher.close();
  }

  #fetched({ partition, records, unread: { bytes } }: Fetched): void {
    const at = { topic: this.#topic, partition }, end = this.#ends.get(partition) ?? Infinity;
    for (const record of records) {
      if (record.offset < end) this.#waiting.push(rawRecord(at, record));
    }
    this.#waitingBytes += bytes;
    if (this.#waitingBytes >= FULL_BYTES) {
      for (const partition of this.#open) this.#fetcher.pause({ topic: this.#topic, partition });
    }
  }

  #answered(partition: number): void {
    this.#heardMs = Date.now();
    const at = { topic: this.#topic, partition };
    if ((this.#fetcher.position(at) ?? 0) >= (this.#ends.get(partition) ?? Infinity)) {
      this.#fetcher.unassign(at);
      this.#open.delete(partition);
    }
    if (this.#waiting.length > 0 || this.#open.size === 0) this.#arrived.notify();
  }

  /** Offsets by partition: both ends as this reader may see them, and the first at least as young as a time. */
  async #bounds(
    partitions: readonly number[] | undefined,
    timestamp: number,
  ): Promise<TopicBounds> {
    const cluster = this.#kafka.cluster({ retry: { retries: 2, maxRetryTime: 500 } });
    try {
      const options = { partitions, timestamp, readUncommitted: this.#readUncommitted };
      return await this.#steadily(() => boundsIn(cluster, this.#topic, options));
    } finally {
      await cluster.close();
    }
  }

  /** Tries again while brokers are away or leaders move; gives up after half a minute. */
  async #steadily<T>(attempt: () => Promise<T>): Promise<T> {
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
        await sleep(200);
      }
    }
  }
}
