import { sleep } from "../../lib/async/mod.ts";
import { Fetcher } from "../../lib/kafka/engine.ts";
import { bytes, type Kafka, producer } from "../../lib/kafka/mod.ts";
import { loadedRecords } from "../load/write.ts";

/** What came back of the records that were sent. */
export interface Latencies {
  /** Ms from `send` to being read, of each measured record that came back. */
  readonly ms: readonly number[];
  /** How many did not come back in time, came to the wrong topic, or twice. */
  readonly wrong: number;
}

const EVERY_MS = 10, WARM_MS = 5_000, MEASURED_MS = 20_000, LAST_WAIT_MS = 3_000;

/**
 * Sends 100 rides a second into a branch program and times each until it can be read from an output.
 *
 * One process with one clock sends and reads, the same for every engine; its own part (a write without lingering, a
 * read that waits at the broker) is in every figure. The first five seconds after the first result are not counted.
 */
export async function meter(
  kafka: Kafka,
  { source, high, low, signal }: {
    readonly source: string;
    readonly high: string;
    readonly low: string;
    readonly signal: AbortSignal;
  },
): Promise<Latencies> {
  const rides = loadedRecords(10_000), sentMs: number[] = [], cameMs: number[] = [];
  let wrong = 0;
  const isHigh = rides.map(({ value }) => JSON.parse(utf8.decode(value)).total_amount >= 40);
  const arrived = Promise.withResolvers<void>();
  const fetcher = new Fetcher(kafka, {
    onRecords: ({ topic, records }) => {
      const nowMs = performance.now();
      for (const { key } of records) {
        const number = Number(utf8.decode(key!));
        if (cameMs[number] !== undefined || isHigh[number % rides.length] !== (topic === high)) {
          wrong++;
        }
        cameMs[number] ??= nowMs;
      }
      arrived.resolve();
    },
  });
  await using out = producer(kafka, { key: bytes, value: bytes });
  try {
    for (const topic of [high, low]) {
      for (const partition of [0, 1]) await fetcher.assign({ topic, partition }, 0);
    }
    const beganMs = performance.now();
    let measuredFromMs = Infinity;
    arrived.promise.then(() => measuredFromMs = performance.now() + WARM_MS);
    for (let i = 0; performance.now() < measuredFromMs + MEASURED_MS; i++) {
      signal.throwIfAborted();
      sentMs[i] = performance.now();
      out.send(source, { key: utf8Bytes.encode(`${i}`), value: rides[i % rides.length]!.value })
        .catch(() => wrong++);
      await sleep(beganMs + (i + 1) * EVERY_MS - performance.now());
    }
    for (let waited = 0; cameMs.length < sentMs.length && waited < LAST_WAIT_MS; waited += 50) {
      await sleep(50);
    }
    const measured = sentMs.keys().filter((i) => sentMs[i]! >= measuredFromMs).toArray();
    const lost = sentMs.keys().filter((i) => cameMs[i] === undefined).toArray();
    return {
      ms: measured.flatMap((i) => cameMs[i] === undefined ? [] : [cameMs[i]! - sentMs[i]!]),
      wrong: wrong + lost.length,
    };
  } finally {
    await fetcher.close();
  }
}

const utf8 = new TextDecoder(), utf8Bytes = new TextEncoder();
