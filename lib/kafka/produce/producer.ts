import { abortable, sleep, waitAtMost } from "../../async/mod.ts";
import type { Serde } from "../../serde/mod.ts";
import { byPartition, cutBatch } from "./batch.ts";
import type { Kafka } from "../client/connect.ts";
import { type EncodedRecord, encodeRecord, type ProducerRecord } from "./encode_record.ts";
import { KafkaError } from "../client/errors.ts";
import { type ChoosePartition, inTurn } from "./partitioner.ts";
import type { Compression } from "../wire/compression.ts";
import type { Acks } from "../wire/encode_batch.ts";
import { type Outcome, ProduceSession } from "./produce_session.ts";
import { json } from "../../serde/mod.ts";

/** Where a record was written. */
export interface Sent {
  /** As it was asked for. */
  readonly topic: string;
  /** The partition that the key, or the caller, chose. */
  readonly partition: number;
  /** Its place in the partition, from 0; −1 where the broker does not say, as with `acks: 0`. */
  readonly offset: number;
  /** Unix epoch ms. */
  readonly timestamp: number;
}

/** How a producer writes. */
export interface ProducerOptions<K, V> {
  /** Name of this producer in the broker's eyes. @default the connection's */
  readonly name?: string;
  /** How keys are written. @default json() */
  readonly key?: Serde<K>;
  /** How values are written. @default json() */
  readonly value?: Serde<V>;
  /** How long the first record waits for others. While a request is under way they gather anyway. @default 0 */
  readonly lingerMs?: number;
  /** Largest request, unless one record has more: then it goes alone, and its topic decides. @default 900_000 */
  readonly batchBytes?: number;
  /**
   * Which brokers must have a record before it counts as written: all that are in sync, the partition's leader (1), or
   * none (0). Only "all" writes each record once, and loses none.
   *
   * @default "all"
   */
  readonly acks?: Acks;
  /** How batches are packed. @default "none" */
  readonly compression?: Compression;
  /** Chooses the partition where a record names none. @default by key as in Java; without a key, in turn */
  readonly partitioner?: ChoosePartition;
  /** How long a record may take from `send` until it is written; then its `send` rejects. @default 120_000 */
  readonly deliveryTimeoutMs?: number;
  /** How much may wait before `ready()` holds the caller back. @default 32 MB */
  readonly bufferedBytes?: number;
}

/** Writes records; see {@link producer}. */
export interface Producer<K = unknown, V = unknown> extends AsyncDisposable {
  /** Writes one record; resolves when as many brokers have it as `acks` says. */
  send(topic: string, record: ProducerRecord<K, V>): Promise<Sent>;
  /** Writes records in this order; resolves when all are written, results in the same order. */
  send(topic: string, records: readonly ProducerRecord<K, V>[]): Promise<readonly Sent[]>;
  /** Resolves when there is room: await it in a loop that does not await its sends. */
  ready(): Promise<void>;
  /** Resolves when all that was sent is written. @throws {KafkaError} The first failure among it. */
  flush(): Promise<void>;
  /** Writes what waits, for at most `timeoutMs` (default 10 s), and disconnects. */
  close(options?: { readonly timeoutMs?: number }): Promise<void>;
}

/** One `send`: it succeeds or fails as a whole. */
interface Call {
  readonly sent: Sent[];
  left: number;
  readonly promise: Promise<Sent[]>;
  readonly resolve: (sent: Sent[]) => void;
  readonly reject: (error: unknown) => void;
}

interface Entry extends EncodedRecord {
  readonly call: Call;
  readonly index: number;
  readonly queuedMs: number;
}

/** A topic may get more partitions while a producer runs. */
const PARTITIONS_MAX_AGE_MS = 60_000;

/**
 * Makes a producer; it connects at the first `send`.
 *
 * Every record is written once, in order within its partition, and survives a broker's restart: one request is
 * under way at a time, each batch is numbered before its first attempt, and each partition's answer is checked.
 * Equal keys go to one partition, the same as in Java; records without a key take turns over the partitions, beginning with partition 0.
 *
 * @example
 * ```ts ignore
 * await using out = producer(kafka);
 * const { partition, offset } = await out.send("demo_1", { value: { number: 1 } });
 * ```
 */
