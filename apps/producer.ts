import { type Kafka, producer, type Sent } from "../lib/kafka/mod.ts";

/** What the seed's producer writes. */
export interface NumbersOptions {
  readonly topic: string;
  /** How many records, numbered from 0. */
  readonly count: number;
  /** Records a second; Infinity for as fast as it goes. */
  readonly rate: number;
  /** Ends it after the records that are under way. */
  readonly signal?: AbortSignal;
}

/** Written together at full speed: few enough to report progress. */
const BLOCK = 5_000;

/**
 * The seed's producer: `{"number": 0}`, `{"number": 1}` … without a key, one a second unless told otherwise.
 *
 * Without a key the partitions take turns, so the order holds inside each partition only.
 */
export async function* produceNumbers(
  kafka: Kafka,
  { topic, count, rate, signal }: NumbersOptions,
): AsyncGenerator<Sent & { readonly value: { readonly number: number } }> {
  await using out = producer(kafka);
  const startedMs = performance.now();
  for (let next = 0; next < count && !signal?.aborted;) {
    const due = rate === Infinity
      ? next + BLOCK
      : 1 + Math.floor((performance.now() - startedMs) / 1000 * rate);
    const until = Math.min(count, due);
    const values = Array.from(
      { length: Math.max(0, until - next) },
      (_, i) => ({ number: next + i }),
    );
    const sent = await out.send(topic, values.map((value) => ({ value })));
    for (const [i, one] of sent.entries()) yield { ...one, value: values[i]! };
    next += values.length;
    const waitMs = startedMs + next / rate * 1000 - performance.now();
    if (next < count && waitMs > 0) await pause(waitMs, signal);
  }
}

function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal?.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    }, { once: true });
  });
}
