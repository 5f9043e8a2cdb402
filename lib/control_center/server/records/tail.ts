import { type BatchHeader, Fetcher, topicBounds } from "../../../kafka/engine.ts";
import { type Kafka, type RawRecord, type RecordHeader } from "../../../kafka/mod.ts";
import type { Gap, RecordsPart } from "../../contract.ts";
import { Gatherer } from "./gather.ts";
import { withOwnBytes } from "./own_bytes.ts";
import { TimeMerge } from "./merge.ts";
import { sleep } from "../../../async/mod.ts";
import type { View } from "./place.ts";

/** What a tail hands over, about five times a second when there is something. */
export interface TailPart
  extends Pick<RecordsPart, "gaps" | "at" | "unmatched" | "hollow" | "notes"> {
  readonly records: readonly TailRecord[];
  /** Where reading goes on, by partition. */
  readonly next: ReadonlyMap<number, number>;
}

/** A record; or, where transactions are shown, one that tells of its own, or the marker that ends one. */
export interface TailRecord extends RawRecord {
  readonly producer?: string;
  readonly marker?: "commit" | "abort";
}

/** What a tail needs to work. */
export interface TailOptions {
  readonly topic: string;
  readonly view: View;
  readonly onPart: (part: TailPart) => Promise<void>;
  /** Whether a record contains what was looked for. */
  readonly matches?: (record: RawRecord) => Promise<boolean> | boolean;
  readonly signal: AbortSignal;
}

const FLUSH_EVERY_MS = 200;
/** Shown at once; a person reads three. */
const AT_ONCE = 60;
/** A filter sees every record, and so does the order of time: reading waits for them. */
const BUFFER = 4_000;
/** Partitions of which a whole page is read; of more, each gives less. */
const WHOLE_PAGES = 10;

interface Progress {
  next: number;
  /** How many more may be read; Infinity while following. */
  left: number;
  /** Offset at which reading ends; Infinity where it does not. */
  readonly stop: number;
}

/**
 * Follows a topic for a page: no group, no commit, no rebalance.
 *
 * With `view.max` it reads so many records in the order of their time and then stops, unless it reaches the end first:
 * then it follows.
 *
 * @returns When `signal` is aborted, or `max` records were read.
 * @throws {KafkaError} If the topic is not there, or goes away.
 */
export async function tail(kafka: Kafka, options: TailOptions): Promise<void> {
  const { topic, view, onPart, signal } = options;
  const { start, notes } = await startOf(kafka, topic, view);
  const stops = view.untilMs === undefined ? undefined : (await topicBounds(kafka, topic, {
    partitions: only(view.partition),
    timestamp: view.untilMs,
  })).since;
  const quota = view.max === undefined
    ? Infinity
    : Math.max(1, Math.ceil(view.max * Math.min(1, WHOLE_PAGES / start.size)));
  const reading: Reading = {
    topic,
    follows: view.untilMs === undefined,
    places: new Map(
      [...start].map(([partition, next]) => {
        const stop = stops?.get(partition) ?? Infinity;
        return [partition, { next, stop, left: next < stop ? quota : 0 }];
      }),
    ),
    gatherer: new Gatherer(AT_ONCE),
    page: view.max === undefined
      ? undefined
      : { merge: new TimeMerge(start.keys()), left: view.max },
    waiting: [],
    markers: [],
    batches: new Map(),
    lost: [],
    skipped: { unmatched: 0, hollow: 0 },
    matches: options.matches ?? (() => true),
  };
  const reader = openReader(kafka, reading, view.uncommitted ?? false);
  try {
    for (const [partition, next] of start) await reader.assign({ topic, partition }, next);
    for (let isFirst = true; !signal.aborted; isFirst = false) {
      await Promise.race([sleep(FLUSH_EVERY_MS, signal), reader.failed]);
      await sift(reading);
      const part = reading.page ? nextPage(reader, reading) : nextPart(reader, reading);
      await onPart({ ...part, notes: isFirst ? notes : [] });
      if (part.at === "held") return;
      // Everything there is was read: from now on it follows.
      if (part.at === "live") {
        reading.page = undefined;
        for (const place of reading.places.values()) place.left = Infinity;
      }
      for (const [partition, { left }] of reading.places) {
        if (left > 0) reader.resume({ topic, partition });
        else reader.pause({ topic, partition });
      }
    }
  } finally {
    await reader.close();
  }
}

