import { Notifier, sleep } from "../../async/mod.ts";
import { type TopicPartition, topicPartitionKey } from "../../serde/mod.ts";
import type { Kafka } from "../client/connect.ts";
import { inPlainWords, KafkaError } from "../client/errors.ts";
import { Waiting } from "../client/waiting.ts";
import { type Cluster, leaderOf } from "../transport/broker.ts";
import { errorOfCode } from "../transport/patches.ts";
import type { PartitionResponse } from "../wire/api/fetch.ts";
import { EARLIEST, LATEST } from "../wire/api/list_offsets.ts";
import { type BatchHeader, batchHeaders } from "../wire/batch_headers.ts";
import { openRecordSet, type RecordSet } from "../wire/record_batch.ts";
import { fetchFrom } from "./fetch_from.ts";
import { Fetched } from "./fetched_partition.ts";
import { listOffsets } from "./list_offsets.ts";

/** How a {@link Fetcher} reads. */
export interface FetcherOptions {
  /** Gets every answer that holds records. Throwing ends the fetcher: `failed` rejects. */
  readonly onRecords: (fetched: Fetched) => void;
  /** Called after every answer for a partition, empty ones too. */
  readonly onAnswer?: (partition: TopicPartition) => void;
  /** Gets the headers of an answer's batches, before its records: what transactions they belong to. */
  readonly onBatches?: (partition: TopicPartition, batches: readonly BatchHeader[]) => void;
  /** Hears that records it should have read are gone from the log, and where it goes on. */
  readonly onGap?: (gap: TopicPartition & { readonly from: number; readonly to: number }) => void;
  /** Called when a topic was deleted and created again. @default it is read from its beginning, and `onGap` is called */
  readonly onReplaced?: (topic: string) => void;
  /** Also hand over records of open and aborted transactions. @default false */
  readonly readUncommitted?: boolean;
  /** How long a broker may hold an answer back while there is nothing new. @default 100 */
  readonly maxWaitMs?: number;
  /** Most bytes of one partition in an answer. @default 1 MB */
  readonly partitionBytes?: number;
}

/** Where reading a partition stands. */
interface Position extends TopicPartition {
  offset: number;
  paused: boolean;
  /** Tells the topic from one of the same name that is made later; null where the cluster keeps no ids, or was not asked yet. */
  topicId: string | null;
  /** Broker that has it; undefined until metadata was read, or when it moved. */
  leader: number | undefined;
  /** How far it could be read when last asked: the last stable offset, or the high watermark. */
  end: number | undefined;
}

const OFFSET_OUT_OF_RANGE = 1;
/** The broker has no topic of that id, or not yet; or one of that name and another id. */
const OTHER_TOPIC: readonly number[] = [100, 103];
/** Refusals of a whole request that no retry changes. */
const FINAL = /^UNSUPPORTED_VERSION$|AUTHORIZATION/;
const RETRY_MS = { least: 100, most: 1_000 };
/** How long a broker may hold an answer back while some of its partitions are paused: they resume with the next request. */
const PAUSED_WAIT_MS = 5;

/**
 * Reads partitions without a group: positions, pauses and seeks are the caller's, one request a broker is under way.
 *
 * While the caller works on one answer the next is already asked for. A broker that went away is asked again until it
 * is back, or its partitions have another leader.
 */
export class Fetcher {
  readonly #options:
    & Required<Omit<FetcherOptions, "onGap" | "onAnswer" | "onBatches" | "onReplaced">>
    & FetcherOptions;
  readonly #cluster: Cluster;
  readonly #positions = new Map<string, Position>();
  readonly #loops = new Map<number, Promise<void>>();
  readonly #stop = new AbortController();
  readonly #changed = new Notifier();
  readonly #failure = Promise.withResolvers<never>();
  #metadata: Promise<void> | undefined;
  readonly #notify: Kafka["notify"];

