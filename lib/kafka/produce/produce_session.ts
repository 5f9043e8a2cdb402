import { sleep } from "../../async/mod.ts";
import { type TopicPartition, topicPartitionKey } from "../../serde/mod.ts";
import type { Kafka } from "../client/connect.ts";
import { ByteWriter, type WireRecord } from "../wire/byte_writer.ts";
import type { WireBatch } from "../wire/encode_batch.ts";
import { inPlainWords, KafkaError, missingTopic, refusal } from "../client/errors.ts";
import {
  type Cluster,
  clusterOf,
  errorOfCode,
  produce,
  type ProducerIdentity,
} from "../transport/patches.ts";
import type { ProduceAnswer } from "../wire/api/produce_response.ts";
import type { PackedRecords } from "../wire/packed_records.ts";

/** Records for one partition that are written together or not at all. */
export interface PartitionBatch {
  /** It has to be there already: nothing is created by writing. */
  readonly topic: string;
  /** Number of the partition, from 0. */
  readonly partition: number;
  /** In the order in which they are to be stored. */
  readonly messages: readonly WireRecord[] | PackedRecords;
}

/** Where a batch went, or why not. */
export type Outcome =
  | { readonly baseOffset: number; readonly logAppendTime: number }
  | { readonly error: KafkaError };

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
  #writer: Writer | undefined;

  /** Connects at the first write. `clientId` is its name in the broker's eyes. */
  constructor(kafka: Kafka, clientId: string) {
    this.#kafka = kafka;
    this.cluster = clusterOf(kafka.client({ clientId, retry: { retries: 2, maxRetryTime: 500 } }));
  }

  /** How many partitions a topic has. @throws {KafkaError} If it does not exist. */
  async partitions(topic: string): Promise<number> {
    await this.#kafka.topics.mustExist("write to", [topic]);
    return (await this.#kafka.topics.describe(topic)).partitions.length;
  }

  /** Writes one batch for each of several partitions; outcomes stand in the same order. Rejects only when stopped. */
  async write(batches: readonly PartitionBatch[]): Promise<readonly Outcome[]> {
    const outcomes = new Array<Outcome | undefined>(batches.length);
    for (let attempt = 0; outcomes.includes(undefined); attempt++) {
      if (attempt > 0) await sleep(retryMs(attempt - 1), this.#stop.signal);
      if (this.#stop.signal.aborted) throw new KafkaError("Cannot write: the producer was closed");
      const open = batches.map((_, i) => i).filter((i) => outcomes[i] === undefined);
      try {
        await this.#attempt(batches, open, outcomes, attempt > 0);
      } catch (error) {
        const failed = inPlainWords(error, "write");
        // A batch that cannot be written as bytes will not change by trying again.
        if (isFinal(failed) || error instanceof RangeError) {
          for (const i of open) outcomes[i] = { error: failed };
        }
      }
    }
    return outcomes as Outcome[];
  }

  /** Ends a `write` that is under way, and the connection. */
  async close(): Promise<void> {
    this.#stop.abort();
    await this.cluster.disconnect();
  }

  /** Whether `close()` was called. */
  protected get closed(): boolean {
    return this.#stop.signal.aborted;
  }

  async #attempt(
    batches: readonly PartitionBatch[],
    open: readonly number[],
    outcomes: (Outcome | undefined)[],
    refresh: boolean,
  ): Promise<void> {
    await this.#metadata(open.map((i) => batches[i]!.topic), refresh);
    const writer = this.#writer ??= {
      identity: await this.newIdentity(),
      sequences: new Map<string, number>(),
    };
    const byLeader = Map.groupBy(open, (i) => this.#leader(batches[i]!));
    for (const i of byLeader.get(undefined) ?? []) this.#giveUpIfMissing(batches[i]!, i, outcomes);
    byLeader.delete(undefined);
    await this.admit(writer.identity, [...byLeader.values()].flat().map((i) => batches[i]!));
    const attempts = [...byLeader].map(async ([nodeId, indexes]) => {
      const parts = indexes.map((i) => partOf(writer, batches[i]!));
      const broker = await this.cluster.findBroker({ nodeId });
      const buffer = this.#spare.pop() ?? new ByteWriter(0);
      const answers = await produce(broker, writer.identity, { batches: parts, writer: buffer });
      // Answered, so all of it has left; without an answer, who knows.
      if (buffer.bytes.length <= MOST_SPARE_BYTES) this.#spare.push(buffer);
      for (const [n, i] of indexes.entries()) {
        const { topic, partition } = parts[n]!;
        const answer = answers.find((one) => one.topic === topic && one.partition === partition);
        if (answer) outcomes[i] = this.#outcome(writer, parts[n]!, answer);
      }
    });
    const failed = (await Promise.allSettled(attempts)).find(({ status }) => status === "rejected");
    if (failed?.status === "rejected") throw failed.reason;
  }

  async #metadata(topics: readonly string[], refresh: boolean): Promise<void> {
    await this.cluster.connect();
    try {
      await this.cluster.addMultipleTargetTopics([...new Set(topics)]);
      if (refresh) await this.cluster.refreshMetadata();
      else await this.cluster.refreshMetadataIfNecessary();
    } catch (error) {
      if (refusal(error) !== "UNKNOWN_TOPIC_OR_PARTITION") throw error;
      // One missing topic fails the request for all: forget it, so that the others go on.
      const there = new Set(await this.#kafka.topics.list({ internal: true }));
      for (const topic of this.cluster.targetTopics) {
        if (!there.has(topic)) this.cluster.targetTopics.delete(topic);
      }
      await this.cluster.refreshMetadata();
    }
  }

  #leader({ topic, partition }: PartitionBatch): number | undefined {
    const known: { partitionId: number; leader: number }[] = this.cluster
      .findTopicPartitionMetadata(topic);
    const leader = known.find(({ partitionId }) => partitionId === partition)?.leader;
    return leader === undefined || leader < 0 ? undefined : leader;
  }

  #giveUpIfMissing(batch: PartitionBatch, i: number, outcomes: (Outcome | undefined)[]): void {
    const { topic, partition } = batch;
    const known = this.cluster.findTopicPartitionMetadata(topic);
    const inTopic = known.some((one: { partitionId: number }) => one.partitionId === partition);
    if (inTopic) return;
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

  /** What an answer means; undefined when the batch has to be sent again. */
  #outcome(writer: Writer, part: WireBatch, answer: ProduceAnswer): Outcome | undefined {
    const { topic, partition } = part, { errorCode, baseOffset, logAppendTime } = answer;
    if (errorCode === 0 || errorCode === DUPLICATE_SEQUENCE_NUMBER) {
      this.#missingSinceMs.delete(topic);
      // Sequence numbers are 32 bits and start again at 0 after the largest.
      const next = (part.firstSequence + part.messages.length) % 2 ** 31;
      writer.sequences.set(topicPartitionKey(part), next);
      return { baseOffset, logAppendTime };
    }
    if (IDENTITY_LOST.includes(errorCode) && this.renewsIdentity) {
      this.#writer = undefined;
      return undefined;
    }
    const error = errorOfCode(errorCode);
    if ((error as { retriable?: boolean }).retriable === true) return undefined;
    return { error: inPlainWords(error, `write to topic "${topic}"`, { topic, partition }) };
  }

  /** Whether a writer that the broker forgot may go on under a new name. */
  protected get renewsIdentity(): boolean {
    return true;
  }

  /** Asks the cluster for a name to write under. */
  protected async newIdentity(): Promise<ProducerIdentity> {
    const broker = await this.cluster.findControllerBroker();
    const { producerId, producerEpoch } = await broker.initProducerId({
      transactionTimeout: 10_000,
    });
    return { producerId, producerEpoch };
  }

  /** Called before each attempt to write to these partitions. */
  protected admit(
    _identity: ProducerIdentity,
    _partitions: readonly TopicPartition[],
  ): Promise<void> {
    return Promise.resolve();
  }
}

/** Sequence numbers count the records that one identity wrote to a partition. */
function partOf(
  { sequences }: Writer,
  { topic, partition, messages }: PartitionBatch,
): WireBatch {
  return {
    topic,
    partition,
    messages,
    firstSequence: sequences.get(topicPartitionKey({ topic, partition })) ?? 0,
  };
}

/** Refusals that trying again will not change. */
function isFinal({ code, retriable }: KafkaError): boolean {
  return !retriable && code !== undefined &&
    /AUTHORIZATION|AUTHENTICATION|INVALID|TOO_LARGE|FENCED/.test(code);
}
