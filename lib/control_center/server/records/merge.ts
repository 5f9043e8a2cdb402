import type { RawRecord } from "../../../kafka/mod.ts";

/** What was passed over without being handed over. */
export interface Skipped {
  /** Records that a filter left out. */
  readonly unmatched: number;
  /** Offsets without a record. */
  readonly hollow: number;
}

/** A record, and what was passed over behind it: that counts once the record is handed over. */
interface Waiting {
  readonly record: RawRecord;
  unmatched: number;
  hollow: number;
}

/** What was read of one partition and is not handed over yet. */
interface Queue {
  readonly records: Waiting[];
  /** Those before it are handed over. Taking from the front one by one would move the whole array each time. */
  first: number;
  /** Time of the last record that was read, matching or not; what comes later may be as old as it likes. */
  readMs: number;
  /** Everything there is was read. */
  isThere: boolean;
}

/**
 * Puts records of several partitions in the order of their time, as far as all of them were read.
 *
 * A record is handed over when no partition can still bring an older one: each was read to its end, or further than
 * that record's time. Within a partition the order of offsets stays, whatever their times are.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { TimeMerge } from "./merge.ts";
 * const at = (partition: number, timestamp: number) =>
 *   ({ topic: "t", partition, offset: timestamp, timestamp, key: null, value: null, headers: [] });
 * const merge = new TimeMerge([0, 1]);
 * for (const one of [at(0, 1), at(0, 2), at(1, 8)]) merge.add(one);
 * // Partition 0 may have a record from between 2 and 8.
 * assert.deepEqual(merge.take(100).map(({ timestamp }) => timestamp), [1, 2]);
 * merge.isThere(0, true);
 * assert.deepEqual(merge.take(100).map(({ timestamp }) => timestamp), [8]);
 * ```
 */
export class TimeMerge {
  readonly #queues: ReadonlyMap<number, Queue>;
  #skipped = { unmatched: 0, hollow: 0 };

  constructor(partitions: Iterable<number>) {
    this.#queues = new Map(
      [...partitions].map((
        one,
      ) => [one, { records: [], first: 0, readMs: -Infinity, isThere: false }]),
    );
  }

  /** A record that is to be handed over. */
  add(record: RawRecord): void {
    const queue = this.#queues.get(record.partition)!;
    queue.records.push({ record, unmatched: 0, hollow: 0 });
    queue.readMs = Math.max(queue.readMs, record.timestamp);
  }

  /** A record that the filter leaves out. */
  pass({ partition, timestamp }: RawRecord): void {
    const queue = this.#queues.get(partition)!;
    queue.readMs = Math.max(queue.readMs, timestamp);
    (lastOf(queue) ?? this.#skipped).unmatched++;
  }

  /** So many offsets in which there is no record. */
  passHollow(partition: number, hollow: number): void {
    (lastOf(this.#queues.get(partition)!) ?? this.#skipped).hollow += hollow;
  }

  /** Says whether everything there is of a partition was read. */
  isThere(partition: number, isThere: boolean): void {
    this.#queues.get(partition)!.isThere = isThere;
  }

  /** The oldest records, at most so many. */
  take(most: number): RawRecord[] {
    const limitMs = Math.min(
      ...[...this.#queues.values()].map((one) => one.isThere ? Infinity : one.readMs),
    );
    const taken: RawRecord[] = [];
    while (taken.length < most) {
      const queue = this.#oldest();
      if (!queue || firstOf(queue)!.record.timestamp > limitMs) break;
      const { record, unmatched, hollow } = takeFirst(queue);
      taken.push(record);
      this.#skipped.unmatched += unmatched;
      this.#skipped.hollow += hollow;
    }
    return taken;
  }

  /** What was passed over since the last time: only what lies before what waits here. */
  takeSkipped(): Skipped {
    const skipped = this.#skipped;
    this.#skipped = { unmatched: 0, hollow: 0 };
    return skipped;
  }

  /** Offset of the first record of each partition that waits here. */
  waiting(): ReadonlyMap<number, number> {
    return new Map(
      [...this.#queues].flatMap(([partition, queue]) => {
        const first = firstOf(queue);
        return first ? [[partition, first.record.offset] as const] : [];
      }),
    );
  }

  #oldest(): Queue | undefined {
    let oldest: Queue | undefined;
    for (const queue of this.#queues.values()) {
      const time = timeOf(queue);
      if (time < (oldest ? timeOf(oldest) : Infinity)) oldest = queue;
    }
    return oldest;
  }
}

const firstOf = ({ records, first }: Queue) => records[first];
const lastOf = ({ records, first }: Queue) => records.length > first ? records.at(-1) : undefined;
const timeOf = (queue: Queue) => firstOf(queue)?.record.timestamp ?? Infinity;

function takeFirst(queue: Queue): Waiting {
  const taken = queue.records[queue.first++]!;
  if (queue.first > 1_000 && queue.first * 2 > queue.records.length) {
    queue.records.splice(0, queue.first);
    queue.first = 0;
  }
  return taken;
}
