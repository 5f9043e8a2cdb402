import { sleep } from "../../lib/async/mod.ts";
import { Fetcher, type LogRecord } from "../../lib/kafka/engine.ts";
import { type Kafka } from "../../lib/kafka/mod.ts";

/** Where an engine leaves its results, and how to read them. */
export interface Results {
  /** The topics that hold them, out of all there are; undefined until they are there. */
  readonly topics: (all: readonly string[]) => readonly string[] | undefined;
  /** A table tells the newest value of a label; a stream is counted, record by record. */
  readonly kind: "table" | "stream";
  /** What a record says: a label, and for a table its value; undefined when it is no result. */
  readonly read: (
    record: LogRecord,
    topic: string,
  ) => readonly [label: string, value: number] | undefined;
}

/** When results were there, in the clock of `performance.now()`. */
export interface Seen {
  readonly firstMs: number;
  /** When the last label had its expected value. */
  readonly lastMs: number;
  /** False when a value went beyond what was expected: nothing is right any more. */
  readonly correct: boolean;
}

/** How often topics are looked for that an engine has yet to make. */
const LOOK_MS = 30;

/**
 * Watches an engine's results from outside until the expected values stand in Kafka's log, committed.
 *
 * The same for every engine: it reads the topics as any other program would, read-committed, so a result counts when
 * nothing can take it back.
 */
export async function watch(
  kafka: Kafka,
  { results, expected, signal }: {
    readonly results: Results;
    readonly expected: ReadonlyMap<string, number>;
    readonly signal: AbortSignal;
  },
): Promise<Seen> {
  const topics = await appear(kafka, { results, signal });
  const tally = new Tally(expected, results.kind);
  const done = Promise.withResolvers<Seen>();
  signal.addEventListener("abort", () => done.reject(signal.reason), { once: true });
  const fetcher = new Fetcher(kafka, {
    partitionBytes: 4 << 20,
    onRecords: ({ topic, records }) => {
      for (const record of records) {
        const result = results.read(record, topic);
        if (result) tally.add(...result);
      }
      const seen = tally.seen();
      if (seen) done.resolve(seen);
    },
  });
  try {
    fetcher.failed.catch(done.reject);
    for (const topic of topics) {
      for (const { partition } of (await kafka.topics.describe(topic)).partitions) {
        await fetcher.assign({ topic, partition }, 0);
      }
    }
    return await done.promise;
  } finally {
    await fetcher.close();
  }
}

/** How far what was read is from what is expected. */
export class Tally {
  readonly #values = new Map<string, number>();
  readonly #expected: ReadonlyMap<string, number>;
  readonly #kind: Results["kind"];
  #right = 0;
  #correct = true;
  #firstMs: number | undefined;

  constructor(expected: ReadonlyMap<string, number>, kind: Results["kind"]) {
    this.#expected = expected;
    this.#kind = kind;
  }

  /** Takes one record in. */
  add(label: string, value: number): void {
    this.#firstMs ??= performance.now();
    const goal = this.#expected.get(label), before = this.#values.get(label) ?? 0;
    const after = this.#kind === "table" ? value : before + 1;
    this.#values.set(label, after);
    if (goal === undefined || after > goal) this.#correct = false;
    this.#right += Number(after === goal) - Number(before === goal);
  }

  /** When it was complete, or went wrong; undefined until then. */
  seen(): Seen | undefined {
    if (this.#correct && this.#right < this.#expected.size) return undefined;
    return { firstMs: this.#firstMs!, lastMs: performance.now(), correct: this.#correct };
  }
}

async function appear(
  kafka: Kafka,
  { results, signal }: { readonly results: Results; readonly signal: AbortSignal },
): Promise<readonly string[]> {
  for (;;) {
    signal.throwIfAborted();
    const found = results.topics(await kafka.topics.list({ internal: true }));
    if (found) return found;
    await sleep(LOOK_MS);
  }
}
