import { backoffMs, Mutex, sleep } from "../../async/mod.ts";
import { byTopicAndPartition, type TopicPartition } from "../../serde/mod.ts";
import type { Kafka } from "../client/connect.ts";
import { inPlainWords, KafkaError, refusal } from "../client/errors.ts";
import { Waiting } from "../client/waiting.ts";
import type { Cluster } from "../transport/broker.ts";
import { errorOfCode } from "../transport/patches.ts";
import {
  CONSUMER_GROUP_HEARTBEAT,
  type GroupHeartbeatResponse,
  type TopicIdPartitions,
} from "../wire/api/consumer_group_heartbeat.ts";
import type { GroupIdentity } from "../wire/api/heartbeat.ts";
import { SHARE_GROUP_HEARTBEAT } from "../wire/api/share_group_heartbeat.ts";
import { errorIn, GroupCoordinator, mayReturn } from "./coordinator.ts";
import { keepAlive } from "./keep_alive.ts";
import { memberCluster, notAMember, without } from "./membership.ts";
import type { Membership, MembershipOptions } from "./membership_options.ts";

/** How a {@link ServerMembership} takes part, and what it calls. */
export interface ServerMembershipOptions extends
  Pick<
    MembershipOptions,
    | "group"
    | "topics"
    | "instanceId"
    | "onRevoke"
    | "onAssign"
    | "onLost"
    | "rebalanceTimeoutMs"
    | "onNotice"
  > {
  /** A group whose members own partitions (KIP-848), or one whose members share their records (KIP-932). */
  readonly kind: "consumer" | "share";
}

/** The group went on without the member: it owns nothing any more, and joins again. */
const FENCED = /^(UNKNOWN_MEMBER_ID|FENCED_MEMBER_EPOCH)$/;
/** The broker tells what to own by the ids of topics, and does not tell those. */
const UNSUPPORTED_VERSION = 35;
const JOINING = 0, LEAVING = -1, LEAVING_FOR_A_WHILE = -2;
const FIRST_HEARTBEAT_MS = 100, LEAVE_TIMEOUT_MS = 3_000;

/**
 * One membership of a group whose broker assigns the partitions: heartbeats say what the member owns, and are answered
 * with what it is to own.
 *
 * Only what must move is given back, and each member learns of that by its own heartbeat: nobody waits for the others.
 *
 * @see Kafka's `AbstractMembershipManager`; KIP-848, KIP-932
 */