  /** Reads nothing until it is assigned partitions. */
  constructor(kafka: Kafka, options: FetcherOptions) {
    this.#options = {
      readUncommitted: false,
      maxWaitMs: 100,
      partitionBytes: 1 << 20,
      ...options,
    };
    this.#cluster = kafka.cluster();
    this.#failure.promise.catch(() => {});
    this.#notify = (notice) => kafka.notify(notice);
  }

  /** Rejects when reading cannot go on; never resolves. */
  get failed(): Promise<never> {
    return this.#failure.promise;
  }

  /** Reads a partition from this offset on; also moves one that is being read. */
  async assign(partition: TopicPartition, offset: number): Promise<void> {
    const { topic } = partition;
    const paused = this.#positions.get(topicPartitionKey(partition))?.paused ?? false;
    this.#positions.set(topicPartitionKey(partition), {
      topic,
      partition: partition.partition,
      offset,
      paused,
      topicId: null,
      leader: undefined,
      end: undefined,
    });
    await this.#findLeaders();
  }

  /** Stops reading a partition; an answer under way is dropped. */
  unassign(partition: TopicPartition): void {
    this.#positions.delete(topicPartitionKey(partition));
  }

  /** Leaves a partition out of the next requests. An answer under way is still handed over. */
  pause(partition: TopicPartition): void {
    const position = this.#positions.get(topicPartitionKey(partition));
    if (position) position.paused = true;
  }

  /** Asks for a paused partition again. */
  resume(partition: TopicPartition): void {
    const position = this.#positions.get(topicPartitionKey(partition));
    if (!position?.paused) return;
    position.paused = false;
    this.#changed.notify();
  }

  /** The next offset to ask for: after everything handed over, control records included. */
  position(partition: TopicPartition): number | undefined {
    return this.#positions.get(topicPartitionKey(partition))?.offset;
  }

  /** How far the partition could be read when last asked; undefined before the first answer. */
  end(partition: TopicPartition): number | undefined {
    return this.#positions.get(topicPartitionKey(partition))?.end;
  }

  /** Ends all reading and disconnects. */
  async close(): Promise<void> {
    this.#stop.abort();
    this.#changed.notify();
    this.#positions.clear();
    await Promise.all(this.#loops.values());
    await this.#cluster.close();
  }

  /** One search at a time; a caller that comes meanwhile waits for the next. */
  #findLeaders(): Promise<void> {
    const search = (this.#metadata ?? Promise.resolve()).then(() => this.#searchLeaders());
    this.#metadata = search.catch(() => {});
    return search;
  }

  async #searchLeaders(): Promise<void> {
    let waiting: Waiting | undefined;
    for (let waitMs = RETRY_MS.least; !this.#stop.signal.aborted; waitMs *= 2) {
      const homeless = [...this.#positions.values()].filter((one) => one.leader === undefined);
      if (homeless.length === 0) break;
      const { topic } = homeless[0]!;
      waiting ??= new Waiting(`Reading topic "${topic}"`, this.#notify);
      try {
        await this.#cluster.refresh([...new Set(homeless.map((p) => p.topic))]);
        for (const position of homeless) this.#setLeader(position);
        const left = homeless.find(({ leader }) => leader === undefined);
        if (left) waiting.because(`partition ${left.partition} has no leader`);
      } catch (error) {
        const failed = inPlainWords(error, `read topic "${topic}"`, { topic, operation: "Read" });
        if (failed.code !== undefined && !failed.retriable) return this.#fail(failed);
        waiting.afterError(error, failed);
      }
      if (homeless.every(({ leader }) => leader !== undefined)) break;
      await sleep(Math.min(waitMs, RETRY_MS.most), this.#stop.signal);
    }
    waiting?.over();
    this.#changed.notify();
  }

  #setLeader(position: Position): void {
    const { errorCode, topicId } = this.#cluster.topic(position.topic)!;
    if (errorCode !== 0) throw errorOfCode(errorCode);
    const leader = leaderOf(this.#cluster, position);
    if (leader === undefined) return;
    if (isAnother(position.topicId, topicId)) this.#beginAnew(position);
    position.topicId = topicId;
    position.leader = leader;
    if (!this.#loops.has(leader)) this.#loops.set(leader, this.#readFrom(leader));
  }

  async #readFrom(nodeId: number): Promise<void> {
    let waitMs = RETRY_MS.least;
    const waiting = new Waiting(`Reading from broker ${nodeId}`, this.#notify);
    while (!this.#stop.signal.aborted) {
      const all = [...this.#positions.values()].filter((p) => p.leader === nodeId);
      const wanted = all.filter(({ paused }) => !paused);
      if (wanted.length === 0) {
        await this.#changed.wait();
        continue;
      }
      try {
        const maxWaitMs = wanted.length < all.length ? PAUSED_WAIT_MS : this.#options.maxWaitMs;
        const answers = await this.#ask(wanted, { nodeId, maxWaitMs });
        const gaps = this.#handOver(wanted, answers);
        for (const position of gaps) await this.#skipGap(position);
        waitMs = RETRY_MS.least;
        waiting.over();
      } catch (error) {
        if (this.#stop.signal.aborted) return;
        if (error instanceof KafkaError) return this.#fail(error);
        const { topic } = wanted[0]!,
          failed = inPlainWords(error, `read topic "${topic}"`, { topic, operation: "Read" });
        if (FINAL.test(failed.code ?? "")) return this.#fail(failed);
        waiting.afterError(error, failed);
        await sleep(waitMs, this.#stop.signal);
        waitMs = Math.min(waitMs * 2, RETRY_MS.most);
        this.#moved(wanted);
      }
      if (wanted.some(({ leader }) => leader === undefined)) await this.#findLeaders();
    }
  }

  #moved(positions: readonly Position[]): void {
    for (const position of positions) position.leader = undefined;
  }

  async #ask(
    wanted: readonly Position[],
    { nodeId, maxWaitMs }: { readonly nodeId: number; readonly maxWaitMs: number },
  ): Promise<readonly PartitionResponse[]> {
    const broker = await this.#cluster.broker(nodeId);
    return fetchFrom(broker, wanted, { ...this.#options, maxWaitMs });
  }

  /** Hands the answers over; gives the positions whose records are gone. */
  #handOver(wanted: readonly Position[], answers: readonly PartitionResponse[]): Position[] {
    const gaps: Position[] = [];
    const before = new Map(wanted.map((position) => [position, position.offset]));
    for (const answer of answers) {
      const position = this.#positions.get(topicPartitionKey(answer));
      // Moved, dropped or assigned again while the answer was under way: not asked for any more.
      if (!position || before.get(position) !== position.offset) continue;
      if (answer.errorCode === OFFSET_OUT_OF_RANGE) gaps.push(position);
      else if (answer.errorCode !== 0) this.#refused(position, answer.errorCode);
      else this.#take(position, answer);
    }
    return gaps;
  }

  #take(position: Position, answer: PartitionResponse): void {
    const aborted = this.#options.readUncommitted ? [] : answer.aborted;
    const { topic, partition } = position;
    const { unread, nextOffset } = opened(position, answer, aborted), from = position.offset;
    position.offset = nextOffset;
    position.end = this.#options.readUncommitted ? answer.highWatermark : answer.stable;
    try {
      this.#options.onBatches?.({ topic, partition }, batchHeaders(answer.bytes, from));
      if (unread.size > 0) this.#options.onRecords(new Fetched(position, unread));
      this.#options.onAnswer?.({ topic, partition });
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Retention or a truncation took what was to be read: go on at the oldest record there is. */
  async #skipGap(position: Position): Promise<void> {
    const { topic, partition, offset: from, topicId } = position;
    await this.#cluster.refresh([topic]);
    const now = this.#cluster.topic(topic)?.topicId ?? null;
    const to = await this.#offsetAt(position, EARLIEST);
    // Without ids, a log that ends before what was read from it is another one.
    const replaced = isAnother(topicId, now) ||
      topicId === null && from > await this.#offsetAt(position, LATEST);
    if (position.offset !== from) return;
    if (replaced) return this.#beginAnew(position, to);
    position.offset = to;
    this.#options.onGap?.({ topic, partition, from, to });
  }

  async #offsetAt(partition: TopicPartition, timestamp: number): Promise<number> {
    const { readUncommitted } = this.#options;
    const [found] = await listOffsets(this.#cluster, [partition], { timestamp, readUncommitted });
    return found!.offset;
  }

  /** What stood at the position is gone with the topic it was in. */
  #beginAnew(position: Position, to = 0): void {
    const { topic, partition, offset: from } = position;
    position.offset = to;
    if (this.#options.onReplaced) this.#options.onReplaced(topic);
    else this.#options.onGap?.({ topic, partition, from, to });
  }

  #refused(position: Position, code: number): void {
    if (OTHER_TOPIC.includes(code)) return void (position.leader = undefined);
    const error = errorOfCode(code) as Error & { retriable?: boolean; type?: string };
    const mayReturn = error.retriable === true || error.type === "UNKNOWN_TOPIC_OR_PARTITION";
    const { topic, partition } = position;
    if (mayReturn) position.leader = undefined;
    else {this.#fail(inPlainWords(error, `read topic "${topic}"`, {
        topic,
        partition,
        operation: "Read",
      }));}
  }

  #fail(error: unknown): void {
    this.#failure.reject(error);
    this.#stop.abort();
    this.#changed.notify();
  }
}

/** @throws {KafkaError} If the answer is no sequence of batches: asking again brings the same. */
function opened(
  { topic, partition, offset }: Position,
  { bytes }: PartitionResponse,
  aborted: PartitionResponse["aborted"],
): RecordSet {
  try {
    return openRecordSet(bytes, offset, aborted);
  } catch (cause) {
    const why = (cause as Error).message.replace(/^Cannot /, "cannot ");
    throw new KafkaError(`Cannot read the records at ${topic}-${partition}-${offset}: ${why}`, {
      ...{ topic, partition, offset, cause },
    });
  }
}

/** Whether two ids are of two topics; where one is not known, it cannot be told. */
function isAnother(known: string | null, now: string | null): boolean {
  return known !== null && now !== null && known !== now;
}
