import { sleep } from "../../async/mod.ts";
import { type TopicPartition, topicPartitionKey } from "../../serde/mod.ts";
import type { Kafka } from "../client/connect.ts";
import type { Notice } from "../client/notices.ts";
import { Waiting } from "../client/waiting.ts";
import { ByteWriter } from "../wire/byte_writer.ts";
import type { Compression } from "../wire/compression.ts";
import { BATCH_HEADER_BYTES } from "../wire/batch_format.ts";
import type { Acks, WireBatch } from "../wire/encode_batch.ts";
import {
  batchBytesOf,
  type PartitionBatch,
  PendingBatch,
  type WrittenPart,
} from "./pending_batch.ts";
import { inPlainWords, KafkaError, missingTopic } from "../client/errors.ts";
import { type Cluster, leaderOf } from "../transport/broker.ts";
import { errorOfCode } from "../transport/patches.ts";
import { PRODUCE, type ProduceResponse } from "../wire/api/produce.ts";
import { INIT_PRODUCER_ID, type ProducerIdentity } from "../wire/api/transactions.ts";

/** Where a batch went, or why not. */
export type Outcome = Written | { readonly error: KafkaError };

/** Where a batch went. */
export interface Written {
  /** Offset of its first record; −1 where the broker does not say. */
  readonly baseOffset: number;
  /** Epoch ms; −1 unless the topic stamps records itself. */
  readonly logAppendTime: number;
  /** In order; one, but for a batch that was larger than its topic takes. */
  readonly parts: readonly WrittenPart[];
}

/** How a {@link ProduceSession} writes. */
export interface SessionOptions {
  /** Who must have a batch before it counts as written. Without "all" a batch may be lost, or written twice. @default "all" */
  readonly acks?: Acks;
  /** How batches are packed. @default "none" */
  readonly compression?: Compression;
  /** Called before each attempt to write; what it throws ends the write, if it is final. @default nothing */
  readonly confirm?: () => void | Promise<void>;
}

/** One try to write what is left. */
interface Attempt {
  readonly pending: readonly PendingBatch[];
  /** Numbers of those that have no outcome yet. */
  readonly open: readonly number[];
  readonly outcomes: (Outcome | undefined)[];
  readonly waiting: Waiting;
}

/** Who writes, and how far it got in each partition. */
interface Writer {
  readonly identity: ProducerIdentity;
  readonly sequences: Map<string, number>;
}

/** How soon the same batch is tried again: from 100 ms, twice as long each time, at most a second. */
const retryMs = (attempt: number) => Math.min(100 * 2 ** Math.min(attempt, 10), 1_000);

/** A topic that is missing may just be new: brokers hear of it one after the other. */
const MISSING_TOPIC_MS = 5_000;

/** Room for a request that is kept for the next one, at most. */
const MOST_SPARE_BYTES = 4 << 20;
/** The broker has this very batch already: its acknowledgement got lost. */
const DUPLICATE_SEQUENCE_NUMBER = 46;

/** The broker no longer knows who is writing: OUT_OF_ORDER, INVALID_PRODUCER_EPOCH, UNKNOWN_PRODUCER_ID. */
const IDENTITY_LOST = [45, 47, 59];

/** MESSAGE_TOO_LARGE, RECORD_LIST_TOO_LARGE. */
const TOO_LARGE = [10, 18];

/** Who writes without sequence numbers. */
const NOBODY: ProducerIdentity = { producerId: -1n, producerEpoch: -1 };

/**
 * Writes batches so that each is in the log exactly once, in order, over lost acknowledgements and moved leaders.
 *
 * Each batch gets its sequence number before the first attempt and keeps it, so the broker can tell a repeat; every
 * partition's answer is looked at, and only those without one are sent again. One `write` at a time.
 *
 * @see KIP-98, idempotent producer
 */
