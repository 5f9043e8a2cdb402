/**
 * Gathers what tasks write and sends it in large requests, one at a time.
 *
 * @module
 */
import {
  KafkaError,
  type PartitionBatch,
  partitionOf,
  type ProduceSession,
  type WireRecord,
} from "../../kafka/mod.ts";

/** What a task wants written: an output, or a row of a changelog. */
export interface Outgoing {
  readonly topic: string;
  readonly key: Uint8Array | null;
  readonly value: Uint8Array | null;
  readonly timestamp: number;
  readonly headers?: Readonly<Record<string, Uint8Array>> | undefined;
  readonly partition?: number;
  /** Decides the partition when the key does not. */
  readonly partitionKey?: Uint8Array | null;
}

/** Records for one partition that are waiting. */
interface Lane {
  readonly topic: string;
  readonly partition: number;
  messages: WireRecord[];
  bytes: number[];
}

/** How a {@link RecordWriter} writes. */
export interface RecordWriterOptions {
  /** How many partitions a topic has. */
  readonly partitions: (topic: string) => number;
  /** Most bytes of one partition in one request; the topic's `max.message.bytes` is 1 MB. @default 900_000 */
  readonly batchBytes?: number;
}

/** What Kafka adds to a record, at most. */
const OVERHEAD_BYTES = 70;

/**
 * Writes records in the order they are added, partition by partition.
 *
 * A write is under way at any time there is something to write; what is added meanwhile goes with the next one, so a
 * busy task writes large batches and an idle one loses no time.
 */
export class RecordWriter {
  readonly #session: Pick<ProduceSession, "write">;
  readonly #options: Required<RecordWriterOptions>;
  readonly #written = new Map<string, number>();
  readonly #ends = new Map<string, number>();
  readonly #turns = new Map<string, number>();
  #lanes = new Map<string, Lane>();
  #bytes = 0;
  #writing: Promise<void> | undefined;
  #failure: { readonly error: unknown } | undefined;

  constructor(session: Pick<ProduceSession, "write">, options: RecordWriterOptions) {
    this.#session = session;
    this.#options = { batchBytes: 900_000, ...options };
  }

  /** Bytes that wait to be written. */
  get waitingBytes(): number {
    return this.#bytes;
  }

  /** Topic -> records written so far. */
  get written(): ReadonlyMap<string, number> {
    return this.#written;
  }

  /** The offset after the last record written to a partition. */
  end(topic: string, partition: number): number | undefined {
    return this.#ends.get(`${partition} ${topic}`);
  }

  /** Adds a record. @throws {RangeError} If it is too large for any request. */
  add(record: Outgoing): void {
    const { topic } = record, partition = this.#partitionFor(record);
    const bytes = sizeOf(record);
    if (bytes > this.#options.batchBytes) {
      throw new RangeError(
        `Cannot write a record of ${bytes} bytes to topic "${topic}": at most ${this.#options.batchBytes} fit`,
      );
    }
    const name = `${partition} ${topic}`;
    let lane = this.#lanes.get(name);
    if (!lane) this.#lanes.set(name, lane = { topic, partition, messages: [], bytes: [] });
    lane.messages.push(record);
    lane.bytes.push(bytes);
    this.#bytes += bytes;
  }

  /** Begins to write what waits, if nothing is being written. */
  start(): void {
    if (this.#writing || this.#lanes.size === 0 || this.#failure) return;
    this.#writing = this.#writeAll().catch((error) => {
      this.#failure = { error };
    }).finally(() => this.#writing = undefined);
  }

  /** Resolves when no more than this is waiting. @throws what writing failed with */
  async waitFor(mostBytes: number): Promise<void> {
    this.start();
    while (this.#bytes > mostBytes && this.#writing) await this.#writing;
    this.#check();
  }

  /** Resolves when everything added is written and acknowledged. @throws {KafkaError} If something was refused */
  async flush(): Promise<void> {
    for (;;) {
      this.start();
      if (!this.#writing) break;
      await this.#writing;
    }
    this.#check();
  }

  #check(): void {
    if (this.#failure) throw this.#failure.error;
  }

  async #writeAll(): Promise<void> {
    while (this.#lanes.size > 0) {
      const lanes = this.#lanes;
      this.#lanes = new Map();
      for (const lane of lanes.values()) this.#bytes -= sum(lane.bytes);
      while (lanes.size > 0) {
        const batches = [...lanes.values()].map((lane) => cut(lane, this.#options.batchBytes));
        for (const [name, lane] of lanes) if (lane.messages.length === 0) lanes.delete(name);
        await this.#write(batches);
      }
    }
  }

  async #write(batches: readonly PartitionBatch[]): Promise<void> {
    const outcomes = await this.#session.write(batches);
    for (const [i, { topic, partition, messages }] of batches.entries()) {
      const outcome = outcomes[i]!;
      if ("error" in outcome) throw outcome.error;
      this.#written.set(topic, (this.#written.get(topic) ?? 0) + messages.length);
      // A repeat that the broker recognised comes back without an offset.
      if (outcome.baseOffset >= 0) {
        this.#ends.set(`${partition} ${topic}`, outcome.baseOffset + messages.length);
      }
    }
  }

  #partitionFor({ topic, partition, partitionKey, key }: Outgoing): number {
    if (partition !== undefined) return partition;
    const count = this.#options.partitions(topic);
    if (!(count > 0)) {
      throw new KafkaError(
        `Cannot write to topic "${topic}": it does not exist (create it before the worker starts)`,
        { topic },
      );
    }
    const bytes = partitionKey ?? key;
    if (bytes) return partitionOf(bytes, count);
    const turn = this.#turns.get(topic) ?? 0;
    this.#turns.set(topic, (turn + 1) % count);
    return turn % count;
  }
}

/** Takes as many records from the front of a lane as fit, at least one. */
function cut(lane: Lane, mostBytes: number): PartitionBatch {
  let bytes = 0, count = 0;
  while (count < lane.bytes.length && (count === 0 || bytes + lane.bytes[count]! <= mostBytes)) {
    bytes += lane.bytes[count++]!;
  }
  const messages = lane.messages.slice(0, count);
  lane.messages = lane.messages.slice(count);
  lane.bytes = lane.bytes.slice(count);
  return { topic: lane.topic, partition: lane.partition, messages };
}

function sizeOf({ key, value, headers }: Outgoing): number {
  let bytes = OVERHEAD_BYTES + (key?.length ?? 0) + (value?.length ?? 0);
  for (const name in headers) bytes += 10 + 3 * name.length + headers[name]!.length;
  return bytes;
}

function sum(numbers: readonly number[]): number {
  let total = 0;
  for (const number of numbers) total += number;
  return total;
}
