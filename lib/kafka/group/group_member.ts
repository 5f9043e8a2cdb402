import { sleep } from "../../async/mod.ts";
import type { TopicPartition } from "../../serde/mod.ts";
import { Buffer } from "node:buffer";
import { AssignerProtocol, type PartitionAssigner } from "kafkajs";
import type { Kafka } from "../client/connect.ts";
import { inPlainWords, isConnectionTrouble, KafkaError, refusal } from "../client/errors.ts";
import {
  commitInTransaction,
  type CommittedOffset,
  fetchCommitted,
  type GroupIdentity,
} from "../wire/api/group_offsets.ts";
import {
  type Cluster,
  clusterOf,
  hooked,
  type JoinedGroup,
  type ProducerIdentity,
} from "../transport/patches.ts";

/** What the leader of a group knows of a member when it hands out work. */
export interface Candidate {
  /** The name that Kafka gave it, unique in the group. */
  readonly memberId: string;
  /** Whatever the member wrote with {@link GroupMemberOptions.announce}. */
  readonly announced: string;
}

/** How a {@link GroupMember} takes part. */
export interface GroupMemberOptions {
  /** Members of one group share out the partitions among them. */
  readonly group: string;
  /** Every member of the group names the same. */
  readonly topics: readonly string[];
  /** Name of the way work is handed out: members of one group must agree on it. */
  readonly protocol: string;
  /** Text that the leader gets from this member at each join. */
  readonly announce: () => string;
  /** Hands out partitions; runs in the leader only. */
  readonly assign: (
    candidates: readonly Candidate[],
  ) => ReadonlyMap<string, readonly TopicPartition[]>;
  /** Before the member gives its partitions back: the last chance to commit. Kafka waits `rebalanceTimeoutMs`. */
  readonly onRevoke: () => Promise<void>;
  /** After each join. `kept` is false when the group may have gone on without this member. */
  readonly onAssign: (partitions: readonly TopicPartition[], kept: boolean) => Promise<void>;
  /** Gets an error after which the member is out of the group and does not come back. */
  readonly onLost: (error: KafkaError) => void;
  /** After so long without a sign of life its partitions go to others. @default 6_000 */
  readonly sessionTimeoutMs?: number;
  /** How often it gives a sign of life. @default 500 */
  readonly heartbeatMs?: number;
  /** How long Kafka waits for members to give back what they own. @default 30_000 */
  readonly rebalanceTimeoutMs?: number;
}

/** What a group says to a member that it went on without, or that must join again. */
const OUT_OF_GROUP =
  /^(ILLEGAL_GENERATION|UNKNOWN_MEMBER_ID|REBALANCE_IN_PROGRESS|FENCED_INSTANCE_ID)$/;

/** Whether a request was refused because the group has gone on, or is about to: the next join puts it right. */
export function isOutOfGroup(error: unknown): boolean {
  return error instanceof KafkaError && OUT_OF_GROUP.test(error.code ?? "");
}

/** A coordinator that moved is looked for again; these are its refusals meanwhile. */
const COORDINATOR_MOVED = /COORDINATOR|^NOT_LEADER|^REQUEST_TIMED_OUT/;

/**
 * A member of a group that reads nothing through it: it owns partitions, keeps its place, and commits.
 *
 * kafkajs does the joining and the heartbeats; reading is a {@link Fetcher}'s, which needs no group and no pauses.
 */
export class GroupMember {
  readonly #options: GroupMemberOptions;
  readonly #cluster: Cluster;
  readonly #consumer;
  readonly #leaving = new AbortController();
  #coordinator: Promise<Cluster> | undefined;
  #joined: { readonly memberId: string; readonly generation: number } | undefined;

