import { backoffMs, Notifier, sleep, waitAtMost } from "../../async/mod.ts";
import { type TopicPartition, topicPartitionKey } from "../../serde/mod.ts";
import type { MemberAssignment } from "../../views/mod.ts";
import type { Kafka } from "../client/connect.ts";
import { inPlainWords, KafkaError, refusal } from "../client/errors.ts";
import { Waiting } from "../client/waiting.ts";
import { memberCluster } from "../group/membership.ts";
import type { GroupAssignment } from "../group/membership_options.ts";
import { ServerMembership } from "../group/server_membership.ts";
import { type Cluster, leaderOf } from "../transport/broker.ts";
import { errorOfCode } from "../transport/patches.ts";
import type { SharePartitionResponse } from "../wire/api/share_fetch.ts";
import { HeldRecords } from "./held_records.ts";
import { type ShareLimits, ShareSession } from "./share_session.ts";

/** Who a {@link ShareReader} is, and whom it tells of its assignments. */
export interface ShareReaderOptions {
  readonly group: string;
  readonly topics: readonly string[];
  readonly name: string;
  readonly onAssignment?: (assignment: MemberAssignment) => void;
}

/** Refusals that no retry changes. */
const FINAL = /AUTHORIZATION|^UNSUPPORTED_VERSION$|^INVALID_REQUEST$/;
/** How long leaving may take when Kafka does not answer. */
const LEAVE_MS = 1_500;

/** Acquires records as a member of a share group, and says what became of them. */
export class ShareReader {
  /** What brokers hold for this member. */
  readonly held: HeldRecords = new HeldRecords();
  /** Every assignment so far, the newest last. */
  readonly history: MemberAssignment[] = [];
  readonly #options: ShareReaderOptions;
  readonly #cluster: Cluster;
  readonly #membership: ServerMembership;
  readonly #sessions = new Map<number, ShareSession>();
  readonly #waiting: Waiting;
  readonly #notify: Kafka["notify"];
  readonly #assigned = new Notifier();
  readonly #stop = new AbortController();
  #partitions: readonly TopicPartition[] = [];
  /** Whether leaders have to be looked for. */
  #isStale = true;
  #failures = 0;
  #failure: KafkaError | undefined;