/** What a tail keeps between one part and the next. */
interface Reading {
  readonly topic: string;
  /** False where reading ends at a time: nothing newer is wanted. */
  readonly follows: boolean;
  readonly places: ReadonlyMap<number, Progress>;
  /** Records to show while following. */
  readonly gatherer: Gatherer;
  /** Records to show, and how many more, while reading so many. */
  page: { readonly merge: TimeMerge; left: number } | undefined;
  /** Read, and not yet seen by the filter. */
  readonly waiting: Read[];
  /** Markers to show while following: however much is passed over, they are not. */
  readonly markers: TailRecord[];
  /** Batches of an answer whose records come next, by partition. */
  readonly batches: Map<number, BatchHeader[]>;
  /** What retention took before it was read. */
  readonly lost: Gap[];
  /** What was passed over while following. */
  readonly skipped: { unmatched: number; hollow: number };
  readonly matches: NonNullable<TailOptions["matches"]>;
}

/** A record, or offsets in which there is none. */
type Read = TailRecord | { readonly partition: number; readonly hollow: number };

/** Reads into `reading` as fast as Kafka gives, until quotas are used up or the filter falls behind. */
function openReader(kafka: Kafka, reading: Reading, readUncommitted: boolean): Fetcher {
  const { topic, places, waiting, lost, batches } = reading;
  /** What the batches say of a record; their markers are taken up to it. */
  const before = (partition: number, offset: number): Pick<TailRecord, "producer"> => {
    const headers = batches.get(partition) ?? [];
    for (let header = headers[0]; header && header.lastOffset < offset; header = headers[0]) {
      headers.shift();
      takeMarker(reading, partition, header);
    }
    const own = headers[0];
    return own?.isTransactional && own.firstOffset <= offset
      ? { producer: `${own.producerId}` }
      : {};
  };
  const reader: Fetcher = new Fetcher(kafka, {
    readUncommitted,
    ...(readUncommitted && {
      onBatches: ({ partition }, found) => batches.set(partition, [...found]),
    }),
    onGap: ({ partition, from, to }) => {
      lost.push({ partition, from, to: to - 1, count: to - from });
      places.get(partition)!.next = to;
    },
    onRecords: ({ partition, records }) => {
      const place = places.get(partition)!;
      for (const record of records) {
        if (place.left <= 0) break;
        const more = before(partition, record.offset);
        if (record.offset >= place.stop) {
          place.next = Math.max(place.next, place.stop);
          break;
        }
        if (record.offset > place.next) {
          waiting.push({ partition, hollow: record.offset - place.next });
        }
        place.next = record.offset + 1;
        waiting.push({ topic, partition, ...copied(record), ...more });
      }
      if (waiting.length > BUFFER) reader.pause({ topic, partition });
    },
    onAnswer: ({ partition }) => {
      before(partition, Infinity);
      const place = places.get(partition)!, position = reader.position({ topic, partition });
      // What stands behind the last record of an answer is a marker of a transaction, or was taken by compaction.
      if (place.left <= 0 || place.next >= place.stop || position === undefined) return;
      if (position > place.next) waiting.push({ partition, hollow: position - place.next });
      place.next = position;
    },
  });
  return reader;
}

/** Puts the end of a transaction in its place among the records. */
function takeMarker({ topic, places, waiting }: Reading, partition: number, header: BatchHeader) {
  const place = places.get(partition)!, { firstOffset: offset, timestamp, marker } = header;
  if (marker === null || place.left <= 0 || offset < place.next || offset >= place.stop) return;
  if (offset > place.next) waiting.push({ partition, hollow: offset - place.next });
  place.next = offset + 1;
  const producer = `${header.producerId}`;
  waiting.push({
    ...{ topic, partition, offset, timestamp, key: null, value: null, headers: [] },
    ...{ producer, marker },
  });
}

/** Runs the filter over what was read, in the order in which it came. */
async function sift(reading: Reading): Promise<void> {
  const { waiting, gatherer, places, matches, skipped } = reading;
  const merge = reading.page?.merge;
  for (const one of waiting.splice(0)) {
    const place = places.get(one.partition)!;
    // A page takes so many of a partition: what was read behind them is read again for the next page.
    if (place.left <= 0) continue;
    if ("hollow" in one) {
      if (merge) merge.passHollow(one.partition, one.hollow);
      else skipped.hollow += one.hollow;
    } else if (one.marker) {
      if (merge) merge.add(one);
      else reading.markers.push(one);
    } else if (!await matches(one)) {
      if (merge) merge.pass(one);
      else skipped.unmatched++;
    } else {
      place.left--;
      if (place.left === 0) place.next = one.offset + 1;
      if (merge) merge.add(one);
      else gatherer.add(one);
    }
  }
}

