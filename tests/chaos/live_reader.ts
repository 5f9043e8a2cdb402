/**
 * Somebody who reads a topic, committed records only, while everything else breaks.
 *
 * @module
 */
import { sleep } from "../../lib/async/mod.ts";
import { setTimeout as delay } from "node:timers/promises";
import { Fetcher } from "../../lib/kafka/engine.ts";
import { type Kafka } from "../../lib/kafka/mod.ts";
import type { Entry } from "./anomalies.ts";

/** Reads from the beginning until it is stopped. */
export class LiveReader {
  readonly #seen: Entry[][];
  readonly #fetcher: Fetcher;
  readonly #begun: Promise<unknown>;
  /** Value -> when it was seen first, as `performance.now()` has it. */
  readonly arrivals = new Map<string, number>();
  /** The longest time in which nothing came, since somebody set it to 0. */
  longestGapMs = 0;
  #lastMs: number | undefined;
  readonly #first = Promise.withResolvers<void>();

  constructor(kafka: Kafka, topic: string, partitions: number) {
    this.#seen = Array.from({ length: partitions }, () => []);
    const decode = (bytes: Uint8Array | null) => new TextDecoder().decode(bytes ?? undefined);
    this.#fetcher = new Fetcher(kafka, {
      onRecords: ({ partition, records }) => {
        this.#first.resolve();
        const nowMs = performance.now();
        this.longestGapMs = Math.max(this.longestGapMs, nowMs - (this.#lastMs ?? nowMs));
        this.#lastMs = nowMs;
        for (const { key, value } of records) {
          const entry = { key: decode(key), value: decode(value) };
          this.#seen[partition]!.push(entry);
          if (!this.arrivals.has(entry.value)) this.arrivals.set(entry.value, performance.now());
        }
      },
    });
    this.#begun = Promise.all(
      this.#seen.map((_, partition) => this.#fetcher.assign({ topic, partition }, 0)),
    );
  }

  /** Resolves when it has seen anything at all; two minutes are too long. */
  async firstArrival(): Promise<void> {
    const late = new AbortController();
    await Promise.race([
      this.#first.promise,
      delay(120_000, undefined, { signal: late.signal }).then(() => {
        throw new Error("Cannot wait any longer for the first record: do the workers run?");
      }),
    ]).finally(() => late.abort());
  }

  /** Waits until it has seen a value, two minutes at most; gives how long that took. */
  async sees(value: string): Promise<number> {
    const startMs = performance.now();
    while (!this.arrivals.has(value)) {
      if (performance.now() - startMs > 120_000) {
        throw new Error(`Cannot wait any longer for a copy of "${value}"`);
      }
      await sleep(20);
    }
    return performance.now() - startMs;
  }

  /** Ends it; gives what it saw, partition by partition. */
  async stop(): Promise<readonly (readonly Entry[])[]> {
    await this.#begun;
    await this.#fetcher.close();
    return this.#seen;
  }
}

/** How many partitions have a transaction that is neither committed nor given up. */
export async function openTransactions(
  kafka: Kafka,
  topics: readonly string[],
): Promise<number> {
  const ends = new Map<string, number>(), stable = new Map<string, number>();
  const answered = Promise.withResolvers<void>();
  const fetcher = new Fetcher(kafka, {
    onRecords: () => {},
    onAnswer: (place) => {
      stable.set(`${place.partition} ${place.topic}`, fetcher.end(place)!);
      if (stable.size === ends.size) answered.resolve();
    },
  });
  for (const topic of topics) {
    const found = await kafka.topics.endOffsets(topic);
    for (const [partition, end] of found.entries()) ends.set(`${partition} ${topic}`, end);
  }
  for (const [name, end] of ends) {
    const [partition, topic] = name.split(" ");
    await fetcher.assign({ topic: topic!, partition: Number(partition) }, end);
  }
  await Promise.race([answered.promise, fetcher.failed]);
  await fetcher.close();
  return [...ends].filter(([name, end]) => stable.get(name)! < end).length;
}