  constructor(kafka: Kafka, options: ShareReaderOptions) {
    const { group, topics, name } = options;
    this.#options = options;
    this.#notify = (notice) => kafka.notify(notice);
    this.#waiting = new Waiting(`Reading in share group "${group}"`, this.#notify);
    this.#cluster = memberCluster(kafka, name);
    this.#membership = ServerMembership.of(kafka, {
      ...{ kind: "share", group, topics, name },
      onRevoke: () => Promise.resolve(),
      onAssign: (assignment) => this.#assign(assignment),
      onLost: (error) => this.#fail(error),
    });
  }

  /** Whether it has left, or is about to. */
  get isClosed(): boolean {
    return this.#stop.signal.aborted;
  }

  /** Joins; resolves when the member knows its partitions. */
  join(): Promise<void> {
    return this.#membership.join();
  }

  /** Acquires more, if something comes in time. @throws {KafkaError} If that cannot be. */
  async fill(limits: ShareLimits): Promise<void> {
    if (this.#failure) throw this.#failure;
    if (this.#partitions.length === 0) {
      return await this.#assigned.wait(limits.maxWaitMs);
    }
    try {
      if (this.#isStale) await this.#cluster.refresh(this.#options.topics);
      this.#isStale = false;
      const byLeader = Map.groupBy(this.#partitions, (one) => leaderOf(this.#cluster, one));
      if (byLeader.delete(undefined)) this.#isStale = true;
      await Promise.all(
        [...byLeader].map(([nodeId, its]) => this.#fetch(its, { nodeId: nodeId!, ...limits })),
      );
      this.#failures = 0;
      this.#waiting.over();
    } catch (error) {
      await this.#tryAgain(error);
    }
    // A leader is looked for ten times a second at most.
    if (this.#isStale) await sleep(100, this.#stop.signal);
  }

  /**
   * Sends what became of records.
   *
   * @returns The partitions of which some were not held any more.
   */
  async acknowledge(): Promise<readonly string[]> {
    const lost = await Promise.all([...this.#sessions].map(async ([nodeId, session]) => {
      const acknowledged = this.#takeAcknowledged(nodeId);
      if (acknowledged.length === 0) return [];
      try {
        const refused = await session.acknowledge(acknowledged);
        return refused.map((one) => topicPartitionKey({ ...one, topic: this.#nameOf(one) }));
      } catch (error) {
        this.held.forget(nodeId);
        if (FINAL.test(refusal(error) ?? "")) throw this.#inPlainWords(error);
        return acknowledged.map(topicPartitionKey);
      }
    }));
    return lost.flat().sort();
  }

  /** Sends what was acknowledged, releases the rest and leaves; within two seconds even when Kafka is gone. */
  async leave(): Promise<void> {
    this.#stop.abort();
    this.#assigned.notify();
    const leaving = async () => {
      await Promise.all(
        [...this.#sessions].map(([nodeId, session]) =>
          session.close(this.#takeAcknowledged(nodeId)).catch(() => {}) // Their time will be up.
        ),
      );
      await Promise.all([this.#membership.leave(), this.#cluster.close()]);
    };
    await waitAtMost(leaving(), LEAVE_MS);
  }

  async #fetch(
    partitions: readonly TopicPartition[],
    { nodeId, ...limits }: ShareLimits & { readonly nodeId: number },
  ): Promise<void> {
    const wanted = partitions.flatMap(({ topic, partition }) => {
      const { topicId = null } = this.#cluster.topic(topic) ?? {};
      return topicId === null ? [] : [{ topicId, partition }];
    });
    try {
      const { lockMs, partitions: found } = await this.#session(nodeId).fetch(wanted, limits);
      const heldUntilMs = Date.now() + lockMs;
      for (const one of found) this.#take(one, { nodeId, heldUntilMs });
    } catch (error) {
      this.held.forget(nodeId);
      throw error;
    }
  }

  #take(
    found: SharePartitionResponse,
    { nodeId, heldUntilMs }: { readonly nodeId: number; readonly heldUntilMs: number },
  ): void {
    const { errorCode, said, partition } = found;
    if (errorCode !== 0) {
      const error = errorOfCode(errorCode, said);
      if (FINAL.test(refusal(error) ?? "")) throw error;
      this.#isStale = true; // It has another leader, or will have.
      return;
    }
    this.held.add({ topic: this.#nameOf(found), partition, nodeId }, { ...found, heldUntilMs });
  }

  #takeAcknowledged(nodeId: number) {
    return this.held.takeAcknowledged(nodeId).map((one) => ({
      ...one,
      topicId: this.#cluster.topic(one.topic)!.topicId!,
    }));
  }

  #session(nodeId: number): ShareSession {
    const found = this.#sessions.get(nodeId);
    if (found) return found;
    const { group, memberId } = this.#membership.identity;
    const session = new ShareSession(() => this.#cluster.broker(nodeId), { group, memberId });
    this.#sessions.set(nodeId, session);
    return session;
  }

  #nameOf({ topicId }: { readonly topicId: string }): string {
    const { topics } = this.#options;
    return topics.find((name) => this.#cluster.topic(name)?.topicId === topicId) ?? topicId;
  }

  #assign({ partitions, identity }: GroupAssignment): Promise<void> {
    const { name, group, onAssignment } = this.#options, { memberId, generation } = identity;
    const assignment = { member: name, memberId, group, generation, atMs: Date.now(), partitions };
    this.#partitions = partitions;
    this.history.push(assignment);
    this.#assigned.notify();
    onAssignment?.(assignment);
    return Promise.resolve();
  }

  async #tryAgain(error: unknown): Promise<void> {
    const failed = this.#inPlainWords(error);
    if (FINAL.test(failed.code ?? "")) throw failed;
    this.#isStale = true;
    this.#waiting.afterError(error, failed);
    await sleep(backoffMs(++this.#failures, { maxMs: 500 }), this.#stop.signal);
  }

  #inPlainWords(error: unknown): KafkaError {
    const { group, topics } = this.#options;
    const place = { group, topic: topics[0]!, operation: "Read" } as const;
    return inPlainWords(error, `read in share group "${group}"`, place);
  }

  #fail(error: KafkaError): void {
    this.#failure = error;
    this.#assigned.notify();
  }
}
