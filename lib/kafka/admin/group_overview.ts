import { errorOfCode } from "../transport/patches.ts";
import type { Broker, Cluster } from "../transport/broker.ts";
import type { TopicPartition } from "../../serde/mod.ts";
import { DESCRIBE_SERVER_ASSIGNED } from "../wire/api/describe_groups.ts";
import { OFFSET_FETCH } from "../wire/api/offset_fetch.ts";
import { OFFSET_FETCH_ALL } from "../wire/api/offset_fetch_all.ts";
import { SHARE_OFFSETS } from "../wire/api/share_offsets.ts";
import { classicGroups, type DescribedGroup, listGroups } from "./groups.ts";

/** A group, and how far it has come. */
export interface GroupOverview extends Pick<DescribedGroup, "group" | "protocol" | "state"> {
  /** Its members; none of a group that is empty. */
  readonly members: readonly {
    /** Readable name, chosen by who started it. */
    readonly member: string;
    /** What the broker knows it by. */
    readonly memberId: string;
    /** What it reads. */
    readonly partitions: readonly TopicPartition[];
  }[];
  /** Next offset in each partition in which there is one. Of a share group, everything before it is done with. */
  readonly committed: readonly (TopicPartition & { readonly offset: number })[];
  /** Of share groups: records that are not done with, as the broker counts them; it may not say. */
  readonly lags: readonly (TopicPartition & { readonly lag: number })[];
  /** Why it is not described, or its offsets are not told. */
  readonly problem?: string;
}

type Protocol = DescribedGroup["protocol"];

/**
 * Every group of the cluster: five requests to each broker, and one for each share group, however many others there are.
 *
 * @throws What kafkajs throws, when a broker is away or still learns its groups.
 */
export async function groupOverviews(
  cluster: Cluster,
  brokers: readonly number[],
): Promise<readonly GroupOverview[]> {
  const found = await Promise.all(
    brokers.map(async (nodeId) => await groupsOf(await cluster.broker(nodeId))),
  );
  return found.flat().sort((a, b) => a.group < b.group ? -1 : 1);
}

async function groupsOf(broker: Broker): Promise<readonly GroupOverview[]> {
  const groups = await listGroups(broker);
  const byProtocol = Map.groupBy(groups, ({ type }) => protocolOf(type));
  const names = (protocol: Protocol) => byProtocol.get(protocol)?.map(({ group }) => group) ?? [];
  const described = (await Promise.all([
    classicGroups(broker, names("classic")),
    ...DESCRIBE_SERVER_ASSIGNED.map(async (api) => {
      const groups = names(api.protocol);
      return groups.length === 0 ? [] : await broker.send(api, { groups });
    }),
  ])).flat();
  const offsets = await offsetsOf(
    broker,
    groups.filter(({ type }) => protocolOf(type) !== "share").map(({ group }) => group),
  );
  const shared = await sharesOf(broker, names("share"));
  return described.filter(({ state }) => state !== "Dead").map((one): GroupOverview => {
    const { group, protocol, state, errorCode } = one;
    const members = one.members.map(({ clientId: member, memberId, partitions }) => (
      { member, memberId, partitions }
    )).sort((a, b) => a.member < b.member ? -1 : 1);
    const its = protocol === "share" ? shared.get(group) : offsets.get(group);
    const code = errorCode || its?.errorCode || 0, problem = its?.problem ?? wordsFor(code);
    return {
      ...{ group, protocol, members, state: errorCode === 0 ? state : "Unknown" },
      ...{ committed: its?.offsets ?? [], lags: its?.lags ?? [] },
      ...(problem === undefined ? {} : { problem }),
    };
  });
}

function protocolOf(type: string): Protocol {
  const low = type.toLowerCase();
  return low === "consumer" || low === "share" || low === "streams" ? low : "classic";
}

/** Kafka's own word for a code; undefined for none. A coordinator that is moving is no fault of the group. */
function wordsFor(code: number): string | undefined {
  if (code === 0) return undefined;
  const error = errorOfCode(code) as Error & { readonly retriable?: boolean };
  if (error.retriable) throw error;
  return error.message;
}

interface Offsets {
  readonly errorCode: number;
  readonly offsets: GroupOverview["committed"];
  readonly lags?: GroupOverview["lags"];
  readonly problem?: string;
}

async function offsetsOf(
  broker: Broker,
  groups: readonly string[],
): Promise<ReadonlyMap<string, Offsets>> {
  if (groups.length === 0) return new Map();
  if (broker.versionOf(OFFSET_FETCH_ALL) !== undefined) {
    const found = await broker.send(OFFSET_FETCH_ALL, { groups });
    return new Map(found.map(({ group, ...offsets }) => [group, offsets]));
  }
  // Before Kafka 3.0, one by one.
  const found = await Promise.all(groups.map(async (group) => {
    const request = { group, partitions: null, stable: false };
    const { errorCode, partitions } = await broker.send(OFFSET_FETCH, request);
    return [group, { errorCode, offsets: partitions.filter(({ offset }) => offset >= 0) }] as const;
  }));
  return new Map(found);
}

/** One by one: there are few of them, and a request names one. */
async function sharesOf(
  broker: Broker,
  groups: readonly string[],
): Promise<ReadonlyMap<string, Offsets>> {
  const found = await Promise.all(groups.map(async (group): Promise<[string, Offsets]> => {
    if (broker.versionOf(SHARE_OFFSETS) === undefined) {
      const problem = "this Kafka does not tell what a share group has read";
      return [group, { errorCode: 0, offsets: [], problem }];
    }
    const { errorCode, offsets } = await broker.send(SHARE_OFFSETS, { group });
    const lags = offsets.flatMap(({ topic, partition, lag }) =>
      lag === null ? [] : [{ topic, partition, lag }]
    );
    return [group, { errorCode, offsets, lags }];
  }));
  return new Map(found);
}
