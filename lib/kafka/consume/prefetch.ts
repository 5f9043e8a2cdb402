import { type TopicPartition, topicPartitionKey } from "../../serde/mod.ts";
import type { Kafka } from "../client/connect.ts";
import { Fetcher } from "./fetcher.ts";
import { type FetchBuffer, type Unread } from "./fetch_buffer.ts";
import type { PartitionOffset } from "../admin/lag.ts";

/** How a {@link Prefetch} reads, and whom it tells. */
export interface PrefetchOptions {
  /** Something came. */
  readonly onRecords: () => void;
  /** Reading cannot go on. */
  readonly onFailed: (error: unknown) => void;
  readonly readUncommitted: boolean;
  readonly maxWaitMs: number;
}

/** Most bytes of one partition in an answer: a batch that does not fit is sent again with the next one. */
const PARTITION_BYTES = 4 << 20;
/** When so much of a partition waits no more is fetched, until half of it is handed out. */
const FULL_BYTES = 2 * PARTITION_BYTES;

/** Fills a buffer from the partitions of a member, ahead of whoever reads, and not too far ahead. */
export class Prefetch {
  readonly #buffer: FetchBuffer;
  readonly #fetcher: Fetcher;
  readonly #onRecords: () => void;
  readonly #full = new Set<string>();
  /** How far each partition was fetched. */
  readonly #reached = new Map<string, number>();

  /** Reads nothing until it is told where. */
  constructor(kafka: Kafka, buffer: FetchBuffer, options: PrefetchOptions) {
    const { onRecords, onFailed, readUncommitted, maxWaitMs } = options;
    this.#buffer = buffer;
    this.#onRecords = onRecords;
    this.#fetcher = new Fetcher(kafka, {
      onRecords: ({ topic, partition, unread }) => this.#fetched({ topic, partition }, unread),
      onAnswer: (at) => this.#answered(at),
      readUncommitted,
      maxWaitMs,
      partitionBytes: PARTITION_BYTES,
    });
    this.#fetcher.failed.catch(onFailed);
  }

  /** Reads a partition from this offset on; also moves one that is being read. */
  readFrom({ offset, ...at }: PartitionOffset): void {
    this.#reached.set(topicPartitionKey(at), offset);
    void this.#fetcher.assign(at, offset);
    this.refill(at);
  }

  /** Stops reading these. */
  stop(partitions: readonly TopicPartition[]): void {
    for (const one of partitions) {
      this.#fetcher.unassign(one);
      this.#full.delete(topicPartitionKey(one));
    }
  }

  /** Goes on with a partition of which little waits. */
  refill(at: TopicPartition): void {
    if (this.#full.size === 0 || !this.#full.has(topicPartitionKey(at))) return;
    if (this.#buffer.waitingBytes(at) > FULL_BYTES / 2) return;
    this.#full.delete(topicPartitionKey(at));
    this.#fetcher.resume(at);
  }

  /** Ends all reading and disconnects. */
  close(): Promise<void> {
    return this.#fetcher.close();
  }

  #fetched(at: TopicPartition, unread: Unread): void {
    const next = this.#fetcher.position(at)!;
    this.#buffer.add(at, unread, next);
    this.#reached.set(topicPartitionKey(at), next);
    if (this.#buffer.waitingBytes(at) >= FULL_BYTES) {
      this.#full.add(topicPartitionKey(at));
      this.#fetcher.pause(at);
    }
    this.#onRecords();
  }

  /** Only transaction markers or aborted records: nothing is handed out, yet the position moves on. */
  #answered(at: TopicPartition): void {
    const next = this.#fetcher.position(at);
    if (next === undefined || next === this.#reached.get(topicPartitionKey(at))) return;
    this.#reached.set(topicPartitionKey(at), next);
    this.#buffer.add(at, undefined, next);
  }
}
