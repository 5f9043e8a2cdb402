import { Fetcher, type LogRecord } from "../../../kafka/engine.ts";
import { type Kafka } from "../../../kafka/mod.ts";
import { sleep } from "../../../async/mod.ts";
import { partitionForKey } from "../../../serde/mod.ts";
import type { TopologyView } from "../../../views/mod.ts";
import type { JourneyPart, JourneyRecord, Payload } from "../../contract.ts";
import { withOwnBytes } from "../records/own_bytes.ts";
import { payload, type SchemaReader } from "../records/payload.ts";

/** What is followed. */
export interface JourneyOptions {
  /** As {@link isOfKey} takes it. */
  readonly key: string;
  /** In the order in which records pass them. */
  readonly topics: readonly string[];
  readonly bySchema: (topic: string) => SchemaReader;
  /** Resolves when the page can take more. */
  readonly onPart: (part: JourneyPart) => Promise<void>;
  readonly signal: AbortSignal;
}

/** Of each topic: records that are looked at first, partitions that are all read, records that are kept. */
const MOST = { records: 2_000, partitions: 12, kept: 40, topics: 12 };
const TELL_EVERY_MS = 300;

/**
 * Follows one key through the topics of an application.
 *
 * Of each topic the newest records are read, then what is written. A topic with many partitions is read where the key
 * would be if its bytes are the text itself, or the text as JSON.
 *
 * @returns When `signal` is aborted.
 */
export async function journey(kafka: Kafka, options: JourneyOptions): Promise<void> {
  const { key, signal } = options, topics = options.topics.slice(0, MOST.topics);
  const steps: Step[] = [];
  for (const topic of topics) {
    if (!await kafka.topics.exists(topic)) continue;
    const begin = await kafka.topics.beginOffsets(topic),
      end = await kafka.topics.endOffsets(topic);
    const partitions = partitionsOf(key, end.length);
    const each = Math.ceil(MOST.records / partitions.length);
    steps.push({
      ...{ topic, end, kept: [], partitions, of: end.length },
      start: new Map(partitions.map((at) => [at, Math.max(begin[at]!, end[at]! - each)])),
    });
  }
  let hasNews = true;
  const reader = new Fetcher(kafka, {
    onRecords: ({ topic, partition, records }) => {
      const step = steps.find((one) => one.topic === topic)!, now = Date.now();
      for (const { key, value, offset, timestamp } of records) {
        const seenMs = offset >= step.end[partition]! ? now : null;
        step.waiting ??= [];
        step.waiting.push(withOwnBytes({ key, value, offset, timestamp, partition, seenMs }));
        hasNews = true;
      }
    },
  });
  try {
    for (const { topic, start } of steps) {
      for (const [partition, offset] of start) await reader.assign({ topic, partition }, offset);
    }
    while (!signal.aborted) {
      await Promise.race([sleep(TELL_EVERY_MS, signal), reader.failed]);
      if (!hasNews || signal.aborted) continue;
      hasNews = false;
      for (const step of steps) await sift(step, options);
      const isRead = ({ topic, start, end }: Step) =>
        [...start.keys()].every((at) =>
          (reader.position({ topic, partition: at }) ?? 0) >= end[at]!
        );
      await options.onPart({
        isRead: steps.every(isRead),
        steps: steps.map(({ topic, kept, partitions, of }) => ({
          topic,
          records: kept,
          partitions: partitions.length < of ? partitions : null,
        })),
      });
    }
  } finally {
    await reader.close();
  }
}

/** A topic on the way. */
interface Step {
  readonly topic: string;
  readonly partitions: readonly number[];
  /** How many there are. */
  readonly of: number;
  readonly start: ReadonlyMap<number, number>;
  /** Where it ended before anybody looked. */
  readonly end: readonly number[];
  kept: JourneyRecord[];
  waiting?: Waiting[];
}

interface Waiting extends Pick<LogRecord, "key" | "value" | "offset" | "timestamp"> {
  readonly partition: number;
  readonly seenMs: number | null;
}

