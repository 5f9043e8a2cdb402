import { Fetcher } from "../../../kafka/engine.ts";
import { type Kafka, type RawRecord, type RecordHeader } from "../../../kafka/mod.ts";
import { type Gap, Gatherer } from "./gather.ts";
import { sleep } from "../../../async/mod.ts";
import type { View } from "./place.ts";

/** What a tail hands over, about four times a second when there is something. */
export interface TailPart {
  readonly records: readonly RawRecord[];
  /** Records passed over because there were too many at once, or that retention took. */
  readonly gaps: readonly Gap[];
  /** Where reading goes on, by partition. */
  readonly next: ReadonlyMap<number, number>;
  /** `held`: as many as asked for were read, more are there; `live`: everything there is was read. */
  readonly at: "behind" | "live" | "held";
  /** Records looked at and left out by the filter, in this part. */
  readonly unmatched: number;
}

/** What a tail needs to work. */
export interface TailOptions {
  readonly topic: string;
  readonly view: View;
  readonly onPart: (part: TailPart) => Promise<void>;
  /** Whether a record contains what was looked for. */
  readonly matches?: (record: RawRecord) => Promise<boolean>;
  readonly signal: AbortSignal;
}

const FLUSH_EVERY_MS = 200;
/** Shown at once; a person reads three. */
const AT_ONCE = 60;
/** A filter sees every record: reading waits for it. */
const FILTER_BUFFER = 4_000;

interface Progress {
  next: number;
  /** How many more may be read; Infinity while following. */
  left: number;
}

/**
 * Follows a topic for a page: no group, no commit, nobody's partitions move.
 *
 * With `view.max` it reads so many records in order and then stops, unless it reaches the end first: then it follows.
 *
 * @returns When `signal` is aborted, or `max` records were read.
 * @throws {KafkaError} If the topic is not there, or goes away.
 */
export async function tail(kafka: Kafka, options: TailOptions): Promise<void> {
  const { topic, view, onPart, signal } = options;
  const start = await startOf(kafka, topic, view);
  const quota = view.max === undefined ? Infinity : Math.max(1, Math.ceil(view.max / start.size));
  const reading: Reading = {
    topic,
    places: new Map([...start].map(([partition, next]) => [partition, { next, left: quota }])),
    gatherer: new Gatherer(view.max ?? AT_ONCE),
    waiting: [],
    lost: [],
    matches: options.matches,
  };
  const reader = openReader(kafka, reading);
  try {
    for (const [partition, next] of start) await reader.assign({ topic, partition }, next);
    while (!signal.aborted) {
      await Promise.race([sleep(FLUSH_EVERY_MS, signal), reader.failed]);
      const part = await nextPart(reader, reading);
      await onPart(part);
      if (part.at === "held") return;
      // Whoever has read everything there is follows from now on.
      if (part.at === "live") {
        for (const place of reading.places.values()) place.left = Infinity;
      }
    }
  } finally {
    await reader.close();
  }
}

/** What a tail has at hand between one part and the next. */
interface Reading {
  readonly topic: string;
  readonly places: ReadonlyMap<number, Progress>;
  readonly gatherer: Gatherer;
  /** Read, and not yet seen by the filter. */
  readonly waiting: RawRecord[];
  /** What retention took before it was read. */
  readonly lost: Gap[];
  readonly matches: TailOptions["matches"];
}

/** Reads into `reading` as fast as Kafka gives, until quotas are used up or the filter falls behind. */
function openReader(kafka: Kafka, { topic, places, gatherer, waiting, lost, matches }: Reading) {
  const reader = new Fetcher(kafka, {
    readUncommitted: false,
    onGap: ({ partition, from, to }) =>
      lost.push({ partition, from, to: to - 1, count: to - from }),
    onRecords: ({ partition, records }) => {
      const place = places.get(partition)!;
      for (const record of records) {
        if (place.left <= 0) break;
        place.next = record.offset + 1;
        if (!matches) place.left--;
        const kept = { topic, partition, ...copied(record) };
        if (matches) waiting.push(kept);
        else gatherer.add(kept);
      }
      if (place.left <= 0 || waiting.length > FILTER_BUFFER) reader.pause({ topic, partition });
    },
  });
  return reader;
}

/** Takes what has gathered, and lets the reader go on. */
async function nextPart(reader: Fetcher, reading: Reading): Promise<TailPart> {
  const { topic, places, gatherer, lost } = reading;
  const unmatched = await sift(reading);
  for (const [partition, { left }] of places) {
    if (left > 0) reader.resume({ topic, partition });
  }
  const at = standing(reader, reading);
  const { records, gaps } = gatherer.take();
  const next = new Map([...places].map(([partition, place]) => [partition, place.next]));
  return { records, gaps: [...lost.splice(0), ...gaps], next, at, unmatched };
}

/** Runs the filter over what was read; gives how many it left out. */
async function sift({ waiting, gatherer, places, matches }: Reading): Promise<number> {
  let unmatched = 0;
  for (const record of waiting.splice(0)) {
    const place = places.get(record.partition)!;
    if (!await matches!(record)) unmatched++;
    else if (place.left > 0) {
      place.left--;
      gatherer.add(record);
      if (place.left === 0) place.next = record.offset + 1;
    }
  }
  return unmatched;
}

function standing(reader: Fetcher, { topic, places }: Reading): TailPart["at"] {
  const parts = [...places].map(([partition, place]) => {
    const end = reader.end({ topic, partition });
    const fetched = reader.position({ topic, partition });
    const isThere = end !== undefined &&
      (place.left > 0 ? (fetched ?? 0) >= end : place.next >= end);
    return { isThere, isFull: place.left <= 0, isKnown: end !== undefined };
  });
  if (parts.every(({ isThere }) => isThere)) return "live";
  const isDone = parts.every(({ isThere, isFull }) => isThere || isFull);
  return isDone ? "held" : "behind";
}

/** Where each partition is read from. */
async function startOf(
  kafka: Kafka,
  topic: string,
  { from, partition }: View,
): Promise<ReadonlyMap<number, number>> {
  const begin = await kafka.topics.beginOffsets(topic), end = await kafka.topics.endOffsets(topic);
  const times = typeof from === "object" && "timestampMs" in from
    ? await kafka.topics.offsetsAt(topic, from.timestampMs)
    : [];
  const start = (at: number): number => {
    if (from === "live") return end[at]!;
    if (from === "begin") return begin[at]!;
    if ("timestampMs" in from) return times[at]!;
    if ("next" in from) return from.next.get(at) ?? begin[at]!;
    return Math.min(Math.max(from.offset, begin[at]!), end[at]!);
  };
  const all = end.map((_, at) => at).filter((at) => partition === undefined || at === partition);
  if (all.length === 0) {
    throw new RangeError(
      `Cannot read partition ${partition} of topic "${topic}": it has ${end.length} partitions`,
    );
  }
  return new Map(all.map((at) => [at, start(at)]));
}

/** The bytes themselves: what Kafka handed over are views into a large buffer. */
function copied(
  { key, value, headers = [], offset, timestamp }:
    & Omit<RawRecord, "topic" | "partition" | "headers">
    & {
      readonly headers?: RawRecord["headers"];
    },
) {
  return {
    offset,
    timestamp,
    key: key && key.slice(),
    value: value && value.slice(),
    headers: headers.map(([name, bytes]): RecordHeader => [name, bytes && bytes.slice()]),
  };
}