export function producer<K = unknown, V = unknown>(
  kafka: Kafka,
  options: ProducerOptions<K, V> = {},
): Producer<K, V> {
  return new BatchingProducer(kafka, options);
}

class BatchingProducer<K, V> implements Producer<K, V> {
  readonly #kafka: Kafka;
  readonly #options: Required<ProducerOptions<K, V>>;
  readonly #session: ProduceSession;
  readonly #partitions = new Map<string, { readonly count: number; readonly atMs: number }>();
  readonly #forget: () => void;
  readonly #unsettled = new Set<Promise<unknown>>();
  #queue: Entry[] = [];
  #queuedBytes = 0;
  #waitingForRoom: (() => void)[] = [];
  #draining: Promise<void> | undefined;
  /** Calls that wait for a serde or for a topic's partitions, and those behind them. */
  #preparing: Promise<void> | undefined;
  #closed: Promise<void> | undefined;

  constructor(kafka: Kafka, options: ProducerOptions<K, V>) {
    this.#kafka = kafka;
    this.#options = {
      name: kafka.clientId,
      key: json<K>(),
      value: json<V>(),
      lingerMs: 0,
      batchBytes: 900_000,
      bufferedBytes: 32 * 2 ** 20,
      acks: "all",
      compression: "none",
      partitioner: inTurn(),
      deliveryTimeoutMs: 120_000,
      ...options,
    };
    this.#session = new ProduceSession(kafka, this.#options.name, this.#options);
    this.#forget = kafka.adopt(this);
  }

  send(topic: string, record: ProducerRecord<K, V>): Promise<Sent>;
  send(topic: string, records: readonly ProducerRecord<K, V>[]): Promise<readonly Sent[]>;
  send(
    topic: string,
    given: ProducerRecord<K, V> | readonly ProducerRecord<K, V>[],
  ): Promise<Sent | readonly Sent[]> {
    if (Array.isArray(given)) return this.#enqueue(topic, given);
    return this.#enqueue(topic, [given as ProducerRecord<K, V>]).then(([sent]) => sent!);
  }

  ready(): Promise<void> {
    if (this.#queuedBytes < this.#options.bufferedBytes) return Promise.resolve();
    const room = new Promise<void>((resolve) => this.#waitingForRoom.push(resolve));
    return abortable(room, this.#kafka.stopSignal());
  }

  async flush(): Promise<void> {
    await abortable(Promise.all(this.#unsettled), this.#kafka.stopSignal());
  }

  close({ timeoutMs = 10_000 }: { readonly timeoutMs?: number } = {}): Promise<void> {
    return this.#closed ??= this.#close(timeoutMs);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #close(timeoutMs: number): Promise<void> {
    this.#forget();
    await waitAtMost(Promise.allSettled(this.#unsettled), timeoutMs);
    await this.#session.close();
    await this.#draining;
  }

  #enqueue(topic: string, records: readonly ProducerRecord<K, V>[]): Promise<Sent[]> {
    const call = newCall(records.length);
    if (this.#closed) {
      call.reject(new KafkaError(`Cannot write to topic "${topic}": the producer is closed`));
    }
    this.#unsettled.add(call.promise);
    const settled = () => void this.#unsettled.delete(call.promise);
    call.promise.then(settled, settled);
    const known = this.#partitions.get(topic);
    if (this.#preparing || !known || Date.now() - known.atMs > PARTITIONS_MAX_AGE_MS) {
      this.#later(call, () => this.#encodeAll(topic, records));
    } else {
      this.#now(call, () => this.#encodeNow(topic, records, known.count));
    }
    return call.promise;
  }

  /** The usual way: everything is known and the serdes answer at once. */
  #now(call: Call, encode: () => readonly (EncodedRecord | Promise<EncodedRecord>)[]): void {
    try {
      const encoded = encode();
      if (encoded.some((one) => one instanceof Promise)) {
        this.#later(call, () => Promise.all(encoded));
      } else {
        this.#add(call, encoded as readonly EncodedRecord[]);
      }
    } catch (error) {
      call.reject(error);
    }
  }

  /** Calls that have to wait do so one behind the other, so that records keep the order of their `send`. */
  #later(call: Call, encode: () => Promise<readonly EncodedRecord[]>): void {
    const turn: Promise<void> = (this.#preparing ?? Promise.resolve()).then(async () => {
      try {
        this.#add(call, await encode());
      } catch (error) {
        call.reject(error);
      } finally {
        if (this.#preparing === turn) this.#preparing = undefined;
      }
    });
    this.#preparing = turn;
  }

  async #encodeAll(topic: string, records: readonly ProducerRecord<K, V>[]) {
    let known = this.#partitions.get(topic);
    if (!known || Date.now() - known.atMs > PARTITIONS_MAX_AGE_MS) {
      known = { count: await this.#session.partitions(topic), atMs: Date.now() };
      this.#partitions.set(topic, known);
    }
    return await Promise.all(this.#encodeNow(topic, records, known.count));
  }

  #encodeNow(topic: string, records: readonly ProducerRecord<K, V>[], partitions: number) {
    const { key, value, bufferedBytes: maxBytes, partitioner: choose } = this.#options;
    const options = { topic, partitions, key, value, maxBytes, choose };
    return records.map((record, i) => encodeRecord(record, i, options));
  }

  #add(call: Call, records: readonly EncodedRecord[]): void {
    const queuedMs = Date.now();
    for (const [index, record] of records.entries()) {
      this.#queuedBytes += record.bytes;
      this.#queue.push({ ...record, call, index, queuedMs });
    }
    if (this.#queue.length > 0) this.#draining ??= this.#drain();
  }

  async #drain(): Promise<void> {
    // Even without lingering, records sent in one go leave in one request.
    await (this.#options.lingerMs > 0 ? sleep(this.#options.lingerMs) : undefined);
    while (this.#queue.length > 0) {
      const batch = this.#queue.splice(0, cutBatch(this.#queue, this.#options.batchBytes));
      await this.#write(batch);
      for (const { bytes } of batch) this.#queuedBytes -= bytes;
      if (this.#queuedBytes < this.#options.bufferedBytes) {
        for (const resolve of this.#waitingForRoom.splice(0)) resolve();
      }
    }
    this.#draining = undefined;
  }

  async #write(batch: readonly Entry[]): Promise<void> {
    const parts = byPartition(batch);
    try {
      const outcomes = await this.#session.write(
        parts.map((entries) => ({
          topic: entries[0]!.topic,
          partition: entries[0]!.partition,
          messages: entries.map(({ message }) => message),
        })),
        { deadlineMs: batch[0]!.queuedMs + this.#options.deliveryTimeoutMs },
      );
      for (const [i, entries] of parts.entries()) this.#settle(entries, outcomes[i]!);
    } catch (error) {
      for (const { call } of batch) call.reject(error);
    }
  }

  #settle(entries: readonly Entry[], outcome: Outcome): void {
    if ("error" in outcome) {
      for (const { topic, call } of entries) {
        this.#partitions.delete(topic);
        call.reject(outcome.error);
      }
      return;
    }
    let at = 0;
    for (const { length, baseOffset, logAppendTime } of outcome.parts) {
      for (const [i, entry] of entries.slice(at, at += length).entries()) {
        const { topic, partition, call, index } = entry;
        const offset = baseOffset < 0 ? -1 : baseOffset + i;
        const timestamp = logAppendTime >= 0 ? logAppendTime : entry.timestamp;
        call.sent[index] = { topic, partition, offset, timestamp };
        if (--call.left === 0) call.resolve(call.sent);
      }
    }
  }
}

function newCall(records: number): Call {
  const { promise, resolve, reject } = Promise.withResolvers<Sent[]>();
  if (records === 0) resolve([]);
  return { sent: new Array(records), left: records, promise, resolve, reject };
}
