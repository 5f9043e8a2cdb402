import { backoffMs, sleep } from "../../async/mod.ts";
import { type TopicPartition, topicPartitionKey } from "../../serde/mod.ts";
import type { Kafka } from "../client/connect.ts";
import { inPlainWords, KafkaError, refusal } from "../client/errors.ts";
import type { Notice } from "../client/notices.ts";
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

/** What a member owns after a join. */
export interface GroupAssignment {
  /** All that it owns now. */
  readonly partitions: readonly TopicPartition[];
  /** The member as of this assignment. */
  readonly identity: GroupIdentity;
  /** False when the group may have gone on without this member since its last assignment. */
  readonly kept: boolean;
  /** What it owned before and still owns, without a break: only under cooperative assignors. */
  readonly retained: readonly TopicPartition[];
  /** What the leader wrote for this member with {@link Assignor.inform}; empty where it wrote nothing. */
  readonly informed: string;
}

/** A member of a group, of the classic or of the newer protocol. */
export interface Membership {
  /** The group's name. */
  readonly group: string;
  /** Requests of the group's members, such as commits. Closed when the member leaves. */
  readonly coordinator: GroupCoordinator;
  /** Who this member is, as of the last assignment. @throws {KafkaError} Before the first. */
  readonly identity: GroupIdentity;
  /** Joins, and stays in the group from then on; resolves after the first `onAssign`, rejects when that cannot be. */
  join(): Promise<void>;
  /** Leaves at once and disconnects; a static member's partitions stay its own for a session. Commit before. */
  leave(): Promise<void>;
}

/** How a {@link GroupMembership} takes part, and what it calls. */
export interface MembershipOptions {
  /** Members of one group share its partitions. */
  readonly group: string;
  /** What this member reads. */
  readonly topics: readonly string[];
  /** Ways of assigning partitions, most wanted first; members of one group must have one in common. */
  readonly assignors: readonly Assignor[];
  /** Makes it a static member: away for less than a session, it gets back what it had (KIP-345). @default dynamic */
  readonly instanceId?: string;
  /** Before it gives partitions back: the last chance to commit. Kafka waits `rebalanceTimeoutMs`. */
  readonly onRevoke: (partitions: readonly TopicPartition[]) => Promise<void>;
  /** After each join. Called before anything else is done as a member of the new generation. */
  readonly onAssign: (assignment: GroupAssignment) => Promise<void>;
  /** Called with an error after which the member is out of the group and does not come back. */
  readonly onLost: (error: KafkaError) => void;
  /** After so long without a heartbeat its partitions go to others. @default 6_000 */
  readonly sessionTimeoutMs?: number;
  /** How often it sends one. @default 500, or a third of a session that is shorter than 1,500 */
  readonly heartbeatMs?: number;
  /** How long Kafka waits for members to give back what they own. @default 30_000 */
  readonly rebalanceTimeoutMs?: number;
  /** How often the leader looks whether topics have more partitions than it assigned. @default 5_000 */
  readonly topicCheckMs?: number;
  /** Called when it waits for its coordinator for seconds. @default nobody is told */
  readonly onNotice?: (notice: Notice) => void;
}

/** The group goes on, with this member or without it: it joins again. */
const REJOIN = /^(REBALANCE_IN_PROGRESS|ILLEGAL_GENERATION|UNKNOWN_MEMBER_ID)$/;
const MEMBER_ID_REQUIRED = 79;
/** A join is answered when everybody has joined, or their time is over; after so long more, nobody will answer. */
const JOIN_MARGIN_MS = 5_000;
const LEAVE_TIMEOUT_MS = 3_000;

/**
 * One membership of a group: joins, keeps it over rebalances and broker restarts, and leaves. Reading is a `Fetcher`'s.
 *
 * @see Kafka's `AbstractCoordinator` and `ConsumerCoordinator`; KIP-345, KIP-394, KIP-429, KIP-800
 */
export class GroupMembership implements Membership {
  readonly coordinator: GroupCoordinator;
  readonly #options:
    & Required<Omit<MembershipOptions, "instanceId">>
    & Pick<MembershipOptions, "instanceId">;
  readonly #stop = new AbortController();
  readonly #waiting: Waiting;
  readonly #joined = Promise.withResolvers<void>();
  #running: Promise<void> | undefined;
  #memberId = "";
  #generation = -1;
  #owned: readonly TopicPartition[] = [];
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

  async join(): Promise<void> {
    this.#running ??= this.#run();
    await this.#joined.promise;
  }

  async leave(): Promise<void> {
    const { group, instanceId } = this.#options, memberId = this.#memberId;
    this.#stop.abort();
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
    this.#owned = [];
    this.#reason = `the group answered ${code}`;
  }

  #lose(error: KafkaError): void {
    this.#stop.abort();
    this.#joined.reject(error);
    this.#options.onLost(error);
  }

  /** One generation: from the join until it has to join again. */
  async #beMember(): Promise<void> {
    const before = { memberId: this.#memberId, generation: this.#generation };
    const joined = await this.#join();
    const { assigned, informed } = await this.#sync(joined);
    this.#generation = joined.generation;
    const kept = before.memberId === joined.memberId && before.generation === joined.generation - 1;
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
    this.#reason = revoked.length > 0 ? "partitions were given back" : await this.#stay();
    if (this.#stop.signal.aborted || this.#isCooperative) return;
    await this.#alive(this.#options.onRevoke(this.#owned));
    this.#owned = [];
  }

  get #isCooperative(): boolean {
    return this.#options.assignors.every(({ cooperative }) => cooperative === true);
  }

  async #join(): Promise<JoinGroupResponse> {
    const { group, topics, assignors, sessionTimeoutMs, rebalanceTimeoutMs } = this.#options;
    const request = {
      group,
      sessionTimeoutMs,
      rebalanceTimeoutMs,
      memberId: this.#memberId,
      instanceId: this.#options.instanceId ?? null,
      protocols: assignors.map(({ name, announce }) => ({
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
    });
    this.#memberId = response.memberId;
    return response.errorCode === MEMBER_ID_REQUIRED ? await this.#join() : response;
  }

  async #sync(joined: JoinGroupResponse): Promise<
    { readonly assigned: readonly TopicPartition[]; readonly informed: string }
  > {
    const { group, instanceId = null, rebalanceTimeoutMs } = this.#options;
    const { memberId, generation, protocol } = joined;
    this.#assignedCounts = undefined;
    const assignments = joined.leader === memberId ? await this.#assign(joined) : [];
    const request = {
      ...{ group, generation, memberId, instanceId },
      protocol: protocol ?? "",
      assignments,
    };
    const timeoutMs = rebalanceTimeoutMs + JOIN_MARGIN_MS;
    const { assignment } = await this.coordinator.send(SYNC_GROUP, request, { errorIn, timeoutMs });
    const informed = new TextDecoder().decode(assignmentUserData(assignment));
    return { assigned: decodeAssignment(assignment), informed };
  }

  async #assign({ members, protocol, skipAssignment }: JoinGroupResponse) {
    const assignor = this.#options.assignors.find(({ name }) => name === protocol);
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
  async #stay(): Promise<string> {
    const { heartbeatMs, topicCheckMs } = this.#options, { signal } = this.#stop;
    for (let checkAtMs = Date.now() + topicCheckMs;;) {
      await sleep(heartbeatMs, signal);
      if (signal.aborted) return "";
      if (await this.#heartbeat() === "rebalance") return "the group rebalances";
      if (Date.now() < checkAtMs || !this.#assignedCounts) continue;
      checkAtMs = Date.now() + topicCheckMs;
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
