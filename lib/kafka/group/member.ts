import { sleep } from "../../async/mod.ts";
import { byTopicAndPartition, type TopicPartition, topicPartitionKey } from "../../serde/mod.ts";
import type { Consumer as KafkaJSConsumer } from "kafkajs";
import type { MemberAssignment } from "../../views/mod.ts";
import type { Kafka } from "../client/connect.ts";
import type { ConsumerOptions } from "../consume/consumer_options.ts";
import { Commits } from "./commits.ts";
import { inPlainWords, isConnectionTrouble, KafkaError, rootCause } from "../client/errors.ts";
import { FetchBuffer } from "../consume/fetch_buffer.ts";
import { type PartitionOffset } from "../admin/lag.ts";
import { hooked, type JoinedGroup } from "../transport/patches.ts";
import { Prefetch } from "../consume/prefetch.ts";
import type { RawRecord } from "../consume/record.ts";
import { roundRobinAssigner } from "./round_robin.ts";
import { startOffsets } from "../consume/start_position.ts";

/** What a {@link Member} needs to know. */
export interface MemberOptions extends Omit<ConsumerOptions<never, never>, "key" | "value"> {
  readonly topics: readonly string[];
  readonly name: string;
  /** Commits what was processed before giving partitions away. */
  readonly commits: boolean;
}

/** A record that is being processed when the group is shared out anew has so long to be done. */
const FINISH_MS = 2_000;

/** How long leaving may take when Kafka does not answer. */
const LEAVE_MS = 1_500;

/**
 * One membership of a group: keeps it over rebalances and broker restarts, and buffers what it fetches.
 *
 * kafkajs does the joining and the heartbeats; reading is a {@link Prefetch}'s.
 */
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
  readonly #reading: Prefetch;
  #consumer: KafkaJSConsumer | undefined;
  #failure: KafkaError | undefined;
  #wake = Promise.withResolvers<void>();
  #idle = Promise.withResolvers<void>();

  constructor(kafka: Kafka, options: MemberOptions) {
    this.#kafka = kafka;
    this.#options = options;
    this.#joined.promise.catch(() => {});
    this.#reading = new Prefetch(kafka, this.buffer, {
      onRecords: () => this.#signal(),
      onFailed: (error) => this.#fail(error),
      readUncommitted: options.readUncommitted ?? false,
      maxWaitMs: options.maxWaitMs ?? 100,
    });
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
    this.#reading.refill(record);
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
          `Cannot seek in ${topicPartitionKey(one)}: this member owns ${
            this.history.at(-1)?.partitions.map(topicPartitionKey).join(", ") || "no partition"
          }`,
        );
      }
      this.buffer.moveTo(one);
      this.#reading.readFrom(one);
    }
  }

  /** Hands out no more records of these partitions. */
  pause(partitions: readonly TopicPartition[]): void {
    for (const one of partitions) this.#paused.add(topicPartitionKey(one));
  }

  /** Goes on with them. */
  resume(partitions: readonly TopicPartition[]): void {
    for (const one of partitions) this.#paused.delete(topicPartitionKey(one));
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
      await Promise.all([this.#reading.close(), this.#consumer?.disconnect()]);
    })().catch(() => {});
    await Promise.race([leaving, sleep(LEAVE_MS, late.signal)]);
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
      maxWaitTimeInMs: 100,
      allowAutoTopicCreation: false,
      partitionAssigners: assigners.map((one) => hooked(one, hooks)),
      retry,
    });
    made.on("consumer.crash", ({ payload }) => {
      if (!payload.restart) void this.#crashed(payload.error);
    });
    await made.connect();
    await made.subscribe({ topics: [...topics], fromBeginning: true });
    await made.run({ autoCommit: false, eachBatch: () => Promise.resolve() });
  }

  async #beforeRejoin(group: JoinedGroup): Promise<void> {
    this.commits.group = group;
    if (!this.#options.commits) return;
    if (this.buffer.isBusy()) {
      this.#idle = Promise.withResolvers();
      const late = new AbortController();
      await Promise.race([this.#idle.promise, sleep(FINISH_MS, late.signal)]);
      late.abort();
    }
    await this.commits.attempt();
  }

  async #afterJoin(group: JoinedGroup): Promise<void> {
    this.commits.group = group;
    const partitions = group.assigned().flatMap(({ topic, partitions }) =>
      partitions.map((partition) => ({ topic, partition }))
    ).sort(byTopicAndPartition);
    group.pause(this.#options.topics.map((topic) => ({ topic })));
    this.#reading.stop(this.history.at(-1)?.partitions ?? []);
    this.buffer.assign(partitions);
    for (const one of await this.#beginnings(group, partitions)) this.#reading.readFrom(one);
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

  /** Where each partition is read from: what the group has committed, else the start position. */
  async #beginnings(
    group: JoinedGroup,
    partitions: readonly TopicPartition[],
  ): Promise<readonly PartitionOffset[]> {
    if (partitions.length === 0) return [];
    const { from = "earliest" } = this.#options;
    const committed = new Map(
      (await this.#kafka.groups.offsets(group.groupId)).map((
        one,
      ) => [topicPartitionKey(one), one.offset]),
    );
    const fresh = partitions.filter((one) => !committed.has(topicPartitionKey(one)));
    const unknown = fresh.filter((one) => !this.#starts.has(topicPartitionKey(one)));
    for (const one of await startOffsets(this.#kafka, unknown, from)) {
      this.#starts.set(topicPartitionKey(one), one.offset);
    }
    if (from !== "earliest") {
      for (const one of fresh) {
        this.buffer.moveTo({ ...one, offset: this.#starts.get(topicPartitionKey(one))! });
      }
      // Committed at once: a partition that moves on before its first commit must not start at another "latest".
      if (this.#options.commits) await this.commits.attempt();
    }
    return partitions.map((one) => ({
      ...one,
      offset: committed.get(topicPartitionKey(one)) ?? this.#starts.get(topicPartitionKey(one))!,
    }));
  }

  /** kafkajs gave up: goes on where that may help, else tells whoever reads. */
  async #crashed(error: unknown): Promise<void> {
    if (this.#stop.signal.aborted) return;
    const { name } = rootCause(error);
    if (isConnectionTrouble(error) || name === "KafkaJSGroupCoordinatorNotFound") {
      await sleep(500, this.#stop.signal);
      if (!this.#stop.signal.aborted) {
        await this.#start().catch((reason) => this.#crashed(reason));
      }
      return;
    }
    this.#fail(error);
  }

  #fail(error: unknown): void {
    const { group } = this.#options;
    this.#failure = inPlainWords(error, `read in group "${group}"`, { group });
    this.#joined.reject(this.#failure);
    this.#signal();
  }

  #signal(): void {
    this.#wake.resolve();
    this.#wake = Promise.withResolvers();
  }

  async #woken(timeoutMs: number, signal?: AbortSignal): Promise<void> {
    const end = new AbortController();
    const limit = Math.min(timeoutMs, 2 ** 31 - 1);
    const ends = signal ? AbortSignal.any([signal, end.signal]) : end.signal;
    await Promise.race([this.#wake.promise, sleep(limit, ends)]);
    end.abort();
  }
}