export class ProduceSession {
  readonly #kafka: Kafka;
  /** @internal */
  protected readonly cluster: Cluster;
  readonly #stop = new AbortController();
  readonly #missingSinceMs = new Map<string, number>();
  /** Rooms for requests, as many as were ever under way at once. */
  readonly #spare: ByteWriter[] = [];
  /** Topic -> what it takes in one batch, of those that refused one. */
  readonly #mostBytes = new Map<string, number | undefined>();
  readonly #options: Required<SessionOptions>;
  #writer: Writer | undefined;

  /** Connects at the first write. `clientId` is its name in the broker's eyes. */
  constructor(kafka: Kafka, clientId: string, options: SessionOptions = {}) {
    this.#kafka = kafka;
    this.#options = { acks: "all", compression: "none", confirm: () => {}, ...options };
    this.cluster = kafka.cluster({ clientId, retry: { retries: 2, maxRetryTime: 500 } });
  }

  /** How many partitions a topic has. @throws {KafkaError} If it does not exist. */
  async partitions(topic: string): Promise<number> {
    await this.#kafka.topics.mustExist("write to", [topic]);
    return (await this.#kafka.topics.describe(topic)).partitions.length;
  }

  /**
   * Writes one batch for each of several partitions; outcomes stand in the same order. Rejects only when stopped.
   *
   * @param options.deadlineMs Epoch ms after which a batch is given up. Default never
   */
  async write(
    batches: readonly PartitionBatch[],
    { deadlineMs = Infinity }: { readonly deadlineMs?: number } = {},
  ): Promise<readonly Outcome[]> {
    const outcomes = new Array<Outcome | undefined>(batches.length);
    const pending = batches.map((one) => new PendingBatch(one, this.#mostBytes.get(one.topic)));
    const waiting = new Waiting(`Writing to topic "${batches[0]?.topic}"`, this.#tell);
    waiting.begin();
    const timer = setInterval(() => waiting.still(), 1_000);
    try {
      for (let failures = 0; outcomes.includes(undefined);) {
        if (failures > 0) await sleep(retryMs(failures - 1), this.#stop.signal);
        if (this.closed) throw new KafkaError("Cannot write: the producer was closed");
        const open = pending.map((_, i) => i).filter((i) => outcomes[i] === undefined);
        if (Date.now() > deadlineMs) {
          this.#giveUp(open.map((i) => batches[i]!), waiting.why)
            .forEach((outcome, n) => outcomes[open[n]!] = outcome);
          break;
        }
        const left = partsOf(pending);
        try {
          await this.#attempt({ pending, open, outcomes, waiting }, failures > 0);
        } catch (error) {
          const { topic } = pending[open[0]!]!;
          const place = { topic, operation: "Write" } as const;
          const failed = inPlainWords(error, `write to topic "${topic}"`, place);
          // A batch that cannot be written as bytes will not change by trying again.
          if (isFinal(failed) || error instanceof RangeError) {
            for (const i of open) outcomes[i] ??= { error: failed };
          }
          waiting.afterError(error, failed);
        }
        // Batches in parts go on at once.
        failures = partsOf(pending) === left ? failures + 1 : 0;
      }
    } finally {
      clearInterval(timer);
      waiting.over();
    }
    return outcomes as Outcome[];
  }

  /** Ends a `write` that is under way, and the connection. */
  async close(): Promise<void> {
    this.#stop.abort();
    await this.cluster.close();
  }

  /** Whether `close()` was called. */
  protected get closed(): boolean {
    return this.#stop.signal.aborted;
  }

  async #attempt(
    { pending, open, outcomes, waiting }: Attempt,
    refresh: boolean,
  ): Promise<void> {
    await this.#metadata(open.map((i) => pending[i]!.topic), refresh);
    const writer = this.#writer ??= {
      identity: await this.newIdentity(),
      sequences: new Map<string, number>(),
    };
    const byLeader = Map.groupBy(open, (i) => leaderOf(this.cluster, pending[i]!));
    for (const i of byLeader.get(undefined) ?? []) {
      waiting.because(`partition ${pending[i]!.partition} has no leader`);
      this.#giveUpIfMissing(pending[i]!, i, outcomes);
    }
    byLeader.delete(undefined);
    await this.admit(writer.identity, [...byLeader.values()].flat().map((i) => pending[i]!));
    const attempts = [...byLeader].map(async ([nodeId, indexes]) => {
      const parts = indexes.map((i) => partOf(writer, pending[i]!));
      const broker = await this.cluster.broker(nodeId!);
      const buffer = this.#spare.pop() ?? new ByteWriter(0);
      const { identity } = writer, { acks, compression } = this.#options;
      const request = { identity, batches: parts, writer: buffer, acks, compression };
      const answers = await broker.send(PRODUCE, request);
      // Answered, so all of it has left; without an answer, who knows.
      if (buffer.bytes.length <= MOST_SPARE_BYTES) this.#spare.push(buffer);
      for (const [n, i] of indexes.entries()) {
        const { topic, partition } = parts[n]!;
        const answer = answers.find((one) => one.topic === topic && one.partition === partition);
        if (!answer) continue;
        outcomes[i] = TOO_LARGE.includes(answer.errorCode)
          ? await this.#smaller(pending[i]!, answer)
          : this.#outcome(writer, pending[i]!, answer, waiting);
      }
    });
    const failed = (await Promise.allSettled(attempts)).find(({ status }) => status === "rejected");
    if (failed?.status === "rejected") throw failed.reason;
  }

  readonly #tell = (notice: Notice) => this.#kafka.notify(notice);

  async #metadata(topics: readonly string[], refresh: boolean): Promise<void> {
    const unknown = topics.filter((topic) => refresh || !this.cluster.topic(topic));
    if (unknown.length === 0) return;
    await this.cluster.refresh([...new Set(unknown)]);
    for (const topic of unknown) {
      const { errorCode } = this.cluster.topic(topic)!;
      const error = errorCode === 0 ? undefined : inPlainWords(errorOfCode(errorCode), "write");
      if (error && isFinal(error)) throw errorOfCode(errorCode);
    }
  }

  #giveUpIfMissing(batch: TopicPartition, i: number, outcomes: (Outcome | undefined)[]): void {
    const { topic, partition } = batch;
    const known = this.cluster.topic(topic)?.partitions ?? [];
    if (known.some((one) => one.partition === partition)) return;
    const sinceMs = this.#missingSinceMs.get(topic) ?? Date.now();
    this.#missingSinceMs.set(topic, sinceMs);
    if (Date.now() - sinceMs < MISSING_TOPIC_MS) return;
    const why = known.length === 0
      ? missingTopic(topic)
      : `topic "${topic}" has no partition ${partition} (it has ${known.length})`;
    outcomes[i] = {
      error: new KafkaError(`Cannot write to topic "${topic}": ${why}`, {
        topic,
        partition,
        code: "UNKNOWN_TOPIC_OR_PARTITION",
      }),
    };
  }

  /** What an answer means; undefined when something is left to be sent. */
  #outcome(
    writer: Writer,
    batch: PendingBatch,
    answer: ProduceResponse,
    waiting: Waiting,
  ): Outcome | undefined {
    const { topic, partition } = batch, { errorCode, baseOffset, logAppendTime } = answer;
    if (errorCode === 0 || errorCode === DUPLICATE_SEQUENCE_NUMBER) {
      this.#missingSinceMs.delete(topic);
      const key = topicPartitionKey(batch), before = writer.sequences.get(key) ?? 0;
      // Sequence numbers are 32 bits and start again at 0 after the largest.
      writer.sequences.set(key, (before + batch.next!.length) % 2 ** 31);
      batch.done(baseOffset, logAppendTime);
      if (batch.next) return undefined;
      return { ...batch.written[0]!, parts: batch.written };
    }
    if (IDENTITY_LOST.includes(errorCode) && this.renewsIdentity) {
      this.#writer = undefined;
      return undefined;
    }
    const error = Object.assign(errorOfCode(errorCode), { said: answer.errorMessage });
    const place = { topic, partition, operation: "Write" } as const;
    const failed = inPlainWords(error, `write to topic "${topic}"`, place);
    if ((error as { retriable?: boolean }).retriable !== true) return { error: failed };
    waiting.afterError(error, failed);
    return undefined;
  }

