import { type TopicPartition, topicPartitionKey } from "../../serde/mod.ts";
import type { Kafka } from "../client/connect.ts";
import type {
  BatchOptions,
  Consumer,
  ConsumerOptions,
  RecordsOptions,
  SeekTarget,
  TakeOptions,
} from "./consumer_options.ts";
import type { PartitionOffset } from "../admin/lag.ts";
import { GroupReader } from "./group_reader.ts";
import { joined } from "./join.ts";
import { type ConsumedRecord, type DecodeOptions, decodeRecord } from "./record.ts";
import { json } from "../../serde/mod.ts";
import { startOffsets, type StartPosition } from "./start_position.ts";
import type { MemberAssignment } from "../../views/mod.ts";

/**
 * Joins a group and reads; resolves when the member knows which partitions it owns.
 *
 * At least once: a record counts as processed when the next one is asked for, and is committed after that. What was
 * not committed when a process dies comes again.
 *
 * @example
 * ```ts ignore
 * await using reader = await consumer(kafka, { group: "g", topics: "demo_1" });
 * const seen = await reader.take(5, { timeoutMs: 2_000 });
 * ```
 * @throws {KafkaError} `Cannot read topic "x": it does not exist (create it with …)`.
 */
export async function consumer<K = unknown, V = unknown>(
  kafka: Kafka,
  options: ConsumerOptions<K, V>,
): Promise<Consumer<K, V>> {
  mustLeaveToBroker(options);
  const topics = typeof options.topics === "string" ? [options.topics] : options.topics;
  await kafka.topics.mustExist("read", topics);
  return await joined(kafka, new GroupConsumer<K, V>(kafka, { ...options, topics }));
}

/** Settings of the classic protocol, and what sets them in the other one. */
const LEFT_TO_BROKER = {
  sessionTimeoutMs: "consumer.session.timeout.ms",
  heartbeatMs: "consumer.heartbeat.interval.ms",
  assignors: "group.consumer.assignors",
} as const;

function mustLeaveToBroker<K, V>(options: ConsumerOptions<K, V>): void {
  if (options.groupProtocol !== "consumer") return;
  for (const [name, setting] of Object.entries(LEFT_TO_BROKER)) {
    if (options[name as keyof typeof LEFT_TO_BROKER] === undefined) continue;
    throw new TypeError(
      `Cannot use ${name} with groupProtocol "consumer": the broker decides by its setting ` +
        `${setting} (leave it out)`,
    );
  }
}

class GroupConsumer<K, V> implements Consumer<K, V> {
  readonly group: string;
  readonly member: string;
  readonly #kafka: Kafka;
  readonly #member: GroupReader;
  readonly topics: readonly string[];
  readonly #decode: DecodeOptions<K, V>;
  readonly #autoCommit: { readonly intervalMs: number } | false;
  #forget: () => void = () => {};
  #timer: ReturnType<typeof setInterval> | undefined;
  #closed: Promise<void> | undefined;