  /** Joins nothing yet. */
  constructor(kafka: Kafka, options: GroupMemberOptions) {
    this.#options = options;
    this.#cluster = clusterOf(kafka.client());
    this.#consumer = kafka.client().consumer({
      groupId: options.group,
      sessionTimeout: options.sessionTimeoutMs ?? 6_000,
      heartbeatInterval: options.heartbeatMs ?? 500,
      rebalanceTimeout: options.rebalanceTimeoutMs ?? 30_000,
      maxWaitTimeInMs: 100,
      allowAutoTopicCreation: false,
      partitionAssigners: [hooked(this.#assigner(), {
        beforeRejoin: () => this.#options.onRevoke(),
        afterJoin: (group) => this.#afterJoin(group),
      })],
    });
  }

  /** The group's name. */
  get group(): string {
    return this.#options.group;
  }

  /** Who this member is, as of the last join. @throws {KafkaError} Before the first. */
  get identity(): GroupIdentity {
    if (this.#joined) return { group: this.#options.group, ...this.#joined };
    throw new KafkaError(`Cannot act for group "${this.#options.group}": not a member yet`);
  }

  /** Joins; resolves after the first `onAssign`. */
  async join(): Promise<void> {
    this.#consumer.on(this.#consumer.events.CRASH, ({ payload }) => {
      if (payload.restart || this.#leaving.signal.aborted) return;
      // kafkajs gives up on some troubles that pass, such as a coordinator that is not there yet.
      if (isConnectionTrouble(payload.error)) return void this.#joinAgain();
      this.#options.onLost(
        inPlainWords(payload.error, `stay in group "${this.#options.group}"`, {
          group: this.#options.group,
        }),
      );
    });
    await this.#cluster.connect();
    await this.#consumer.connect();
    await this.#consumer.subscribe({ topics: [...this.#options.topics], fromBeginning: true });
    await this.#run();
  }

  async #joinAgain(): Promise<void> {
    await sleep(500, this.#leaving.signal);
    while (!this.#leaving.signal.aborted) {
      try {
        await this.#consumer.connect();
        return await this.#run();
      } catch {
        await sleep(500, this.#leaving.signal);
      }
    }
  }

  #run(): Promise<void> {
    return this.#consumer.run({ autoCommit: false, eachBatch: () => Promise.resolve() });
  }

  /** Leaves the group at once and disconnects. Commit before. */
  async leave(): Promise<void> {
    this.#leaving.abort();
    await this.#consumer.disconnect();
    await this.#cluster.disconnect();
  }

  /**
   * Whether the group still counts this member in, as of that generation.
   *
   * False also while the group is handing out work anew: ask again after the next `onAssign`.
   */
  async belongs(as: GroupIdentity = this.identity): Promise<boolean> {
    const { group: groupId, memberId, generation: groupGenerationId } = as;
    try {
      await this.#ask(
        "stay in",
        (coordinator) => coordinator.heartbeat({ groupId, groupGenerationId, memberId }),
      );
      return true;
    } catch (error) {
      if (isOutOfGroup(error)) return false;
      throw error;
    }
  }

  /** Where the group goes on. Waits, with `stable`, until no open transaction can change it. */
  committed(
    partitions: readonly TopicPartition[],
    options: { readonly stable: boolean },
  ): Promise<CommittedOffset[]> {
    const { group } = this.#options;
    return this.#ask(
      "read offsets of",
      (coordinator) => fetchCommitted(coordinator, group, partitions, options),
    );
  }

  /** Commits as a member of that generation. @throws {KafkaError} If the group has gone on without it. */
  async commit(
    offsets: readonly CommittedOffset[],
    as: GroupIdentity = this.identity,
  ): Promise<void> {
    const { group, memberId, generation } = as;
    const topics = [...Map.groupBy(offsets, ({ topic }) => topic)].map(([topic, partitions]) => ({
      topic,
      partitions: partitions.map(({ partition, offset, metadata }) => ({
        partition,
        offset: `${offset}`,
        metadata: metadata ?? null,
      })),
    }));
    await this.#ask(
      "commit offsets of",
      (coordinator) =>
        coordinator.offsetCommit({
          groupId: group,
          groupGenerationId: generation,
          memberId,
          topics,
        }),
    );
  }

  /** Makes offsets part of a producer's transaction. @throws {KafkaError} If the group has gone on without it. */
  async commitWith(
    producer: ProducerIdentity,
    offsets: readonly CommittedOffset[],
    as: GroupIdentity = this.identity,
  ): Promise<void> {
    await this.#ask(
      "commit offsets of",
      (coordinator) => commitInTransaction(coordinator, producer, as, offsets),
    );
  }

  async #ask<T>(doing: string, question: (coordinator: Cluster) => Promise<T>): Promise<T> {
    const { group } = this.#options;
    for (let waitMs = 20;; waitMs = Math.min(waitMs * 2, 500)) {
      try {
        this.#coordinator ??= this.#cluster.findGroupCoordinator({ groupId: group });
        return await question(await this.#coordinator);
      } catch (error) {
        this.#coordinator = undefined;
        const failed = inPlainWords(error, `${doing} group "${group}"`, { group });
        const code = refusal(error);
        const again = code === undefined
          ? failed.retriable || isConnectionTrouble(error)
          : COORDINATOR_MOVED.test(code) ||
            code === "UNSTABLE_OFFSET_COMMIT" || code === "GROUP_LOAD_IN_PROGRESS";
        if (!again) throw failed;
        await sleep(waitMs);
        await this.#cluster.refreshMetadata().catch(() => {});
      }
    }
  }

  async #afterJoin(group: JoinedGroup): Promise<void> {
    const before = this.#joined;
    const kept = before?.memberId === group.memberId &&
      group.generationId === before.generation + 1;
    this.#joined = { memberId: group.memberId, generation: group.generationId };
    group.pause(this.#options.topics.map((topic) => ({ topic })));
    const partitions = group.assigned().flatMap(({ topic, partitions }) =>
      partitions.map((partition) => ({ topic, partition }))
    );
    await this.#options.onAssign(partitions, kept);
  }

  #assigner(): PartitionAssigner {
    const { protocol, topics, announce, assign } = this.#options;
    const { MemberMetadata, MemberAssignment } = AssignerProtocol;
    return () => ({
      name: protocol,
      version: 0,
      protocol: () => ({
        name: protocol,
        metadata: MemberMetadata.encode({
          version: 0,
          topics: [...topics],
          userData: Buffer.from(announce()),
        }),
      }),
      assign: ({ members }) => {
        const given = assign(members.map(({ memberId, memberMetadata }) => ({
          memberId,
          announced: MemberMetadata.decode(memberMetadata)?.userData.toString() ?? "",
        })));
        return Promise.resolve(members.map(({ memberId }) => ({
          memberId,
          memberAssignment: MemberAssignment.encode({
            version: 0,
            assignment: partitionsByTopic(given.get(memberId) ?? []),
            userData: Buffer.alloc(0),
          }),
        })));
      },
    });
  }
}

function partitionsByTopic(partitions: readonly TopicPartition[]): Record<string, number[]> {
  const byTopic = Map.groupBy(partitions, ({ topic }) => topic);
  return Object.fromEntries(
    [...byTopic].map(([topic, found]) => [topic, found.map(({ partition }) => partition)]),
  );
}
