/**
 * What every client does in the benches `produce` and `consume`, whoever wrote it.
 *
 * A program says `ready` on stdout when its rides are made and its client has talked to the broker: there its time
 * begins. Writing is over when the probe has read everything; reading when the program says what it has read.
 *
 * @module
 */
import { rideAt, rideNumber } from "../load/ride.ts";

/** A ride as a user's program has it before it is written. */
export interface TextRecord {
  readonly key: string;
  /** JSON. */
  readonly value: string;
}

/** A client library, as far as it is measured. */
export interface Client {
  /** Connects; gives what writes one array of records. */
  producer(
    topic: string,
    compression: "none" | "gzip",
  ): Promise<(records: TextRecord[]) => Promise<unknown>>;
  /** Connects; gives what starts reading. */
  consumer(topic: string): Promise<(sum: Sum) => unknown>;
}

/** How many records were read so far, and bytes of their values. */
export class Sum {
  records = 0;
  bytes = 0;
  readonly #full = Promise.withResolvers<void>();

  constructor(readonly goal: number) {}

  /** Takes in one value's length. */
  add(bytes: number): void {
    this.bytes += bytes;
    if (++this.records === this.goal) this.#full.resolve();
  }

  /** Resolves when all were read. */
  get full(): Promise<void> {
    return this.#full.promise;
  }
}

const BATCH_RECORDS = 1_000;

/** Takes one turn: `produce TOPIC RECORDS none|gzip` or `consume TOPIC RECORDS`. */
export async function turn(client: Client, args: readonly string[]): Promise<void> {
  const [what, topic, records] = [args[0]!, args[1]!, Number(args[2])];
  if (what === "produce") {
    const batches = rideBatches(records), packed = args[3] === "gzip" ? "gzip" : "none";
    const write = await client.producer(topic, packed);
    console.log("ready");
    for (const batch of batches) await write(batch);
  } else {
    const sum = new Sum(records), read = await client.consumer(topic);
    console.log("ready");
    read(sum);
    await sum.full;
    console.log(JSON.stringify({ records: sum.records, bytes: sum.bytes }));
  }
}

function rideBatches(records: number): TextRecord[][] {
  return Array.from({ length: Math.ceil(records / BATCH_RECORDS) }, (_, batch) => {
    const from = batch * BATCH_RECORDS, length = Math.min(BATCH_RECORDS, records - from);
    return Array.from({ length }, (_, i) => ({
      key: `${rideNumber(from + i)}`,
      value: JSON.stringify(rideAt(from + i)),
    }));
  });
}
