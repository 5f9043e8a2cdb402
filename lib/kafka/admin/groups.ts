import { byTopicAndPartition, type TopicPartition } from "../../serde/mod.ts";
import type { Assignment, Lag } from "../../views/mod.ts";
import type { Kafka } from "../client/connect.ts";
import { KafkaError, refusal } from "../client/errors.ts";
import { lagOf, type PartitionOffset } from "./lag.ts";
import { GroupCoordinator } from "../group/coordinator.ts";
import { decodeAssignment } from "../wire/consumer_protocol.ts";
import { configuredEverywhere } from "./every_broker.ts";
import { failOn } from "./topic_results.ts";
import { ALTER_SOME_CONFIG } from "../wire/api/configs.ts";
import { waitUntil } from "../client/wait.ts";
import { type Broker, metadataOf } from "../transport/broker.ts";
import { errorOfCode } from "../transport/patches.ts";
import { DELETE_GROUPS } from "../wire/api/delete_groups.ts";
import { DESCRIBE_CLASSIC_GROUPS } from "../wire/api/describe_classic_groups.ts";
import { DESCRIBE_SERVER_ASSIGNED, NO_SUCH_GROUP } from "../wire/api/describe_groups.ts";
import { LIST_GROUPS, type ListedGroup } from "../wire/api/list_groups.ts";
import { OFFSET_FETCH } from "../wire/api/offset_fetch.ts";

/** Where {@link Groups.reset} moves a group to. */
export interface ResetOptions {
  /** Only this topic's partitions move. */
  readonly topic: string;
  /** `offset` without `partition` means every partition. Kept within what is in the topic. */
  readonly to:
    | "earliest"
    | "latest"
    | { readonly timestampMs: number }
    | { readonly offset: number; readonly partition?: number };
  /** Only says what would change. @default false */
  readonly dryRun?: boolean;
}

/** One partition's step in a reset. */
export interface OffsetChange {
  /** The topic that was named in the reset. */
  readonly topic: string;
  /** Number of the partition, from 0. */
  readonly partition: number;
  /** Committed offset before; null when there was none. */
  readonly from: number | null;
  /** Committed offset after: the next record that the group reads. */
  readonly to: number;
}

/** A group, and how its members share out what they read. */
export interface DescribedGroup extends Assignment {
  /** `classic`: a member shares out the partitions; the others: the broker does (KIP-848, KIP-932, KIP-1071). */
  readonly protocol: "classic" | "consumer" | "share" | "streams";
}

/** Describes groups, their lag, and moves their offsets; `kafka.groups`. */
export class Groups {
  readonly #kafka: Kafka;

  /** @internal */
  constructor(kafka: Kafka) {
    this.#kafka = kafka;
  }

