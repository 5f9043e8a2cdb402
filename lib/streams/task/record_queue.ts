/**
 * Records of one topic partition that wait for their turn.
 *
 * @module
 */
import { FlowRecord, type Origin } from "../operators/flow_record.ts";
import { EncodedValue } from "../state/encoded_value.ts";
import { isSynchronous } from "../topology/serde.ts";
import type { SourceSpec } from "../topology/node.ts";
import type { RawRecord, RecordRun } from "./records.ts";

/** Pause between two attempts with a record whose serde cannot reach a service. */
export const REST_MS = 500;

/** First in, first out; only the head is looked at, because only its time decides. */
export class RecordQueue {
  #runs: RecordRun[] = [];
  /** How many wait, `#next` included. */
  #size = 0;
  /** The record whose turn it is, once somebody looked. */
  #next: RawRecord | undefined;
  #head: FlowRecord | undefined;
  /** Since when the head waits for a service that its serde cannot reach, and when to retry. */
  #resting: { readonly sinceMs: number; readonly untilMs: number } | undefined;
  readonly #decodeKey: boolean;
  readonly #decodeValue: boolean;
  /** Greatest event time that was taken; -1 before the first. */
  partitionTime = -1;
  /** Among equal times the queue with the lowest turn goes first; a queue that went takes a new one. */
  turn = 0;
  /** Offset after the last record taken. */
  nextOffset: number | undefined;

  /** @param readsValue Whether some node behind the source looks into values */
  constructor(
    readonly source: SourceSpec,
    readonly partition: number,
    readsValue: boolean,
  ) {
    this.#decodeValue = readsValue || source.timestamp !== undefined || source.check !== undefined;
    // A key may be looked at any time, so a serde that may answer late is asked now.
    this.#decodeKey = source.timestamp !== undefined || !isSynchronous(source.key);
  }

  /** Records waiting. */
  get size(): number {
    return this.#size;
  }

  /** Appends records, in offset order. */
  add(records: readonly RawRecord[] | RecordRun): void {
    const run = "take" in records ? records : new ListedRun(records);
    this.#size += run.size;
    if (run.size > 0) this.#runs.push(run);
  }

  /** The next record, decoded as far as needed; a promise when its serde needs time. @throws {DecodeError} */
  head(): FlowRecord | undefined | Promise<void> {
    return this.#head !== undefined || this.#size === 0 ? this.#head : this.#decode();
  }

  /** How long the head has been retried. */
  waitedMs(nowMs: number): number {
    return this.#resting ? nowMs - this.#resting.sinceMs : 0;
  }

  /** Lets the head wait: it is tried again in half a second. */
  rest(nowMs: number): void {
    const sinceMs = this.#resting?.sinceMs ?? nowMs;
    this.#resting = { sinceMs, untilMs: nowMs + REST_MS };
  }

  /** Whether the head is not to be tried yet. */
  isResting(now: () => number): boolean {
    return this.#resting !== undefined && now() < this.#resting.untilMs;
  }

