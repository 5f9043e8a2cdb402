import { Notifier } from "../../../async/mod.ts";
import { Fetcher, ResponseReader } from "../../../kafka/engine.ts";
import type { Kafka } from "../../../kafka/mod.ts";
import type { ShareView } from "../../contract.ts";

/** Where Kafka's brokers keep what share groups have done with records that are not simply behind them. */
const STATE_TOPIC = "__share_group_state";
/** Of each of its partitions; Kafka cleans up behind itself. */
const MOST = 5_000;
const LONGEST_MS = 3_000;
/** Kafka hands out no more records of a partition at a time (`group.share.partition.max.record.locks`). */
const MOST_BATCHES = { ofPartition: 10_000, inAll: 100_000 };

type Batch = ShareView["batches"][number];

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
  #batches = 0;
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
    this.#batches = 0;
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
    this.#forget(name);
    const batches = overlaid(known, said.batches);
    if (batches.length > 0) this.#states.set(name, batches);
    this.#batches += batches.length;
    for (const oldest of this.#states.keys()) {
      if (this.#batches <= MOST_BATCHES.inAll) break;
      this.#forget(oldest);
    }
  }

  #forget(name: string): void {
    this.#batches -= this.#states.get(name)?.length ?? 0;
    this.#states.delete(name);
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
  const newer = inOrder(fresh), left: Batch[] = [];
  let at = 0;
  for (const one of inOrder(old)) {
    while (at < newer.length && newer[at]!.last < one.first) at++;
    let { first } = one;
    for (let i = at; i < newer.length && newer[i]!.first <= one.last; i++) {
      if (newer[i]!.first > first) left.push({ ...one, first, last: newer[i]!.first - 1 });
      first = newer[i]!.last + 1;
    }
    if (first <= one.last) left.push({ ...one, first });
  }
  return inOrder([...left, ...newer]).slice(0, MOST_BATCHES.ofPartition);
}

/** Batches by their offsets; what overlaps one before it is left out: no coordinator writes that. */
function inOrder(batches: readonly Batch[]): Batch[] {
  let next = -Infinity;
  return batches.toSorted((a, b) => a.first - b.first).filter(({ first, last }) => {
    if (first < next || last < first) return false;
    next = last + 1;
    return true;
  });
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
