/**
 * Gathers what tasks write and sends it in large requests, one at a time.
 *
 * @module
 */
import { PackedRecords, type ProduceSession } from "../../kafka/engine.ts";
import { KafkaError, partitionForKey } from "../../kafka/mod.ts";
import type { RecordHeaders } from "../../serde/mod.ts";

/** A record to write: an output, or a row of a changelog. */
export interface OutgoingRecord {
  readonly topic: string;
  readonly key: Uint8Array | null;
  readonly value: Uint8Array | null;
  readonly timestamp: number;
  readonly headers?: RecordHeaders | undefined;
  readonly partition?: number;
  /** Decides the partition when the key does not. */
  readonly partitionKey?: Uint8Array | null;
}

/** Records for one partition that wait to be sent, in batches of one request each; only the last may still grow. */
interface PartitionBuffer {
  readonly topic: string;
  readonly partition: number;
  readonly batches: PackedRecords[];
  /** After the last record written. */
  end: number | undefined;
}

/** A batch that is being written. */
interface Sent {
  readonly buffer: PartitionBuffer;
  readonly messages: PackedRecords;
}

/** How a {@link RecordWriter} writes. */
export interface RecordWriterOptions {
  /** How many partitions a topic has. */
  readonly partitions: (topic: string) => number;
  /** Bytes of one partition in one request, unless one record has more; `max.message.bytes` is 1 MB. @default 900_000 */
  readonly batchBytes?: number;
}

/** Written batches that are kept for reuse. */
const SPARE_BATCHES = 8;

/**
 * Writes records in the order they are added, partition by partition.
 *
 * A write is under way at any time there is something to write; what is added meanwhile goes with the next one, so a
 * busy task writes large batches and an idle one loses no time.
 */
export class RecordWriter {
  readonly #session: Pick<ProduceSession, "write">;
  readonly #options: RecordWriterOptions & { readonly batchBytes: number };
  readonly #written = new Map<string, number>();
  readonly #turns = new Map<string, number>();
  /** Topic -> its buffers, by partition. */
  readonly #buffers = new Map<string, (PartitionBuffer | undefined)[]>();
  /** Written batches, for reuse. */
  readonly #spare: PackedRecords[] = [];
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
    return this.#buffers.get(topic)?.[partition]?.end;
  }

  /** Adds a record; one that is larger than a request should be goes alone, and its topic decides. */
  add(record: OutgoingRecord): void {
    const { topic } = record, buffer = this.#bufferOf(topic, this.#partitionFor(record));
    let batch = buffer.batches.at(-1), before = batch?.byteLength ?? 0;
    if (!batch?.add(record, this.#options.batchBytes)) {
      buffer.batches.push(batch = this.#spare.pop() ?? new PackedRecords());
      before = 0;
      batch.add(record);
    }
    this.#bytes += batch.byteLength - before;
  }

  /** Discards what waits and the last error: for a worker whose tasks are reopened. */
  async reset(): Promise<void> {
    await this.#writing;
    this.#buffers.clear();
    this.#bytes = 0;
    this.#failure = undefined;
  }

  /** Starts to write what waits, if nothing is being written. */
  start(): void {
    if (this.#writing || this.#bytes === 0 || this.#failure) return;
    this.#writing = this.#writeAll().catch((error) => {
      this.#failure = { error };
    }).finally(() => this.#writing = undefined);
  }

  /** Resolves when no more than this is waiting. @throws what writing failed with */
  async waitFor(maxBytes: number): Promise<void> {
    this.start();
    while (this.#bytes > maxBytes && this.#writing) await this.#writing;
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
    while (this.#bytes > 0) {
      const batches: Sent[] = [];
      for (const buffers of this.#buffers.values()) {
        for (const buffer of buffers) {
          const messages = buffer?.batches.shift();
          if (buffer && messages) batches.push({ buffer, messages });
        }
      }
      for (const { messages } of batches) this.#bytes -= messages.byteLength;
      await this.#write(batches);
    }
  }

  async #write(batches: readonly Sent[]): Promise<void> {
    const outcomes = await this.#session.write(
      batches.map(({ buffer: { topic, partition }, messages }) => ({ topic, partition, messages })),
    );
    for (const [i, { buffer, messages }] of batches.entries()) {
      const outcome = outcomes[i]!;
      if ("error" in outcome) throw outcome.error;
      const { topic } = buffer, { length } = messages;
      this.#written.set(topic, (this.#written.get(topic) ?? 0) + length);
      // A repeat that the broker recognised comes back without an offset.
      const last = outcome.parts.at(-1)!;
      if (last.baseOffset >= 0) buffer.end = last.baseOffset + last.length;
      messages.clear();
      if (this.#spare.length < SPARE_BATCHES) this.#spare.push(messages);
    }
  }

  #bufferOf(topic: string, partition: number): PartitionBuffer {
    let buffers = this.#buffers.get(topic);
    if (!buffers) this.#buffers.set(topic, buffers = []);
    return buffers[partition] ??= { topic, partition, batches: [], end: undefined };
  }

  #partitionFor({ topic, partition, partitionKey, key }: OutgoingRecord): number {
    if (partition !== undefined) return partition;
    const count = this.#options.partitions(topic);
    if (!(count > 0)) {
      throw new KafkaError(
        `Cannot write to topic "${topic}": it does not exist (create it before the worker starts)`,
        { topic },
      );
    }
    const bytes = partitionKey ?? key;
    if (bytes) return partitionForKey(bytes, count);
    const turn = this.#turns.get(topic) ?? 0;
    this.#turns.set(topic, (turn + 1) % count);
    return turn % count;
  }
}