  #decode(): FlowRecord | undefined | Promise<void> {
    const raw = this.#first();
    if (raw.unreadable) throw raw.unreadable.error;
    const { topic, key, value } = this.source;
    const encodedKey = EncodedValue.encoded(raw.key, key, topic);
    const encodedValue = EncodedValue.encoded(raw.value, value, topic);
    const record = new FlowRecord(encodedKey, encodedValue, raw.timestamp, this.origin());
    if (this.source.refusesNull) refuseNull(record);
    const late = (this.#decodeKey ? encodedKey.decode() : undefined) ??
      (this.#decodeValue ? encodedValue.decode() : undefined);
    if (late) {
      return late.then(() => this.#decodeValue ? encodedValue.decode() : undefined)
        .then(() => this.#checked(record)).then((good) => void (this.#head = this.#timed(good)));
    }
    const good = this.#checked(record);
    if (good instanceof Promise) return good.then((one) => void (this.#head = this.#timed(one)));
    return this.#head = this.#timed(good);
  }

  /** The record with the value that its topic's check found good. */
  #checked(record: FlowRecord): FlowRecord | Promise<FlowRecord> {
    const { check } = this.source;
    if (!check || record.encodedValue.isNull) return record;
    const value: unknown = record.value, good = check(value);
    // A value that the check left alone keeps its bytes.
    const withGood = (one: unknown) =>
      one === value ? record : record.withValue(EncodedValue.of(one));
    return good instanceof Promise ? good.then(withGood) : withGood(good);
  }

  /** Where the next record was read. */
  origin(): Origin {
    const raw = this.#first();
    return {
      topic: this.source.topic,
      partition: this.partition,
      offset: raw.offset,
      headers: raw.headers,
      key: raw.key,
      value: raw.value,
    };
  }

  /** The next record's own time. */
  get headTimestamp(): number {
    return this.#first().timestamp;
  }

  /** Takes the next record away. */
  take(): void {
    if (this.#head) this.partitionTime = Math.max(this.partitionTime, this.#head.timestamp);
    this.#head = undefined;
    this.#resting = undefined;
    const { offset, unreadable } = this.#first();
    this.nextOffset = unreadable?.nextOffset ?? offset + 1;
    this.#next = undefined;
    this.#size--;
  }

  /** Replaces what waits. */
  reset(records: readonly RawRecord[], nextOffset: number | undefined): void {
    this.#runs = [];
    this.#size = 0;
    this.#next = this.#head = undefined;
    this.add(records);
    this.#resting = undefined;
    this.nextOffset = nextOffset;
  }

  #first(): RawRecord {
    if (this.#next) return this.#next;
    while (this.#runs[0]!.size === 0) this.#runs.shift();
    const run = this.#runs[0]!, before = run.size;
    this.#next = run.take();
    // What cannot be read may stand for several that the run had counted.
    this.#size -= before - run.size - 1;
    return this.#next;
  }

  #timed(record: FlowRecord): FlowRecord {
    const extract = this.source.timestamp;
    // A tombstone has no payload to read a time from.
    if (!extract || record.encodedValue.isNull) return record;
    const { encodedKey, encodedValue, origin } = record;
    const timestamp = extract(record.value, {
      key: record.key,
      timestamp: record.timestamp,
      partitionTime: this.partitionTime,
    });
    return new FlowRecord(encodedKey, encodedValue, milliseconds(timestamp), origin);
  }
}

/** Event time as a function gave it; notebooks do not check types. Parts of a millisecond are cut off. */
function milliseconds(time: unknown): number {
  if (typeof time === "number" && Math.abs(time) <= Number.MAX_SAFE_INTEGER) {
    return Math.floor(time);
  }
  if (time instanceof Promise) time.catch(() => {});
  const what = time instanceof Date
    ? "a Date, not a number (give date.getTime())"
    : time instanceof Promise
    ? "a promise, not a number (read the time without await)"
    : typeof time === "string"
    ? `the text ${JSON.stringify(time.slice(0, 40))}, not a number (give Date.parse(…))`
    : typeof time === "bigint"
    ? `${time}n, not a number (give Number(…))`
    : typeof time === "object" && time !== null
    ? "an object, not a number (give epoch milliseconds)"
    : `${String(time)} (give epoch milliseconds)`;
  throw new TypeError(`its time is ${what}`);
}

function refuseNull({ encodedKey, encodedValue, topic }: FlowRecord): void {
  const what = encodedKey.isNull ? "key" : encodedValue.isNull ? "value" : undefined;
  if (what === undefined) return;
  throw new TypeError(`its ${what} is null, and topic "${topic}" says nullable: false`);
}

class ListedRun implements RecordRun {
  #at = 0;

  constructor(readonly records: readonly RawRecord[]) {}

  get size(): number {
    return this.records.length - this.#at;
  }

  take(): RawRecord {
    return this.records[this.#at++]!;
  }
}
