import type { Kafka } from "../../../kafka/mod.ts";
import type {
  GroupHistory,
  GroupLine,
  LagSample,
  LogBox,
  LogLane,
  LogLanes,
  TopicLine,
} from "../../contract.ts";
import { type LogEntry, readLog } from "./log.ts";
import { payload, type SchemaReader } from "./payload.ts";

/** What {@linkcode logLanes} needs besides the topic. */
export interface LaneFacts {
  /** Where each partition begins and ends, open transactions included. */
  readonly edges: Pick<TopicLine, "begin" | "end">;
  /** The group whose members own the lanes. */
  readonly group: GroupLine | undefined;
  readonly history: GroupHistory;
  /** Offset up to which a worker has read a partition. */
  readonly positionOf: (partition: number) => number | null;
  readonly bySchema: SchemaReader;
  /** As it was then. @default now */
  readonly atMs?: number;
}

/** Offsets that are read of each lane, and boxes that are shown. */
const READ = 60, BOXES = 14, CHARS = 60;

/** The end of each partition of a topic as it stands on disk: records, markers of transactions, and holes. */
export async function logLanes(kafka: Kafka, topic: string, facts: LaneFacts): Promise<LogLanes> {
  const { atMs, group } = facts;
  const then = atMs === undefined ? [] : await kafka.topics.offsetsAt(topic, atMs);
  // What was written since a topic was looked at is not shown yet; a partition without a leader cannot be read.
  const begin = facts.edges.begin.map((offset) => offset ?? 0);
  const end = facts.edges.end.map((offset, at) => Math.min(offset ?? 0, then[at] ?? Infinity));
  const ranges = new Map(
    end.map((to, partition) => [partition, { from: Math.max(begin[partition]!, to - READ), to }]),
  );
  const log = await readLog(kafka, topic, ranges);
  const partitions = await Promise.all(end.map(async (to, partition): Promise<LogLane> => {
    const entries = log.get(partition) ?? [];
    const open = entries.flatMap((one) =>
      one.kind === "record" && one.transaction?.state === "open" ? one.record.offset : []
    );
    return {
      ...{ partition, start: begin[partition]!, end: to },
      stable: open.length > 0 ? Math.min(...open) : null,
      boxes: await Promise.all(entries.slice(-BOXES).map((one) => boxOf(one, facts))),
      ...atMs === undefined
        ? standing(topic, partition, facts)
        : stood(`${topic}-${partition}`, { ...facts, atMs }),
    };
  }));
  return {
    atMs: atMs ?? null,
    partitions,
    members: atMs === undefined
      ? group?.members.map(({ member }) => member) ?? []
      : [...new Set(partitions.flatMap(({ owner }) => owner ?? []))],
  };
}

type Standing = Pick<LogLane, "committed" | "position" | "owner">;

function standing(topic: string, partition: number, { group, positionOf }: LaneFacts): Standing {
  const lag = group?.lags.find((one) => one.topic === topic && one.partition === partition);
  return {
    committed: lag?.committed ?? null,
    position: positionOf(partition),
    owner: lag?.member ?? null,
  };
}

/**
 * Where a group stood then: by the last look before, and by who held the partition.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { stood } from "./lanes.ts";
 * const history = {
 *   samples: [5_000, 10_000].map((atMs) => ({ atMs, lags: {}, committed: { "t-0": atMs / 1_000 } })),
 *   holdings: [{ partition: "t-0", member: "a", from: 1_000, to: 8_000 }],
 * };
 * assert.deepEqual(stood("t-0", { history, atMs: 7_000 }), { committed: 5, position: null, owner: "a" });
 * assert.deepEqual(stood("t-0", { history, atMs: 11_000 }), { committed: 10, position: null, owner: null });
 * ```
 */
export function stood(
  name: string,
  { history, atMs }: { readonly history: GroupHistory; readonly atMs: number },
): Standing {
  const before = (one: LagSample) => one.atMs <= atMs;
  return {
    committed: history.samples.findLast(before)?.committed[name] ?? null,
    position: null,
    owner:
      history.holdings.findLast((one) =>
        one.partition === name && one.from <= atMs && one.to >= atMs
      )?.member ?? null,
  };
}

async function boxOf(entry: LogEntry, { bySchema }: LaneFacts): Promise<LogBox> {
  if (entry.kind !== "record") return entry;
  const { record: { offset, timestamp, key, value }, transaction } = entry;
  const text = async (bytes: Uint8Array | null) =>
    bytes && (await payload(bytes, { bySchema })).text.slice(0, CHARS);
  return {
    ...{ kind: "record", offset, timestamp, transaction },
    ...{ key: await text(key), value: await text(value) },
  };
}
