import { Notifier } from "../../../async/mod.ts";
import { Fetcher, ResponseReader } from "../../../kafka/engine.ts";
import type { Kafka } from "../../../kafka/mod.ts";
import type { ShareView } from "../../contract.ts";

/** Where Kafka's brokers keep what share groups have done with records that are not simply behind them. */
const STATE_TOPIC = "__share_group_state";
/** Of each of its partitions; Kafka cleans up behind itself. */
const MOST = 5_000;
const LONGEST_MS = 3_000;

/** Kafka's numbers for what is with a record. */
const STATES: Readonly<Record<number, ShareView["batches"][number]["state"]>> = {
  0: "available",
  2: "acknowledged",
  4: "archived",
};

/** A share group in one partition of a topic. */
export interface SharePartition {
  readonly group: string;
  /** In hexadecimal digits. */
  readonly topicId: string;
  readonly partition: number;
}

/** What a record of the state topic says; `isWhole` where nothing said before it counts. */
export interface ShareState extends SharePartition {
  readonly isWhole: boolean;
  readonly batches: ShareView["batches"];
}

/** What is with single records of share groups, read where the brokers keep it; it goes on reading until it is closed. */
export class ShareStates {
  readonly #states = new Map<string, ShareView["batches"]>();
  #reading: Promise<Reading> | undefined;

  /** Brings itself up to where the topic ends now. */
  async of(kafka: Kafka, wanted: readonly SharePartition[]): Promise<readonly ShareView[]> {
    if (wanted.length === 0 || !await kafka.topics.exists(STATE_TOPIC)) return [];
    const ends = await kafka.topics.endOffsets(STATE_TOPIC);
    const reading = this.#reading ??= this.#open(kafka, ends);
    try {
      const { fetcher, answered } = await reading;
      const isBehind = () =>
        ends.some((end, partition) => (fetcher.position(at(partition)) ?? 0) < end);
      for (const untilMs = Date.now() + LONGEST_MS; isBehind() && Date.now() < untilMs;) {
        await Promise.race([answered.wait(untilMs - Date.now()), fetcher.failed]);
      }
    } catch (error) {
      // The next look begins again.
      if (this.#reading === reading) await this.close();
      throw error;
    }
    return wanted.map((one) => ({
      ...{ group: one.group, partition: one.partition },
      batches: this.#states.get(nameOf(one)) ?? [],
    }));
  }

  /** Stops reading and forgets. */
  async close(): Promise<void> {
    const reading = this.#reading;
    this.#reading = undefined;
    this.#states.clear();
    await (await reading?.catch(() => undefined))?.fetcher.close().catch(() => {});
  }

  async #open(kafka: Kafka, ends: readonly number[]): Promise<Reading> {
    const begins = await kafka.topics.beginOffsets(STATE_TOPIC), answered = new Notifier();
    const fetcher = new Fetcher(kafka, {
      ...{ maxWaitMs: 500, onAnswer: () => answered.notify() },
      onRecords: ({ records }) => {
        for (const { key, value } of records) if (key) this.#take(key, value);
      },
    });
    try {
      await Promise.all(
        ends.map((end, partition) =>
          fetcher.assign(at(partition), Math.max(begins[partition] ?? 0, end - MOST))
        ),
      );
    } catch (error) {
      await fetcher.close();
      throw error;
    }
    return { fetcher, answered };
  }

  #take(key: Uint8Array, value: Uint8Array | null): void {
    const said = value && readShareState(key, value);
    if (!said) return;
    const name = nameOf(said), known = said.isWhole ? [] : this.#states.get(name) ?? [];
    this.#states.set(name, overlaid(known, said.batches));
  }
}

interface Reading {
  readonly fetcher: Fetcher;
  readonly answered: Notifier;
}

const at = (partition: number) => ({ topic: STATE_TOPIC, partition });
const nameOf = ({ group, topicId, partition }: SharePartition) =>
  `${topicId} ${partition} ${group}`;

/**
 * Puts newer batches over older ones, which are cut where they overlap.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { overlaid } from "./share_state.ts";
 * const batch = (first: number, last: number, deliveries: number) =>
 *   ({ first, last, state: "available" as const, deliveries });
 * assert.deepEqual(overlaid([batch(0, 9, 1)], [batch(3, 4, 2)]), [batch(0, 2, 1), batch(3, 4, 2), batch(5, 9, 1)]);
 * ```
 */
export function overlaid(
  old: ShareView["batches"],
  fresh: ShareView["batches"],
): ShareView["batches"] {
  let left = old;
  for (const { first, last } of fresh) {
    left = left.flatMap((one) =>
      one.last < first || one.first > last ? [one] : [
        ...(one.first < first ? [{ ...one, last: first - 1 }] : []),
        ...(one.last > last ? [{ ...one, first: last + 1 }] : []),
      ]
    );
  }
  return [...left, ...fresh].sort((a, b) => a.first - b.first);
}

const SNAPSHOT = 0, UPDATE = 1, VERSION = 0;

/**
 * Reads a record of the state topic; undefined where it is of another kind or version.
 *
 * @see KIP-932, ShareSnapshot and ShareUpdate, version 0
 */
export function readShareState(key: Uint8Array, value: Uint8Array): ShareState | undefined {
  try {
    // Only the values have a flexible version.
    const keys = new ResponseReader(key, false), values = new ResponseReader(value, true);
    const kind = keys.int16();
    if ((kind !== SNAPSHOT && kind !== UPDATE) || values.int16() !== VERSION) return undefined;
    const group = keys.text(), topicId = keys.raw(16).toHex(), partition = keys.int32();
    values.raw(kind === SNAPSHOT ? 12 : 8); // epochs
    values.raw(8); // start offset
    if (kind === SNAPSHOT) values.raw(16); // when it was made and written
    const batches = values.array(() => {
      const first = values.int64(), last = values.int64();
      const state = STATES[values.int8()], deliveries = values.int16();
      values.tags();
      return state ? [{ first, last, state, deliveries }] : [];
    }).flat();
    return { group, topicId, partition, isWhole: kind === SNAPSHOT, batches };
  } catch (error) {
    if (error instanceof RangeError) return undefined; // It ends too early.
    throw error;
  }
}
