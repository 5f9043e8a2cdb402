import type { Lane, RecordBox, TopicLanes } from "../../views/mod.ts";
import type { Kafka } from "../client/connect.ts";
import { readAll } from "../consume/read_topic.ts";
import type { RawRecord } from "../consume/record.ts";
import { bytes } from "../../serde/mod.ts";

/** What a picture of a topic shows. */
export interface LanesOptions {
  /** Shows the members of this group as owners, and where it has committed. */
  readonly group?: string;
  /** Newest records of each partition. @default 12 */
  readonly last?: number;
}

/** Of a key or a value. */
const MOST_CHARACTERS = 24;

/** A topic's partitions with their newest records, and who owns them: what `lanes()` of lib/show draws. */
export async function topicLanes(
  kafka: Kafka,
  topic: string,
  options: LanesOptions = {},
): Promise<TopicLanes> {
  const { group, last = 12 } = options;
  const committed = group === undefined ? [] : await kafka.groups.offsets(group, topic);
  const members = group === undefined ? [] : (await kafka.groups.describe(group)).members;
  const start = await kafka.topics.beginOffsets(topic);
  const end = await kafka.topics.endOffsets(topic);
  const unreadable: RawRecord[] = [];
  const records = await readAll(kafka, topic, {
    ...{ from: { last }, key: bytes, value: bytes },
    onDecodeError: ({ record }) => void unreadable.push(record),
  });
  const owner = (partition: number) =>
    members.find((one) =>
      one.partitions.some((its) => its.topic === topic && its.partition === partition)
    )?.member;
  const partitions = end.map((_, partition): Lane => {
    const done = committed.find((one) => one.partition === partition)?.offset;
    const owned = owner(partition);
    return {
      partition,
      start: start[partition]!,
      end: end[partition]!,
      ...(done === undefined ? {} : { committed: done }),
      ...(owned === undefined ? {} : { owner: owned }),
      records: [...records, ...unreadable].filter((one) => one.partition === partition)
        .sort((one, other) => one.offset - other.offset)
        .map((one) => recordBox(one as RawRecord)),
    };
  });
  return { topic, partitions, members: members.map(({ member }) => ({ id: member })) };
}

/**
 * A record as a box: key and value as text where they are text, else as hexadecimal, cut to 24 characters.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { recordBox } from "./lanes.ts";
 * const value = new TextEncoder().encode('{"number":1,"of":"many records"}');
 * const raw = { topic: "t", partition: 0, offset: 3, timestamp: 0, key: null, value, headers: [] };
 * assert.equal(recordBox(raw).value, '{"number":1,"of":"many …');
 * ```
 */
export function recordBox({ offset, timestamp, key, value }: RawRecord): RecordBox {
  return { offset, timestamp, key: readable(key), value: readable(value) };
}

function readable(bytes: Uint8Array | null): string | null {
  if (bytes === null) return null;
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    // deno-lint-ignore no-control-regex -- control characters are how bytes that are not text show.
    if (/[\x00-\x08\x0e-\x1f]/.test(text)) text = hex(bytes);
  } catch {
    text = hex(bytes);
  }
  return text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS - 1)}…` : text;
}

const hex = (bytes: Uint8Array) => [...bytes.slice(0, 64)].map(twoDigits).join(" ");
const twoDigits = (byte: number) => byte.toString(16).padStart(2, "0");
