import { backoffMs, sleep } from "../../async/mod.ts";
import { type TopicPartition, topicPartitionKey } from "../../serde/mod.ts";
import type { Kafka } from "../client/connect.ts";
import { inPlainWords, KafkaError, refusal } from "../client/errors.ts";
import { Waiting } from "../client/waiting.ts";
import type { Cluster } from "../transport/broker.ts";
import { type GroupIdentity, HEARTBEAT } from "../wire/api/heartbeat.ts";
import { JOIN_GROUP, type JoinGroupResponse } from "../wire/api/join_group.ts";
import { LEAVE_GROUP } from "../wire/api/leave_group.ts";
import { SYNC_GROUP } from "../wire/api/sync_group.ts";
import {
  assignmentUserData,
  decodeAssignment,
  encodeAssignment,
  encodeSubscription,
  readableSubscription,
} from "../wire/consumer_protocol.ts";
import type { Assignor } from "./assignor.ts";
import { errorIn, GroupCoordinator, mayReturn } from "./coordinator.ts";
import { keepAlive } from "./keep_alive.ts";
import type { Membership, MembershipOptions } from "./membership_options.ts";

/** The group goes on, with this member or without it: it joins again. */
const REJOIN = /^(REBALANCE_IN_PROGRESS|ILLEGAL_GENERATION|UNKNOWN_MEMBER_ID)$/;
/** Somebody in the group knows none of the ways that were offered. */
const NOTHING_IN_COMMON = "INCONSISTENT_GROUP_PROTOCOL";
const MEMBER_ID_REQUIRED = 79;
/** A join is answered when everybody has joined, or their time is over; after so long more, nobody will answer. */
const JOIN_MARGIN_MS = 5_000;
const LEAVE_TIMEOUT_MS = 3_000;
/** How soon it looks for a rebalance that is to follow. */
const FOLLOW_UP_MS = 50;

/**
 * One membership of a group: joins, keeps it over rebalances and broker restarts, and leaves. Reading is a `Fetcher`'s.
 *
 * @see Kafka's `AbstractCoordinator` and `ConsumerCoordinator`; KIP-345, KIP-394, KIP-429, KIP-800
 */
export class GroupMembership implements Membership {
  readonly coordinator: GroupCoordinator;
  readonly #options:
    & Required<Omit<MembershipOptions, "instanceId" | "fallback">>
    & Pick<MembershipOptions, "instanceId" | "fallback">;
  readonly #stop = new AbortController();
  readonly #waiting: Waiting;
  readonly #joined = Promise.withResolvers<void>();
  #running: Promise<void> | undefined;
  #memberId = "";
  #generation = -1;
  /** The way of assigning that the group has taken. */
  #protocol: string | null = null;
  #owned: readonly TopicPartition[] = [];
  #isRejoining = false;
  #syncs = 0;
  #syncedMs = -Infinity;
  /** Why it joins; a broker's log shows it. */
  #reason = "the member is new";
  /** How many partitions each topic had when this member, as the leader, assigned them. */
  #assignedCounts: ReadonlyMap<string, number> | undefined;

