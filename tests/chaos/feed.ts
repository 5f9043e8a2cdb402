/**
 * Writes numbered records at a steady rate, and remembers what was acknowledged.
 *
 * @module
 */
import { sleep } from "../../lib/async/mod.ts";
import { type Kafka, partitionForKey, producer, string } from "../../lib/kafka/mod.ts";
import type { Entry } from "./anomalies.ts";

/** A record that was acknowledged. */
export interface FedRecord extends Entry {
  readonly timestamp: number;
}

/** What a feed writes. */
export interface FeedOptions {
  readonly topic: string;
  readonly partitions: number;
  /** Records a second. */
  readonly rate: number;
  /** How many at least, however soon it is told to stop. @default 0 */
  readonly records?: number;
  /** Different keys. @default 11 */
  readonly keys?: number;
}

/** Requests a second. */
const BATCHES = 20;
/** Time between two records, as their timestamps say: a minute has 3,000 of them. */
const STEP_MS = 20;
/** How old the first record is; Kafka takes none that is an hour ahead of its clock. */
const AGE_MS = 2 * 3_600_000;

/** Numbers 0, 1, 2, …, each with a key that Java would put on the same partition. */
export class Feed {
  readonly #acknowledged: FedRecord[][];
  readonly #writing: Promise<void>;
  readonly #options: FeedOptions;
  #stopped = false;
  /** Records acknowledged so far. */
  written = 0;
  /** The longest time between two acknowledgements. */
  longestWaitMs = 0;

  constructor(kafka: Kafka, options: FeedOptions) {
    this.#options = options;
    this.#acknowledged = Array.from({ length: options.partitions }, () => []);
    this.#writing = this.#write(kafka);
    this.#writing.catch(() => {});
  }

  /** What was acknowledged, partition by partition. */
  async stop(): Promise<readonly (readonly FedRecord[])[]> {
    this.#stopped = true;
    await this.#writing;
    return this.#acknowledged;
  }

  async #write(kafka: Kafka): Promise<void> {
    const { topic, partitions, rate, records = 0, keys = 11 } = this.#options;
    const firstMs = Math.floor((Date.now() - AGE_MS) / 60_000) * 60_000;
    await using out = producer(kafka, { key: string, value: string });
    const startMs = performance.now();
    for (let batches = 1; !this.#stopped || this.written < records; batches++) {
      const batch = Array.from({ length: Math.ceil(rate / BATCHES) }, (_, i) => {
        const number = this.written + i;
        return {
          key: `k${(number * 7) % keys}`,
          value: `${number}`,
          timestamp: firstMs + number * STEP_MS,
        };
      });
      const sentMs = performance.now();
      await out.send(topic, batch);
      this.longestWaitMs = Math.max(this.longestWaitMs, performance.now() - sentMs);
      for (const record of batch) {
        const partition = partitionForKey(new TextEncoder().encode(record.key), partitions);
        this.#acknowledged[partition]!.push(record);
      }
      this.written += batch.length;
      const dueMs = startMs + batches * 1_000 / BATCHES;
      await sleep(Math.max(5, dueMs - performance.now()));
    }
  }
}