  /** Names of all groups, sorted. */
  async list(): Promise<readonly string[]> {
    return await this.#kafka.askCluster("list the groups", async (cluster) => {
      const { brokers } = await metadataOf(cluster, []);
      const groups = await Promise.all(
        brokers.map(async ({ nodeId }) => await listGroups(await cluster.broker(nodeId))),
      );
      return groups.flat().map(({ group }) => group).sort();
    });
  }

  /** Members of a group and what each owns now; a group that is not there is `Dead` and has none. */
  async describe(group: string): Promise<DescribedGroup> {
    const { protocol, state, members } = await this.#kafka.askCoordinator(
      `describe group "${group}"`,
      (coordinator) => describeGroup(coordinator, group),
      { group, operation: "Describe" },
    );
    const atMs = Date.now();
    const named = members.map(({ clientId: member, memberId, partitions }) => (
      { member, memberId, group, generation: null, atMs, partitions }
    )).sort((a, b) => a.member < b.member ? -1 : 1);
    return { group, protocol, state, atMs, members: named };
  }

  /**
   * Waits until a group has so many members and has shared out its partitions.
   *
   * @throws {KafkaError} When that is not so in time.
   */
  async settled(
    group: string,
    options: {
      readonly members: number;
      /** @default 15_000 */
      readonly timeoutMs?: number;
      readonly signal?: AbortSignal;
    },
  ): Promise<DescribedGroup> {
    const { members, timeoutMs = 15_000, signal } = options;
    let seen = await this.describe(group);
    await waitUntil(`group "${group}" to settle with ${members} members`, async () => {
      seen = await this.describe(group);
      return seen.members.length === members &&
        (seen.state === "Stable" || members === 0);
    }, { timeoutMs, signal: this.#kafka.stopSignal(signal) });
    return seen;
  }

  /** Committed offsets: of each partition, the next record the group will read. */
  async offsets(group: string, topic?: string): Promise<readonly PartitionOffset[]> {
    const found = await this.#kafka.askCoordinator(
      `read the offsets of group "${group}"`,
      async (coordinator) => {
        const request = { group, partitions: null, stable: false };
        const { errorCode, partitions } = await coordinator.send(OFFSET_FETCH, request);
        if (errorCode !== 0) throw errorOfCode(errorCode);
        return partitions;
      },
      { group, operation: "Describe" },
    );
    return found.filter((one) => one.offset >= 0 && (topic === undefined || one.topic === topic))
      .map(({ topic, partition, offset }) => ({ topic, partition, offset }))
      .sort(byTopicAndPartition);
  }

  /** How far a group is behind in every topic it has committed in or owns; or in one topic. */
  async lag(group: string, topic?: string): Promise<readonly Lag[]> {
    const committed = await this.offsets(group, topic);
    const { members } = await this.describe(group);
    const owned = members.flatMap(({ partitions }) => partitions);
    const topics = topic ? [topic] : [...new Set([...committed, ...owned].map((one) => one.topic))];
    const there = await this.#kafka.topics.list({ internal: true });
    const begin: PartitionOffset[] = [], end: PartitionOffset[] = [];
    for (const name of topics.filter((one) => there.includes(one))) {
      const of = (offsets: readonly number[]) =>
        offsets.map((offset, partition) => ({ topic: name, partition, offset }));
      begin.push(...of(await this.#kafka.topics.beginOffsets(name)));
      end.push(...of(await this.#kafka.topics.endOffsets(name)));
    }
    return lagOf({ committed, begin, end, members });
  }

  /**
   * Moves the committed offsets of a group that has no members.
   *
   * @throws {KafkaError} If the group has members, or the topic is not there.
   */
  async reset(group: string, options: ResetOptions): Promise<readonly OffsetChange[]> {
    const doing = `reset group "${group}"`;
    const { members, protocol } = await this.describe(group);
    if (protocol === "share" || protocol === "streams") {
      throw new KafkaError(
        `Cannot ${doing}: it is a ${protocol} group, whose offsets only Kafka's own tools move ` +
          `(kafka-${protocol}-groups.sh --reset-offsets)`,
        { group },
      );
    }
    if (members.length > 0) {
      const names = members.map(({ member }) => member).join(", ");
      throw new KafkaError(
        `Cannot ${doing}: it still has ${members.length} members: ${names} (close them first)`,
        { group },
      );
    }
    const changes = await this.#changes(group, options);
    if (options.dryRun) return changes;
    await this.#commit(group, changes);
    return changes;
  }

  /**
   * Changes some settings of a group and keeps the others: only groups that their broker assigns have any.
   *
   * @example A share group that is new begins with the oldest records
   * ```ts ignore
   * await kafka.groups.configure("g", { "share.auto.offset.reset": "earliest" });
   * ```
   * @see Kafka's documentation, "Group Configs"
   */
  async configure(group: string, config: Readonly<Record<string, string>>): Promise<void> {
    const resource = { type: "group", name: group } as const;
    await this.#kafka.askController(
      `change the settings of group "${group}"`,
      async (controller) => failOn(await controller.send(ALTER_SOME_CONFIG, { resource, config })),
      { group, operation: "AlterConfigs" },
    );
    await waitUntil(
      `every broker to know the settings of group "${group}"`,
      () => configuredEverywhere(this.#kafka, { resource, config }),
      { signal: this.#kafka.stopSignal() },
    );
  }

  /**
   * Forgets a group and its offsets. True if it was there.
   *
   * Its members that were made from this connection are closed first; those of other programs are not.
   *
   * @throws {KafkaError} If the group has members elsewhere.
   */
  async delete(group: string): Promise<boolean> {
    await this.#kafka.closeConsumers({ group });
    return await this.#kafka.askCoordinator(`delete group "${group}"`, async (coordinator) => {
      const [result] = await coordinator.send(DELETE_GROUPS, { groups: [group] });
      if (result!.errorCode === 0) return true;
      const error = errorOfCode(result!.errorCode), code = refusal(error);
      if (code === "GROUP_ID_NOT_FOUND") return false;
      if (code !== "NON_EMPTY_GROUP") throw error;
      throw new KafkaError(
        `Cannot delete group "${group}": it still has members in other programs (close them first)`,
        { group, code },
      );
    }, { group, operation: "Delete" });
  }

  async #changes(group: string, { topic, to }: ResetOptions): Promise<readonly OffsetChange[]> {
    const topics = this.#kafka.topics;
    const begin = await topics.beginOffsets(topic), end = await topics.endOffsets(topic);
    const before = await this.offsets(group, topic);
    const target = to === "earliest"
      ? begin
      : to === "latest"
      ? end
      : "timestampMs" in to
      ? await topics.offsetsAt(topic, to.timestampMs)
      : begin.map((first, partition) => Math.min(Math.max(to.offset, first), end[partition]!));
    const only = typeof to === "object" && "offset" in to ? to.partition : undefined;
    return target.map((offset, partition) => ({
      topic,
      partition,
      from: before.find((one) => one.partition === partition)?.offset ?? null,
      to: offset,
    })).filter(({ partition }) => only === undefined || partition === only);
  }

  /** Commits as a reader outside the group may when it is empty: no member id, generation −1. */
  async #commit(group: string, changes: readonly OffsetChange[]): Promise<void> {
    const coordinator = new GroupCoordinator(this.#kafka.cluster(), group);
    try {
      const offsets = changes.map(({ topic, partition, to }) => ({ topic, partition, offset: to }));
      await coordinator.commit(offsets, { group, memberId: "", generation: -1 });
    } finally {
      await coordinator.close();
    }
  }
}

/** The groups that a broker coordinates. @throws Kafka's refusal */
export async function listGroups(broker: Broker): Promise<readonly ListedGroup[]> {
  const { errorCode, groups } = await broker.send(LIST_GROUPS, {});
  if (errorCode !== 0) throw errorOfCode(errorCode);
  return groups;
}

/** Groups whose members share out the partitions; one that is not there, or of another kind, is `Dead`. */
export async function classicGroups(broker: Broker, groups: readonly string[]) {
  if (groups.length === 0) return [];
  const described = await broker.send(DESCRIBE_CLASSIC_GROUPS, { groups });
  return described.map(({ protocolType, members, ...group }) => ({
    ...{ ...group, protocol: "classic" as const },
    members: members.map(({ assignment, ...member }) => ({
      ...{ ...member, partitions: readablePartitions(protocolType, assignment) },
    })),
  }));
}

/** A group of whatever kind, as its coordinator knows it. */
async function describeGroup(coordinator: Broker, group: string) {
  const [classic] = await classicGroups(coordinator, [group]);
  if (classic!.errorCode !== 0) throw errorOfCode(classic!.errorCode);
  if (classic!.state !== "Dead") return classic!;
  for (const api of DESCRIBE_SERVER_ASSIGNED) {
    if (coordinator.versionOf(api) === undefined) continue;
    const [found] = await coordinator.send(api, { groups: [group] });
    if (!found) continue;
    if (found.errorCode === 0) return found;
    if (!NO_SUCH_GROUP.includes(found.errorCode)) throw errorOfCode(found.errorCode);
  }
  return classic!;
}

/**
 * What the leader of a group gave to a member: none where an assignor of another program has written what only it can
 * read, or where the members (Kafka Connect's workers, for one) share out something else than partitions.
 */
function readablePartitions(
  protocolType: string,
  assignment: Uint8Array,
): readonly TopicPartition[] {
  if (protocolType !== "consumer") return [];
  try {
    return decodeAssignment(assignment);
  } catch (error) {
    if (error instanceof RangeError) return [];
    throw error;
  }
}