  /** Joins nothing yet. The cluster is closed when it leaves. */
  constructor(cluster: Cluster, options: MembershipOptions) {
    this.coordinator = new GroupCoordinator(cluster, options.group);
    this.#options = {
      sessionTimeoutMs: 6_000,
      heartbeatMs: Math.min(500, (options.sessionTimeoutMs ?? 6_000) / 3),
      rebalanceTimeoutMs: 30_000,
      topicCheckMs: 5_000,
      onNotice: () => {},
      onGeneration: () => {},
      ...options,
    };
    this.#waiting = new Waiting(`Joining group "${options.group}"`, this.#options.onNotice);
    this.#joined.promise.catch(() => {});
  }

  /** A membership with connections of its own. @param options.name Readable name of the member; its id begins with it. */
  static of(
    kafka: Kafka,
    options: MembershipOptions & { readonly name?: string },
  ): GroupMembership {
    return new GroupMembership(memberCluster(kafka, options.name), {
      onNotice: (notice) => kafka.notify(notice),
      ...options,
    });
  }

  get group(): string {
    return this.#options.group;
  }

  get identity(): GroupIdentity {
    const { group, instanceId } = this.#options;
    if (this.#generation < 0) throw notAMember(group);
    return {
      group,
      memberId: this.#memberId,
      generation: this.#generation,
      instanceId: instanceId ?? null,
    };
  }

  /** Whether it keeps what it owns during rebalances, as things stand. */
  get isCooperative(): boolean {
    const { assignors, fallback } = this.#options;
    return assignors.every(({ cooperative }) => cooperative === true) &&
      (fallback === undefined || this.#protocol !== fallback.name);
  }

  /** Whether it is joining once more and keeps what it owns meanwhile: what it is in the group may change at any time. */
  get isRejoining(): boolean {
    return this.#isRejoining;
  }

  /** How often the group has told it what it owns. */
  get syncs(): number {
    return this.#syncs;
  }

  /** When it asked for what it owns, and was still a member, by `performance.now()`. */
  get syncedMs(): number {
    return this.#syncedMs;
  }

  async join(): Promise<void> {
    this.#running ??= this.#run();
    await this.#joined.promise;
  }

  async leave(): Promise<void> {
    const { group, instanceId } = this.#options, memberId = this.#memberId;
    this.#stop.abort();
    this.#isRejoining = false;
    if (memberId !== "" && instanceId === undefined) {
      const request = { group, memberId, instanceId: null, reason: "the member is closed" };
      await this.coordinator.send(LEAVE_GROUP, request, { errorIn, timeoutMs: LEAVE_TIMEOUT_MS })
        .catch(() => {}); // Its session ends it.
    }
    await this.coordinator.close();
    this.#joined.reject(new KafkaError(`Cannot join group "${group}": the member was closed`));
    await this.#running;
  }

  async #run(): Promise<void> {
    const { signal } = this.#stop, { group, instanceId = "" } = this.#options;
    for (let failures = 0; !signal.aborted;) {
      try {
        await this.#beMember();
        failures = 0;
      } catch (error) {
        if (signal.aborted) return;
        const code = refusal(error) ?? "";
        if (code === "UNKNOWN_MEMBER_ID" || code === "ILLEGAL_GENERATION") this.#forget(code);
        if (!REJOIN.test(code)) {
          const doing = this.#generation < 0 ? "join" : "stay in";
          const failed = inPlainWords(error, `${doing} group "${group}"`, { group, instanceId });
          if (!mayReturn(error)) return this.#lose(failed);
          this.#waiting.afterError(error, failed);
          await sleep(backoffMs(++failures, { maxMs: 500 }), signal);
        }
      }
    }
  }

  /** The group went on without it: what it owned may belong to others. */
  #forget(code: string): void {
    if (code === "UNKNOWN_MEMBER_ID") this.#memberId = "";
    this.#generation = -1;
    this.#disown();
    this.#reason = `the group answered ${code}`;
  }

  /** What it owned may be others'. */
  #disown(): void {
    this.#owned = [];
    this.#isRejoining = false;
  }

  #lose(error: KafkaError): void {
    this.#stop.abort();
    this.#isRejoining = false;
    this.#joined.reject(error);
    this.#options.onLost(error);
  }

  /** One generation: from the join until it has to join again. */
  async #beMember(): Promise<void> {
    this.#isRejoining = this.#owned.length > 0;
    const before = { memberId: this.#memberId, generation: this.#generation };
    const joined = await this.#join();
    const generations = joined.generation - before.generation;
    // A join that claims what the member owns goes on where the one before stands, also one that was asked for twice.
    const kept = before.memberId === joined.memberId &&
      (generations === 1 || this.#isRejoining && generations === 0);
    this.#protocol = joined.protocol;
    if (!kept) this.#disown();
    if (this.#isRejoining) {
      this.#generation = joined.generation;
      this.#options.onGeneration(this.identity);
    }
    const { assigned, informed, isPartial } = await this.#sync(joined);
    this.#generation = joined.generation;
    this.#isRejoining = false;
    this.#syncs++;
    const revoked = without(this.#owned, assigned);
    // Under an eager assignor all was given back before the join.
    if (revoked.length > 0) await this.#alive(this.#options.onRevoke(revoked));
    const retained = without(this.#owned, revoked);
    this.#owned = assigned;
    try {
      const { identity } = this;
      await this.#alive(
        this.#options.onAssign({ partitions: assigned, identity, kept, retained, informed }),
      );
    } catch (error) {
      this.#generation = -1;
      this.#owned = [];
      throw error;
    }
    this.#joined.resolve();
    this.#waiting.over();
    // They go to their new owners when everybody has joined once more.
    this.#reason = revoked.length > 0
      ? "partitions were given back"
      : await this.#stay({ isPartial, isLeader: joined.leader === joined.memberId });
    if (!this.#stop.signal.aborted && !this.isCooperative) await this.#giveAllBack();
  }

  async #giveAllBack(): Promise<void> {
    await this.#alive(this.#options.onRevoke(this.#owned));
    this.#disown();
  }

  /** What it owns it keeps over the join, so then there is no other way than a cooperative one. */
  get #offered(): readonly Assignor[] {
    const { assignors, fallback } = this.#options;
    return fallback && this.#owned.length === 0 ? [...assignors, fallback] : assignors;
  }

  async #join(): Promise<JoinGroupResponse> {
    const { group, topics, fallback, sessionTimeoutMs, rebalanceTimeoutMs } = this.#options;
    const request = {
      group,
      sessionTimeoutMs,
      rebalanceTimeoutMs,
      memberId: this.#memberId,
      instanceId: this.#options.instanceId ?? null,
      protocols: this.#offered.map(({ name, announce }) => ({
        name,
        metadata: encodeSubscription({
          topics,
          userData: new TextEncoder().encode(announce?.() ?? ""),
          owned: this.#owned,
        }),
      })),
      reason: this.#reason,
    };
    const response = await this.coordinator.send(JOIN_GROUP, request, {
      // KIP-394: a member gets its name first and joins under it, so that none is left behind when the answer is lost.
      errorIn: ({ errorCode }) => errorCode === MEMBER_ID_REQUIRED ? 0 : errorCode,
      timeoutMs: rebalanceTimeoutMs + JOIN_MARGIN_MS,
    }).catch(async (error) => {
      if (!fallback || this.#owned.length === 0 || refusal(error) !== NOTHING_IN_COMMON) {
        throw error;
      }
      // A member of an older version came before this one had told the group that it owns something.
      await this.#giveAllBack();
      return await this.#join();
    });
    this.#memberId = response.memberId;
    return response.errorCode === MEMBER_ID_REQUIRED ? await this.#join() : response;
  }

  async #sync(joined: JoinGroupResponse): Promise<
    {
      readonly assigned: readonly TopicPartition[];
      readonly informed: string;
      readonly isPartial: boolean;
    }
  > {
    const { group, instanceId = null, rebalanceTimeoutMs } = this.#options;
    const { memberId, generation, protocol } = joined, isLeader = joined.leader === memberId;
    this.#assignedCounts = undefined;
    const assignments = isLeader ? await this.#assign(joined) : [];
    const request = {
      ...{ group, generation, memberId, instanceId },
      protocol: protocol ?? "",
      assignments,
    };
    const timeoutMs = rebalanceTimeoutMs + JOIN_MARGIN_MS, askedMs = performance.now();
    const { assignment } = await this.coordinator.send(SYNC_GROUP, request, { errorIn, timeoutMs });
    this.#syncedMs = askedMs;
    const informed = new TextDecoder().decode(assignmentUserData(assignment));
    const isPartial = this.#assignorOf(protocol)?.isPartial?.(informed) === true;
    return { assigned: decodeAssignment(assignment), informed, isPartial };
  }

  #assignorOf(protocol: string | null): Assignor | undefined {
    const { assignors, fallback } = this.#options;
    return [...assignors, fallback].find((one) => one?.name === protocol);
  }

  async #assign({ members, protocol, skipAssignment }: JoinGroupResponse) {
    const assignor = this.#assignorOf(protocol);
    if (!assignor) {
      throw new KafkaError(`Cannot assign partitions by "${protocol}": it is not known here`);
    }
    const candidates = members.map(({ memberId, metadata }) => {
      const { topics, owned, userData } = readableSubscription(metadata);
      return { memberId, topics, owned, announced: new TextDecoder().decode(userData) };
    });
    const topics = candidates.flatMap((one) => one.topics);
    if (assignor.countsPartitions !== false) {
      this.#assignedCounts = await this.coordinator.partitionCounts(topics);
    }
    if (skipAssignment) return [];
    const assigned = assignor.assign(candidates, this.#assignedCounts ?? new Map());
    const informed = assignor.inform?.(candidates, assigned);
    return members.map(({ memberId }) => {
      const text = informed?.get(memberId);
      const userData = text === undefined ? null : new TextEncoder().encode(text);
      return { memberId, assignment: encodeAssignment(assigned.get(memberId) ?? [], userData) };
    });
  }

  /** Sends heartbeats until the group rebalances, or has to; resolves with the reason. */
  async #stay(
    { isPartial, isLeader }: { readonly isPartial: boolean; readonly isLeader: boolean },
  ): Promise<string> {
    const { heartbeatMs, topicCheckMs } = this.#options, { signal } = this.#stop;
    const everyMs = isPartial ? Math.min(heartbeatMs, FOLLOW_UP_MS) : heartbeatMs;
    for (let checkAtMs = Date.now() + topicCheckMs;;) {
      await sleep(everyMs, signal);
      if (signal.aborted) return "";
      if (await this.#heartbeat() === "rebalance") return "the group rebalances";
      if (Date.now() < checkAtMs) continue;
      checkAtMs = Date.now() + topicCheckMs;
      // The member that gave them back died before it rejoined; if it is static, the group waits for it and does not rebalance.
      if (isPartial && isLeader) return "partitions that were given back wait for an owner";
      if (!this.#assignedCounts) continue;
      if (await this.#topicsGrew(this.#assignedCounts)) return "a topic has more partitions";
    }
  }

  /** A topic that cannot be seen just now is no reason: partitions are only ever added. */
  async #topicsGrew(before: ReadonlyMap<string, number>): Promise<boolean> {
    try {
      const now = await this.coordinator.partitionCounts([...before.keys()]);
      return [...before].some(([topic, count]) => now.get(topic)! > count);
    } catch {
      return false; // Looked at again in a moment.
    }
  }

  /** @throws An error with Kafka's word, when the group has gone on without it. */
  async #heartbeat(): Promise<"member" | "rebalance"> {
    try {
      const timeoutMs = this.#options.sessionTimeoutMs;
      await this.coordinator.send(HEARTBEAT, this.identity, { errorIn, timeoutMs });
      return "member";
    } catch (error) {
      if (refusal(error) === "REBALANCE_IN_PROGRESS") return "rebalance";
      // A broker that comes back knows its members: the next heartbeat tells whether the session has passed.
      if (mayReturn(error)) return "member";
      throw error;
    }
  }

  /** Keeps the session alive while `work` goes on; what the group answers is seen by the next heartbeat after it. */
  #alive(work: Promise<void>): Promise<void> {
    const heartbeat = () => this.#heartbeat(), { heartbeatMs: everyMs } = this.#options;
    return keepAlive(work, { heartbeat, everyMs, signal: this.#stop.signal });
  }
}

/** Connections of a member: they fail soon, as the member tries again itself. @param name Of the member. */
export function memberCluster(kafka: Kafka, name: string = kafka.clientId): Cluster {
  return kafka.cluster({ clientId: name, retry: { retries: 2, maxRetryTime: 300 } });
}

/** What a membership throws that is asked who it is before its first assignment. */
export function notAMember(group: string): KafkaError {
  return new KafkaError(`Cannot act for group "${group}": not a member yet`, {
    group,
    retriable: true,
  });
}

/** Partitions that are not among others. */
export function without(all: readonly TopicPartition[], some: readonly TopicPartition[]) {
  const keys = new Set(some.map(topicPartitionKey));
  return all.filter((one) => !keys.has(topicPartitionKey(one)));
}