type Part = Omit<TailPart, "notes">;

/** What has gathered while following. */
function nextPart(reader: Fetcher, reading: Reading): Part {
  const { gatherer, lost, skipped } = reading;
  const { records, gaps } = gatherer.take(), markers = reading.markers.splice(0);
  const { unmatched, hollow } = skipped;
  skipped.unmatched = skipped.hollow = 0;
  const isThere = [...reading.places.keys()].every((partition) =>
    isAtEnd(reader, reading, partition)
  );
  return {
    ...{ records: [...records, ...markers], unmatched, hollow },
    gaps: [...lost.splice(0), ...gaps],
    next: nextOf(reading),
    at: isThere ? "live" : "behind",
  };
}

/** As much of the page as is certain to be next in the order of time. */
function nextPage(reader: Fetcher, reading: Reading): Part {
  const { merge } = reading.page!, partitions = [...reading.places];
  for (const [partition] of partitions) {
    merge.isThere(partition, isAtEnd(reader, reading, partition));
  }
  const records = merge.take(reading.page!.left);
  reading.page!.left -= records.length;
  const waiting = merge.waiting();
  const isWhole = reading.follows && waiting.size === 0 &&
    partitions.every(([partition]) => isAtEnd(reader, reading, partition));
  const isFull = reading.page!.left === 0 ||
    partitions.every(([partition, { left }]) => left === 0 || isAtEnd(reader, reading, partition));
  return {
    records,
    ...merge.takeSkipped(),
    gaps: reading.lost.splice(0),
    next: new Map([...nextOf(reading), ...waiting]),
    at: isWhole ? "live" : isFull ? "held" : "behind",
  };
}

const nextOf = ({ places }: Reading) =>
  new Map([...places].map(([partition, { next }]) => [partition, next]));

/** Whether everything of a partition was read, and seen by the filter. */
function isAtEnd(reader: Fetcher, { topic, places, waiting }: Reading, partition: number): boolean {
  const { next, stop } = places.get(partition)!, end = reader.end({ topic, partition });
  const isThere = next >= stop || (end !== undefined && next >= end);
  return isThere && !waiting.some((one) => one.partition === partition);
}

/** The partition that a view is of; undefined when it shows all of them. */
function only(partition: number | undefined): readonly number[] | undefined {
  return partition === undefined ? undefined : [partition];
}

/** Where each partition is read from, and where that is not where somebody wanted to. */
async function startOf(
  kafka: Kafka,
  topic: string,
  { from, partition }: View,
): Promise<{ readonly start: ReadonlyMap<number, number>; readonly notes: readonly string[] }> {
  const timestamp = typeof from === "object" && "timestampMs" in from
    ? from.timestampMs
    : undefined;
  const { count, begin, end, since } = await topicBounds(kafka, topic, {
    partitions: only(partition),
    timestamp,
  });
  const notes: string[] = [];
  const start = (at: number): number => {
    const first = begin.get(at)!, last = end.get(at)!;
    if (from === "live") return last;
    if (from === "begin") return first;
    if ("newest" in from) return Math.max(first, last - from.newest);
    if ("timestampMs" in from) return since.get(at)!;
    if ("next" in from) return from.next.get(at) ?? first;
    const { offset } = from;
    if (offset > last) {
      notes.push(`Partition ${at} ends at ${last}: showing what comes after that.`);
    } else if (offset < first) {
      notes.push(`Partition ${at} begins at ${first}: older records are gone.`);
    }
    return Math.min(Math.max(offset, first), last);
  };
  if (end.size === 0) {
    throw new RangeError(
      `Cannot read partition ${partition} of topic "${topic}": it has ${count} partitions`,
    );
  }
  const all = [...end.keys()], places = new Map(all.map((at) => [at, start(at)]));
  if (timestamp !== undefined && all.every((at) => since.get(at)! >= end.get(at)!)) {
    notes.push("No record is that new: showing what comes after the newest.");
  }
  return { start: places, notes };
}

/** A record with bytes of its own, headers too. */
function copied(
  { key, value, headers = [], offset, timestamp, unreadable }:
    & Omit<RawRecord, "topic" | "partition" | "headers">
    & {
      readonly headers?: RawRecord["headers"];
    },
) {
  return {
    ...withOwnBytes({ offset, timestamp, key, value }),
    headers: headers.map(([name, bytes]): RecordHeader => [name, bytes && bytes.slice()]),
    ...(unreadable && { unreadable }),
  };
}