export class ServerMembership implements Membership {
  readonly coordinator: GroupCoordinator;
  readonly #cluster: Cluster;
  readonly #options: Required<Omit<ServerMembershipOptions, "instanceId">> & {
    readonly instanceId: string | null;
  };
  readonly #stop = new AbortController();
  readonly #turn = new Mutex();
  readonly #waiting: Waiting;
  readonly #joined = Promise.withResolvers<void>();
  readonly #memberId = crypto.randomUUID();
  /** Topic id -> its name. */
  readonly #names = new Map<string, string>();
  #running: Promise<void> | undefined;
  #epoch = JOINING;
  #owned: readonly TopicPartition[] | undefined;
  #heartbeatMs = FIRST_HEARTBEAT_MS;
  /** Heartbeats since it joined. */
  #heartbeats = 0;

  /** Joins nothing yet. The cluster is closed when it leaves. */
  constructor(cluster: Cluster, options: ServerMembershipOptions) {
    this.#cluster = cluster;
    this.coordinator = new GroupCoordinator(cluster, options.group);
    this.#options = {
      rebalanceTimeoutMs: 30_000,
      onNotice: () => {},
      ...options,
      instanceId: options.instanceId ?? null,
    };
    this.#waiting = new Waiting(`Joining group "${options.group}"`, this.#options.onNotice);
    this.#joined.promise.catch(() => {});
  }

  /** A membership with connections of its own. @param options.name Readable name of the member. */
  static of(
    kafka: Kafka,
    options: ServerMembershipOptions & { readonly name?: string },
  ): ServerMembership {
    return new ServerMembership(memberCluster(kafka, options.name), {
      onNotice: (notice) => kafka.notify(notice),
      ...options,
    });
  }

  get group(): string {
    return this.#options.group;
  }

  get identity(): GroupIdentity {
    const { group, instanceId } = this.#options;
    if (this.#owned === undefined) throw notAMember(group);
    return { group, memberId: this.#memberId, generation: this.#epoch, instanceId };
  }

  async join(): Promise<void> {
    this.#running ??= this.#run();
    await this.#joined.promise;
  }

  async leave(): Promise<void> {
    const { group, instanceId } = this.#options, isOut = this.#stop.signal.aborted;
    this.#stop.abort();
    // Also while it joins: the broker may count it in already.
    if (this.#running && !isOut) {
      const epoch = instanceId === null ? LEAVING : LEAVING_FOR_A_WHILE;
      await this.#send(epoch, LEAVE_TIMEOUT_MS).catch(() => {}); // Its session ends it.
    }
    await this.coordinator.close();
    this.#joined.reject(new KafkaError(`Cannot join group "${group}": the member was closed`));
    await this.#running;
  }

  async #run(): Promise<void> {
    const { signal } = this.#stop;
    for (let failures = 0; !signal.aborted;) {
      try {
        const { assignment } = await this.#heartbeat();
        failures = 0;
        this.#waiting.over();
        // What has changed is told at once: others may wait for what was given back.
        if (assignment && await this.#reconcile(await this.#named(assignment))) continue;
        await sleep(this.#heartbeatMs, signal);
      } catch (error) {
        if (signal.aborted) return;
        if (FENCED.test(refusal(error) ?? "")) {
          this.#forget();
          continue;
        }
        const failed = this.#inPlainWords(error);
        if (!mayReturn(error)) return this.#lose(failed);
        this.#waiting.afterError(error, failed);
        await sleep(backoffMs(++failures, { maxMs: 500 }), signal);
      }
    }
  }

  /** Says what the member owns. One at a time: an older answer must not bring an older epoch back. */
  #heartbeat(): Promise<GroupHeartbeatResponse> {
    return this.#turn.run(() => this.#beat());
  }

  async #beat(): Promise<GroupHeartbeatResponse> {
    const response = await this.#send(this.#epoch, 2 * Math.max(this.#heartbeatMs, 1_000));
    this.#epoch = response.memberEpoch;
    this.#heartbeats++;
    // A new group is assigned a moment after its first member has joined.
    const longestMs = this.#heartbeats > 1 ? Infinity : FIRST_HEARTBEAT_MS;
    if (response.heartbeatMs > 0) this.#heartbeatMs = Math.min(response.heartbeatMs, longestMs);
    return response;
  }

  /** All is told each time: a response that was lost is answered once more. */
  #send(memberEpoch: number, timeoutMs: number): Promise<GroupHeartbeatResponse> {
    const { kind, group, topics, instanceId, rebalanceTimeoutMs } = this.#options;
    const member = { group, memberId: this.#memberId, memberEpoch, topics };
    const answered = { errorIn, saidIn: ({ said }: GroupHeartbeatResponse) => said, timeoutMs };
    if (kind === "share") return this.coordinator.send(SHARE_GROUP_HEARTBEAT, member, answered);
    const owned = this.#byId(this.#owned ?? []);
    const request = { ...member, instanceId, rebalanceTimeoutMs, owned };
    return this.coordinator.send(CONSUMER_GROUP_HEARTBEAT, request, answered);
  }

  /** Revokes what is to go to others, then takes what is new. True if anything has changed. */
  async #reconcile(target: readonly TopicPartition[]): Promise<boolean> {
    const { onRevoke, onAssign } = this.#options, before = this.#owned;
    const revoked = without(before ?? [], target);
    if (revoked.length > 0) {
      await this.#alive(onRevoke(revoked));
      this.#owned = without(before ?? [], revoked);
    }
    const retained = this.#owned ?? [], added = without(target, retained);
    const isChanged = revoked.length + added.length > 0;
    // The first assignment of a group may come one heartbeat later: until then nobody is told that there is nothing.
    if (!isChanged && (before !== undefined || this.#heartbeats < 2)) return false;
    this.#owned = target;
    const { identity } = this;
    await this.#alive(
      onAssign({ partitions: target, identity, kept: true, retained, informed: "" }),
    );
    this.#joined.resolve();
    return isChanged;
  }

  /** The group went on without it: what it owned may belong to others. */
  #forget(): void {
    this.#epoch = JOINING;
    this.#owned = undefined;
    this.#heartbeats = 0;
  }

  #lose(error: KafkaError): void {
    this.#stop.abort();
    this.#joined.reject(error);
    this.#options.onLost(error);
  }

  #inPlainWords(error: unknown): KafkaError {
    const { group, kind } = this.#options, doing = `join group "${group}"`;
    const said = (error as { readonly said?: string }).said, code = refusal(error);
    const why = code === "UNSUPPORTED_VERSION"
      ? kind === "consumer"
        ? 'its broker does not assign partitions itself (leave out groupProtocol: "consumer", or ' +
          "use Kafka 4.0 or newer)"
        : "its broker has no share groups (use consumer(), or Kafka 4.2 or newer)"
      : code === "GROUP_ID_NOT_FOUND"
      ? `${said?.replace(/\.$/, "") ?? "it is a group of another kind"} (choose another group)`
      : undefined;
    if (why === undefined) return inPlainWords(error, doing, { group });
    return new KafkaError(`Cannot ${doing}: ${why}`, {
      group,
      ...(code === undefined ? {} : { code }),
      cause: error,
    });
  }

  /** Partitions by the names of their topics; left out, until the next heartbeat, where a name is not known yet. */
  async #named(assignment: readonly TopicIdPartitions[]): Promise<TopicPartition[]> {
    if (assignment.some(({ topicId }) => !this.#names.has(topicId))) await this.#learnNames();
    return assignment.flatMap(({ topicId, partitions }) => {
      const topic = this.#names.get(topicId);
      return topic === undefined ? [] : partitions.map((partition) => ({ topic, partition }));
    }).sort(byTopicAndPartition);
  }

  async #learnNames(): Promise<void> {
    const { topics } = this.#options;
    await this.#cluster.refresh(topics);
    for (const topic of topics) {
      const found = this.#cluster.topic(topic);
      if (found?.errorCode !== 0) continue;
      if (found.topicId === null) throw errorOfCode(UNSUPPORTED_VERSION);
      this.#names.set(found.topicId, topic);
    }
  }

  #byId(partitions: readonly TopicPartition[]): TopicIdPartitions[] {
    const ids = new Map([...this.#names].map(([topicId, topic]) => [topic, topicId]));
    return [...Map.groupBy(partitions, ({ topic }) => topic)].map(([topic, its]) => ({
      topicId: ids.get(topic)!,
      partitions: its.map(({ partition }) => partition),
    }));
  }

  /** Keeps the session alive while `work` goes on; the next heartbeat after it tells what the group answers. */
  #alive(work: Promise<void>): Promise<void> {
    const heartbeat = () => this.#heartbeat(), everyMs = this.#heartbeatMs;
    return keepAlive(work, { heartbeat, everyMs, signal: this.#stop.signal });
  }
}