/** Keeps the newest records of the key. */
async function sift(step: Step, { key, bySchema }: JourneyOptions): Promise<void> {
  const waiting = step.waiting ?? [];
  step.waiting = [];
  for (const one of waiting) {
    const shown = await payload(one.key, { bySchema: bySchema(step.topic) });
    if (!isOfKey(shown, key)) continue;
    const value = await payload(one.value, { bySchema: bySchema(step.topic) });
    const { partition, offset, timestamp, seenMs } = one;
    step.kept.push({ partition, offset, timestamp, seenMs, key: shown, value });
  }
  step.kept = step.kept.slice(-MOST.kept);
}

/** Partitions to read. */
function partitionsOf(key: string, partitions: number): readonly number[] {
  if (partitions <= MOST.partitions) return Array.from({ length: partitions }, (_, at) => at);
  const bytes = [key, JSON.stringify(key)].map((text) => new TextEncoder().encode(text));
  return [...new Set(bytes.map((one) => partitionForKey(one, partitions)))];
}

/**
 * Whether a record's key is the one that somebody has typed: the key as it is shown, the text of a JSON string, the only
 * field of an object, or the key of a window.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { payload } from "../records/payload.ts";
 * import { isOfKey } from "./journey.ts";
 * const key = async (text: string) => await payload(new TextEncoder().encode(text));
 * for (const text of ["1", '"1"', '{"vendorId":1}', '{"key":1,"start":0,"end":60000}']) {
 *   assert.equal(isOfKey(await key(text), "1"), true, text);
 * }
 * assert.equal(isOfKey(await key('{"vendorId":1,"zone":1}'), "1"), false);
 * ```
 */
export function isOfKey({ kind, text, window }: Payload, wanted: string): boolean {
  if (kind === "null") return false;
  if (text === wanted) return true;
  if (window) return isOfKey(plain(window.key), wanted);
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "string") return value === wanted;
    if (typeof value !== "object" || value === null) return false;
    const [only, ...others] = Object.values(value);
    return others.length === 0 && only !== undefined &&
      (typeof only === "object" ? JSON.stringify(only) : String(only)) === wanted;
  } catch {
    return false; // Text that is no JSON.
  }
}

const plain = (text: string): Payload => ({ kind: "text", text, bytes: text.length, cut: false });

/**
 * Topics of an application in the order in which records pass them; a table's changelog stands behind what fills it.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { topicsInOrder } from "./journey.ts";
 * const box = (id: string, kind: "topic" | "step" | "store") => ({ id, kind, label: id, subTopology: null });
 * const view = {
 *   ...{ app: "a", partitions: {}, stores: [{ name: "s", changelog: "a-s-changelog", layout: "plain" }] },
 *   boxes: [box("out", "topic"), box("count", "step"), box("store s", "store"), box("in", "topic")],
 *   arrows: [
 *     { from: "in", to: "count", kind: "flow" as const },
 *     { from: "count", to: "store s", kind: "state" as const },
 *     { from: "count", to: "out", kind: "flow" as const },
 *   ],
 * };
 * assert.deepEqual(topicsInOrder(view), ["in", "a-s-changelog", "out"]);
 * ```
 */
export function topicsInOrder({ boxes, arrows, stores }: TopologyView): readonly string[] {
  const depths = new Map<string, number>();
  const depthOf = (id: string, below: readonly string[] = []): number => {
    const known = depths.get(id);
    if (known !== undefined || below.includes(id)) return known ?? 0;
    // A store hangs on the step that fills it, whichever way its arrow points.
    const before = arrows.flatMap(({ from, to, kind }) =>
      to === id && (kind === "flow" || !isStore(from))
        ? from
        : kind === "state" && from === id && isStore(id)
        ? to
        : []
    );
    const depth = 1 + Math.max(-1, ...before.map((one) => depthOf(one, [...below, id])));
    depths.set(id, depth);
    return depth;
  };
  const isStore = (id: string) => boxes.some((box) => box.id === id && box.kind === "store");
  const found = boxes.flatMap(({ id, kind, label }) => {
    const changelog = stores.find(({ name }) => id === `store ${name}`)?.changelog;
    if (kind === "topic") return [{ topic: label, depth: depthOf(id) }];
    return kind === "store" && changelog ? [{ topic: changelog, depth: depthOf(id) - 0.5 }] : [];
  });
  return [...new Set(found.sort((a, b) => a.depth - b.depth).map(({ topic }) => topic))];
}
