import { Notifier, waitAtMost } from "../../async/mod.ts";
import { type TopicPartition, topicPartitionKey } from "../../serde/mod.ts";
import type { MemberAssignment } from "../../views/mod.ts";
import type { Kafka } from "../client/connect.ts";
import type { ConsumerOptions } from "./consumer_options.ts";
import { inPlainWords, KafkaError } from "../client/errors.ts";
import { type PartitionOffset } from "../admin/lag.ts";
import { roundRobinAssignor } from "../group/assignor.ts";
import { Commits } from "../group/commits.ts";
import { GroupMembership } from "../group/membership.ts";
import type { GroupAssignment, Membership } from "../group/membership_options.ts";
import { ServerMembership } from "../group/server_membership.ts";
import { FetchBuffer } from "./fetch_buffer.ts";
import { Prefetch } from "./prefetch.ts";
import type { RawRecord } from "./record.ts";
import { startOffsets } from "./start_position.ts";

/** What a {@link GroupReader} needs to know. */
export interface GroupReaderOptions extends Omit<ConsumerOptions<never, never>, "key" | "value"> {
  readonly topics: readonly string[];
  readonly name: string;
  /** Commits what was processed before giving partitions away. */
  readonly commits: boolean;
}

/** A record that is being processed when the group rebalances has so long to be done. */
const FINISH_MS = 2_000;

/** How long leaving may take when Kafka does not answer. */
const LEAVE_MS = 1_500;

/** Reads as a member of a group: fetches what the group assigns to it, and commits what was processed. */
export class GroupReader {
  /** What was fetched, and how far each partition has come. */
  readonly buffer: FetchBuffer = new FetchBuffer();
  /** Every assignment so far, the newest last. */
  readonly history: MemberAssignment[] = [];
  readonly #stop = new AbortController();
  /** Commits in this membership. */
  readonly commits: Commits;
  readonly #kafka: Kafka;
  readonly #options: GroupReaderOptions;
  readonly #membership: Membership;
  readonly #starts = new Map<string, number>();
  readonly #paused = new Set<string>();
  readonly #reading: Prefetch;
  #failure: KafkaError | undefined;
  readonly #arrived = new Notifier();
  #idle = Promise.withResolvers<void>();

  constructor(kafka: Kafka, options: GroupReaderOptions) {
    this.#kafka = kafka;
    this.#options = options;
    this.#membership = this.#member();
    this.commits = new Commits(this.#membership, {
      buffer: this.buffer,
      stop: this.#stop.signal,
    });
    this.#reading = new Prefetch(kafka, this.buffer, {
      onRecords: () => this.#arrived.notify(),
      onFailed: (error) => this.#fail(error),
      readUncommitted: options.readUncommitted ?? false,
      maxWaitMs: options.maxWaitMs ?? 100,
    });
  }

  #member(): Membership {
    const { group, name, topics, instanceId, sessionTimeoutMs = 6_000 } = this.#options;
    const shared = {
      ...{ group, name, topics },
      ...(instanceId === undefined ? {} : { instanceId }),
      rebalanceTimeoutMs: Math.max(sessionTimeoutMs, 8_000),
      onRevoke: (partitions: readonly TopicPartition[]) => this.#onRevoke(partitions),
      onAssign: (assignment: GroupAssignment) => this.#onAssign(assignment),
      onLost: (error: KafkaError) => this.#fail(error),
    };
    const { groupProtocol, heartbeatMs, assignors = [roundRobinAssignor] } = this.#options;
    if (groupProtocol === "consumer") {
      return ServerMembership.of(this.#kafka, { ...shared, kind: "consumer" });
    }
    return GroupMembership.of(this.#kafka, {
      ...{ ...shared, sessionTimeoutMs, assignors },
      ...(heartbeatMs === undefined ? {} : { heartbeatMs }),
    });
  }

  /** Joins; resolves when the member knows its partitions. */
  async join(): Promise<void> {
    try {
      await this.#membership.join();
    } catch (error) {
      throw this.#failure ?? error;
    }
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
      await this.#arrived.wait(leftMs, signal);
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
    this.#arrived.notify();
  }

  /** Commits what was processed and leaves; within about a second and a half even when Kafka is gone. */
  async leave(): Promise<void> {
    this.#stop.abort();
    this.#arrived.notify();
    this.processed();
    const leaving = async () => {
      if (this.#options.commits) await this.commits.attempt();
      await Promise.all([this.#reading.close(), this.#membership.leave()]);
    };
    await waitAtMost(leaving(), LEAVE_MS);
  }

  async #onRevoke(partitions: readonly TopicPartition[]): Promise<void> {
    this.#reading.stop(partitions);
    this.buffer.drop(partitions);
    this.#tellRevoked(partitions);
    if (!this.#options.commits) return;
    if (this.buffer.isBusy()) {
      this.#idle = Promise.withResolvers();
      await waitAtMost(this.#idle.promise, FINISH_MS);
    }
    await this.commits.attempt();
  }

  #tellRevoked(revoked: readonly TopicPartition[]): void {
    const before = this.history.at(-1), gone = new Set(revoked.map(topicPartitionKey));
    if (!before || !this.#options.onRevocation) return;
    const partitions = before.partitions.filter((one) => !gone.has(topicPartitionKey(one)));
    this.#options.onRevocation({ ...before, partitions, atMs: Date.now() });
  }

  async #onAssign({ partitions, retained, identity }: GroupAssignment): Promise<void> {
    const kept = new Set(retained.map(topicPartitionKey));
    const isFresh = (one: TopicPartition) => !kept.has(topicPartitionKey(one));
    this.#reading.stop(this.buffer.owned().filter(isFresh));
    this.buffer.assign(partitions, retained);
    const fresh = partitions.filter(isFresh);
    for (const one of await this.#beginnings(fresh)) this.#reading.readFrom(one);
    const assignment: MemberAssignment = {
      member: this.#options.name,
      memberId: identity.memberId,
      group: identity.group,
      generation: identity.generation,
      atMs: Date.now(),
      partitions,
    };
    this.history.push(assignment);
    this.#options.onAssignment?.(assignment);
  }

  /** Where each partition is read from: what the group has committed, else the start position. */
  async #beginnings(partitions: readonly TopicPartition[]): Promise<readonly PartitionOffset[]> {
    if (partitions.length === 0) return [];
    const { from = "earliest" } = this.#options;
    const found = await this.#membership.coordinator.committed(partitions, { stable: false });
    const committed = new Map(found.map((one) => [topicPartitionKey(one), one.offset]));
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

  #fail(error: unknown): void {
    const { group } = this.#options;
    this.#failure = inPlainWords(error, `read in group "${group}"`, { group });
    this.#arrived.notify();
  }
}
