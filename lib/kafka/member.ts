import type { Consumer as KafkaJSConsumer, EachBatchPayload } from "kafkajs";
import type { MemberAssignment, TopicPartition } from "../views/mod.ts";
import type { Kafka } from "./connect.ts";
import type { ConsumerOptions } from "./consumer_options.ts";
import { Commits } from "./commits.ts";
import { inPlainWords, isConnectionTrouble, KafkaError, rootCause } from "./errors.ts";
import { FetchBuffer, keyOf } from "./fetch_buffer.ts";
import { byTopicAndPartition, type PartitionOffset } from "./lag.ts";
import { hooked, type JoinedGroup } from "./patches.ts";
import { type RawRecord, rawRecord } from "./record.ts";
import { roundRobinAssigner } from "./round_robin.ts";
import { startOffsets } from "./start_position.ts";
import { pause } from "./wait.ts";

/** What a {@link Member} needs to know. */
export interface MemberOptions extends Omit<ConsumerOptions<never, never>, "key" | "value"> {
  readonly topics: readonly string[];
  readonly name: string;
  /** Commits what was processed before giving partitions away. */
  readonly commits: boolean;
}

/** Above this many waiting records of one partition no more are fetched; below half of it again. */
const FULL = 10_000;

/** A record that is being processed when the group is shared out anew has so long to be done. */
const FINISH_MS = 2_000;

/** How long leaving may take when Kafka does not answer. */
const LEAVE_MS = 1_500;