  /** Cuts a batch that its topic finds too large. A record alone that is too large is refused. @see KIP-126 */
  async #smaller(
    batch: PendingBatch,
    { errorCode }: ProduceResponse,
  ): Promise<Outcome | undefined> {
    const { topic, partition } = batch;
    if (!this.#mostBytes.has(topic)) this.#mostBytes.set(topic, await this.#askMostBytes(topic));
    const mostBytes = this.#mostBytes.get(topic);
    if (batch.split(mostBytes)) return undefined;
    const bytes = batchBytesOf(batch.next!), limit = mostBytes && mostBytes + BATCH_HEADER_BYTES;
    const error = new KafkaError(
      `Cannot write to topic "${topic}": a record of ${bytes} bytes is larger than the topic takes, ` +
        `${
          limit ?? "a number it does not tell this user"
        } (split it, or raise the topic's max.message.bytes)`,
      { topic, partition, code: "MESSAGE_TOO_LARGE", cause: errorOfCode(errorCode) },
    );
    return { error };
  }

  /** What a topic takes in one batch; undefined where this user may not know. */
  async #askMostBytes(topic: string): Promise<number | undefined> {
    try {
      const bytes = Number((await this.#kafka.topics.config(topic))["max.message.bytes"]);
      return bytes > 0 ? bytes - BATCH_HEADER_BYTES : undefined;
    } catch {
      return undefined;
    }
  }

  /** It is not known which of these were written: the next write uses another producer id. */
  #giveUp(batches: readonly PartitionBatch[], why: string): Outcome[] {
    this.#writer = undefined;
    return batches.map(({ topic, partition }) => ({
      error: new KafkaError(
        `Cannot write to topic "${topic}": it was not written in time: ${why} ` +
          "(raise deliveryTimeoutMs to wait longer)",
        { topic, partition, retriable: true },
      ),
    }));
  }

  /** Whether a writer that the broker forgot may go on under a new name. */
  protected get renewsIdentity(): boolean {
    return true;
  }

  /** Asks the cluster for a name to write under. */
  protected async newIdentity(): Promise<ProducerIdentity> {
    if (this.#options.acks !== "all") return NOBODY;
    const broker = await this.cluster.anyBroker();
    const request = { transactionalId: null, timeoutMs: 10_000 };
    const { errorCode, ...identity } = await broker.send(INIT_PRODUCER_ID, request);
    if (errorCode !== 0) throw errorOfCode(errorCode);
    return identity;
  }

  /** Called before each attempt to write to these partitions. */
  protected async admit(
    _identity: ProducerIdentity,
    _partitions: readonly TopicPartition[],
  ): Promise<void> {
    await this.#options.confirm();
  }
}

/** Sequence numbers count the records that one identity wrote to a partition. */
function partOf({ identity, sequences }: Writer, batch: PendingBatch): WireBatch {
  const { topic, partition, next } = batch;
  const firstSequence = identity === NOBODY ? -1 : sequences.get(topicPartitionKey(batch)) ?? 0;
  return { topic, partition, messages: next!, firstSequence };
}

/** How many parts are written, and how many wait. */
function partsOf(pending: readonly PendingBatch[]): string {
  return pending.map(({ written, left }) => `${written.length} ${left}`).join();
}

/** Refusals that are over when a leader or a coordinator is found, whatever they say of themselves. */
const PASSING = /COORDINATOR|LEADER|^CONCURRENT_TRANSACTIONS$|^UNKNOWN_TOPIC_OR_PARTITION$/;

/** Refusals that trying again will not change. */
function isFinal({ code, retriable }: KafkaError): boolean {
  return !retriable && code !== undefined && !PASSING.test(code);
}