  constructor(
    kafka: Kafka,
    options: ConsumerOptions<K, V> & { readonly topics: readonly string[] },
  ) {
    this.#kafka = kafka;
    this.group = options.group;
    this.member = options.name ?? `consumer-${Deno.pid}`;
    this.topics = options.topics;
    this.#decode = {
      key: options.key ?? json<K>(),
      value: options.value ?? json<V>(),
      onDecodeError: options.onDecodeError ?? "fail",
    };
    this.#autoCommit = options.autoCommit ?? { intervalMs: 5_000 };
    this.#member = new GroupReader(kafka, {
      ...options,
      name: this.member,
      commits: this.#autoCommit !== false,
    });
  }

  get assignment(): MemberAssignment {
    return this.history.at(-1)!;
  }

  get history(): readonly MemberAssignment[] {
    return this.#member.history;
  }

  /** Joins the group. */
  async join(): Promise<void> {
    await this.#member.join();
    if (!this.#autoCommit) return;
    this.#timer = setInterval(
      () => void this.#member.commits.attempt(),
      this.#autoCommit.intervalMs,
    );
  }

  /** What to call when it is closed. */
  onClose(forget: () => void): void {
    this.#forget = forget;
  }

  async take(max: number, options: TakeOptions = {}): Promise<readonly ConsumedRecord<K, V>[]> {
    const taken: ConsumedRecord<K, V>[] = [];
    const { timeoutMs = 10_000 } = options, signal = this.#kafka.stopSignal(options.signal);
    try {
      for await (const record of this.records({ max, timeoutMs, ...(signal ? { signal } : {}) })) {
        taken.push(record);
      }
    } catch (error) {
      // What was taken must not be lost: it is given now, and the error at the next call; or it comes again.
      if (taken.length === 0) throw error;
      if (signal?.aborted) {
        await this.#putBack(taken);
        throw error;
      }
    }
    this.#member.processed();
    return taken;
  }

  async *records(options: RecordsOptions = {}): AsyncGenerator<ConsumedRecord<K, V>, void, void> {
    const { max = Infinity, timeoutMs = Infinity, idleMs = Infinity } = options;
    const signal = this.#kafka.stopSignal(options.signal);
    const deadlineMs = Date.now() + timeoutMs;
    for (let count = 0; count < max; count++) {
      const idleUntilMs = Date.now() + idleMs;
      const record = await this.#next(Math.min(deadlineMs, idleUntilMs), signal);
      if (!record) return;
      yield record;
      this.#member.processed();
    }
  }

  async batch(options: BatchOptions = {}): Promise<readonly ConsumedRecord<K, V>[]> {
    const { max = 1_000, timeoutMs = 10_000 } = options,
      signal = this.#kafka.stopSignal(options.signal);
    this.#member.processed();
    const records: ConsumedRecord<K, V>[] = [];
    await this.#member.front(Date.now() + timeoutMs, signal);
    for (let raw = this.#member.frontNow(); raw && records.length < max;) {
      try {
        const decoded = decodeRecord<K, V>(raw, this.#decode);
        const record = decoded instanceof Promise ? await decoded : decoded;
        if (this.#member.accept(raw) && record) records.push(record);
      } catch (error) {
        // The records before the bad one are given now, the error at the next call.
        if (records.length === 0) throw error;
        break;
      }
      raw = this.#member.frontNow();
    }
    return records;
  }

  async commit(upTo?: ConsumedRecord<K, V>): Promise<void> {
    this.#member.processed();
    const offsets = upTo
      ? [{ topic: upTo.topic, partition: upTo.partition, offset: upTo.offset + 1 }]
      : this.#member.buffer.uncommitted();
    await this.#member.commits.commit(offsets);
  }

  async seek(to: StartPosition | SeekTarget): Promise<void> {
    if (typeof to === "string" || "timestampMs" in to) {
      await this.#member.seek(await startOffsets(this.#kafka, this.assignment.partitions, to));
      return;
    }
    const topic = to.topic ?? this.topics[0]!;
    if (to.topic === undefined && this.topics.length > 1) {
      throw new TypeError(
        `Cannot seek: this consumer reads ${this.topics.length} topics (say which one: { topic, partition, offset })`,
      );
    }
    await this.#member.seek([{ topic, partition: to.partition, offset: to.offset }]);
  }

  pause(partitions: readonly TopicPartition[] = this.assignment.partitions): void {
    this.#member.pause(partitions);
  }

  resume(partitions: readonly TopicPartition[] = this.assignment.partitions): void {
    this.#member.resume(partitions);
  }

  positions(): readonly PartitionOffset[] {
    return this.#member.buffer.positions();
  }

  close(): Promise<void> {
    return this.#closed ??= this.#close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#member.leave();
    this.#forget();
  }

  async #putBack(taken: readonly ConsumedRecord<K, V>[]): Promise<void> {
    const firsts = [...Map.groupBy(taken, topicPartitionKey).values()].map(([first]) => first!);
    const ours = firsts.filter((one) => this.#member.buffer.owns(one));
    await this.#member.seek(
      ours.map(({ topic, partition, offset }) => ({ topic, partition, offset })),
    );
  }

  /** The next record that can be read; undefined when the time is up or the consumer is closed. */
  async #next(
    deadlineMs: number,
    signal: AbortSignal | undefined,
  ): Promise<ConsumedRecord<K, V> | undefined> {
    for (;;) {
      signal?.throwIfAborted();
      const raw = this.#member.frontNow() ?? await this.#member.front(deadlineMs, signal);
      if (!raw) return undefined;
      const decoded = decodeRecord<K, V>(raw, this.#decode);
      const record = decoded instanceof Promise ? await decoded : decoded;
      if (this.#member.accept(raw) && record) return record;
    }
  }
}