/** One membership of a group: keeps it over rebalances and broker restarts, and buffers what it fetches. */
export class Member {
  /** What was fetched, and how far each partition has come. */
  readonly buffer: FetchBuffer = new FetchBuffer();
  /** Every assignment so far, the newest last. */
  readonly history: MemberAssignment[] = [];
  readonly #stop = new AbortController();
  /** Commits in this membership. */
  readonly commits: Commits = new Commits(this.buffer, this.#stop.signal);
  readonly #kafka: Kafka;
  readonly #options: MemberOptions;
  readonly #joined = Promise.withResolvers<void>();
  readonly #starts = new Map<string, number>();
  readonly #paused = new Set<string>();
  readonly #full = new Set<string>();
  #consumer: KafkaJSConsumer | undefined;
  #failure: KafkaError | undefined;
  #wake = Promise.withResolvers<void>();
  #idle = Promise.withResolvers<void>();

  constructor(kafka: Kafka, options: MemberOptions) {
    this.#kafka = kafka;
    this.#options = options;
    this.#joined.promise.catch(() => {});
  }

  /** Joins; resolves when the member knows its partitions. */
  async join(): Promise<void> {
    await this.#start();
    await this.#joined.promise;
  }

  /** The next record, if one is there; undefined otherwise, and after `leave`. */
  frontNow(): RawRecord | undefined {
    return this.#stop.signal.aborted ? undefined : this.buffer.front(this.#paused);
  }

  /** Waits for the next record; undefined at the deadline (epoch ms) or after `leave`. */
  async front(deadlineMs: number, signal?: AbortSignal): Promise<RawRecord | undefined> {
    for (;;) {
      signal?.throwIfAborted();
      const record = this.frontNow();
      if (record || this.#stop.signal.aborted) return record;
      if (this.#failure) throw this.#failure;
      const leftMs = deadlineMs - Date.now();
      if (leftMs <= 0) return undefined;
      await this.#woken(leftMs, signal);
    }
  }

  /** Hands a front record out; false when it is no longer ours. */
  accept(record: RawRecord): boolean {
    const accepted = this.buffer.accept(record);
    if (this.#full.size > 0) this.#refill(record);
    return accepted;
  }

  /** All that was handed out is processed. */
  processed(): void {
    this.buffer.markDone();
    this.#idle.resolve();
  }

  /** Goes on from other offsets. */
  // deno-lint-ignore require-await -- seeking may need the broker one day; callers already wait.
  async seek(offsets: readonly PartitionOffset[]): Promise<void> {
    for (const one of offsets) {
      if (!this.buffer.owns(one)) {
        throw new RangeError(
          `Cannot seek in ${keyOf(one)}: this member owns ${
            this.history.at(-1)?.partitions.map(keyOf).join(", ") || "no partition"
          }`,
        );
      }
      this.buffer.moveTo(one);
      this.commits.group?.seek({ ...one, offset: `${one.offset}` });
      this.#refill(one);
    }
  }

  /** Hands out no more records of these partitions. */
  pause(partitions: readonly TopicPartition[]): void {
    for (const one of partitions) this.#paused.add(keyOf(one));
  }

  /** Goes on with them. */
  resume(partitions: readonly TopicPartition[]): void {
    for (const one of partitions) this.#paused.delete(keyOf(one));
    this.#signal();
  }

  /** Commits what was processed and leaves; within about a second and a half even when Kafka is gone. */
  async leave(): Promise<void> {
    this.#stop.abort();
    this.#signal();
    this.#joined.reject(new KafkaError("the consumer was closed"));
    this.processed();
    const late = new AbortController();
    const leaving = (async () => {
      if (this.#options.commits) await this.commits.attempt();
      await this.#consumer?.disconnect();
    })().catch(() => {});
    await Promise.race([leaving, pause(LEAVE_MS, late.signal)]);
    late.abort();
  }

  async #start(): Promise<void> {
    const { group, name, topics, sessionTimeoutMs = 6_000, heartbeatMs = 500 } = this.#options;
    const assigners = this.#options.partitionAssigners ?? [roundRobinAssigner];
    const hooks = {
      beforeRejoin: (joined: JoinedGroup) => this.#beforeRejoin(joined),
      afterJoin: (joined: JoinedGroup) => this.#afterJoin(joined),
    };
    // A few tries, then kafkajs starts the consumer anew, and so on until it is told to stop.
    const retry = {
      retries: 5,
      initialRetryTime: 100,
      maxRetryTime: 1_000,
      restartOnFailure: () => Promise.resolve(!this.#stop.signal.aborted),
    };
    const made = this.#consumer = this.#kafka.client({ clientId: name, retry }).consumer({
      groupId: group,
      sessionTimeout: sessionTimeoutMs,
      heartbeatInterval: heartbeatMs,
      rebalanceTimeout: Math.max(sessionTimeoutMs, 8_000),
      maxWaitTimeInMs: this.#options.maxWaitMs ?? 100,
      readUncommitted: this.#options.readUncommitted ?? false,
      allowAutoTopicCreation: false,
      partitionAssigners: assigners.map((one) => hooked(one, hooks)),
      retry,
    });
    made.on("consumer.crash", ({ payload }) => {
      if (!payload.restart) void this.#crashed(payload.error);
    });
    made.on("consumer.end_batch_process", ({ payload }) => {
      // Only transaction markers or aborted records: nothing was handed to us, yet the position moves on.
      if (payload.batchSize === 0) this.buffer.add(payload, [], Number(payload.lastOffset) + 1);
    });
    await made.connect();
    await made.subscribe({ topics: [...topics], fromBeginning: true });
    await made.run({ autoCommit: false, eachBatch: (payload) => this.#fetched(payload) });
  }

  #fetched({ batch, isStale }: EachBatchPayload): Promise<void> {
    if (isStale()) return Promise.resolve();
    const { topic, partition } = batch, at = { topic, partition };
    const records = batch.messages.map((message) => rawRecord(at, message));
    this.buffer.add(at, records, Number(batch.lastOffset()) + 1);
    if (this.buffer.waiting(at) >= FULL) {
      this.#full.add(keyOf(at));
      this.#consumer?.pause([{ topic, partitions: [partition] }]);
    }
    this.#signal();
    return Promise.resolve();
  }

  async #beforeRejoin(group: JoinedGroup): Promise<void> {
    this.commits.group = group;
    if (!this.#options.commits) return;
    if (this.buffer.isBusy()) {
      this.#idle = Promise.withResolvers();
      const late = new AbortController();
      await Promise.race([this.#idle.promise, pause(FINISH_MS, late.signal)]);
      late.abort();
    }
    await this.commits.attempt();
  }

  async #afterJoin(group: JoinedGroup): Promise<void> {
    this.commits.group = group;
    const partitions = group.assigned().flatMap(({ topic, partitions }) =>
      partitions.map((partition) => ({ topic, partition }))
    ).sort(byTopicAndPartition);
    this.buffer.assign(partitions);
    this.#refillAll();
    await this.#seekStart(group, partitions);
    const assignment: MemberAssignment = {
      member: this.#options.name,
      memberId: group.memberId,
      group: group.groupId,
      generation: group.generationId,
      atMs: Date.now(),
      partitions,
    };
    this.history.push(assignment);
    this.#joined.resolve();
    this.#options.onAssignment?.(assignment);
  }

  /** Moves partitions without a commit to the start position; the earliest offset is kafkajs's own choice. */
  async #seekStart(
    group: JoinedGroup,
    partitions: readonly TopicPartition[],
  ): Promise<void> {
    const { from = "earliest" } = this.#options;
    if (from === "earliest" || partitions.length === 0) return;
    const committed = new Set((await this.#kafka.groups.offsets(group.groupId)).map(keyOf));
    const fresh = partitions.filter((one) => !committed.has(keyOf(one)));
    const unknown = fresh.filter((one) => !this.#starts.has(keyOf(one)));
    for (const one of await startOffsets(this.#kafka, unknown, from)) {
      this.#starts.set(keyOf(one), one.offset);
    }
    const starts = fresh.map((one) => ({ ...one, offset: this.#starts.get(keyOf(one))! }));
    for (const one of starts) {
      this.buffer.moveTo(one);
      group.seek({ ...one, offset: `${one.offset}` });
    }
    // Committed at once: a partition that moves on before its first commit must not start at another "latest".
    if (this.#options.commits) await this.commits.attempt();
  }

  /** kafkajs gave up: goes on where that may help, else tells whoever reads. */
  async #crashed(error: unknown): Promise<void> {
    if (this.#stop.signal.aborted) return;
    const { name } = rootCause(error);
    if (isConnectionTrouble(error) || name === "KafkaJSGroupCoordinatorNotFound") {
      await pause(500, this.#stop.signal);
      if (!this.#stop.signal.aborted) {
        await this.#start().catch((reason) => this.#crashed(reason));
      }
      return;
    }
    this.#failure = inPlainWords(error, `read in group "${this.#options.group}"`, {
      group: this.#options.group,
    });
    this.#joined.reject(this.#failure);
    this.#signal();
  }

  #refill(at: TopicPartition): void {
    if (!this.#full.has(keyOf(at)) || this.buffer.waiting(at) > FULL / 2) return;
    this.#full.delete(keyOf(at));
    this.#consumer?.resume([{ topic: at.topic, partitions: [at.partition] }]);
  }

  #refillAll(): void {
    this.#full.clear();
    for (const { topic } of this.#consumer?.paused() ?? []) this.#consumer?.resume([{ topic }]);
  }

  #signal(): void {
    this.#wake.resolve();
    this.#wake = Promise.withResolvers();
  }

  async #woken(timeoutMs: number, signal?: AbortSignal): Promise<void> {
    const end = new AbortController();
    const limit = Math.min(timeoutMs, 2 ** 31 - 1);
    const ends = signal ? AbortSignal.any([signal, end.signal]) : end.signal;
    await Promise.race([this.#wake.promise, pause(limit, ends)]);
    end.abort();
  }
}
