import { type TopicPartition, topicPartitionKey } from "../../serde/mod.ts";
import type { PartitionOffset } from "../admin/lag.ts";
import { offsetAfter, type RawRecord, rawRecord } from "./record.ts";
import type { LogRecord } from "../wire/record_batch.ts";

/** Records still in the bytes of an answer, each decoded when it is taken. */
export interface Unread {
  /** How many there are left to take. */
  readonly size: number;
  /** How much memory holds them until the last is taken. */
  readonly bytes: number;
  /** The next one. */
  take(): LogRecord;
}

/** Records of one partition that came in one answer. */
interface Chunk {
  readonly key: string;
  readonly position: Position;
  readonly unread: Unread;
  /** The next one, once it was looked at: taken, and not yet handed out. */
  front: RawRecord | undefined;
  /** Offset to go on from after the last: transaction markers behind it count as read. */
  next: number;
}

/** How far reading has come in one partition; undefined while nothing was read since it was assigned. */
interface Position extends TopicPartition {
  handedOut: number | undefined;
  done: number | undefined;
  committed: number | undefined;
}

/**
 * What was fetched and not yet handed out, and how far each owned partition has come.
 *
 * Answers are handed out in the order they came, so a partition's records stay together and in order.
 */
export class FetchBuffer {
  #positions = new Map<string, Position>();
  #chunks: Chunk[] = [];

  /**
   * The partitions that are read, each from where the group is: whatever was fetched before is dropped.
   *
   * @param retained Those of them that are read on as if nothing had happened.
   */
  assign(partitions: readonly TopicPartition[], retained: readonly TopicPartition[] = []): void {
    const kept = new Set(retained.map(topicPartitionKey)), before = this.#positions;
    this.#chunks = this.#chunks.filter(({ key }) => kept.has(key));
    this.#positions = new Map(
      partitions.map(({ topic, partition }) => {
        const key = topicPartitionKey({ topic, partition });
        const fresh = { handedOut: undefined, done: undefined, committed: undefined };
        return [key, kept.has(key) && before.get(key) || { topic, partition, ...fresh }];
      }),
    );
  }

  /** Hands out no more of these partitions; what was processed can still be committed. */
  drop(partitions: readonly TopicPartition[]): void {
    const dropped = new Set(partitions.map(topicPartitionKey));
    this.#chunks = this.#chunks.filter(({ key }) => !dropped.has(key));
  }

  /** Adds what came for a partition; what is not owned is dropped. @param next Offset after the last. */
  add(at: TopicPartition, unread: Unread | undefined, next: number): void {
    const key = topicPartitionKey(at), position = this.#positions.get(key);
    if (!position) return;
    if (unread) {
      this.#chunks.push({ key, position, unread, front: undefined, next });
      return;
    }
    const last = this.#chunks.findLast((chunk) => chunk.key === key);
    if (last) last.next = next;
    else position.handedOut = next;
  }

  /** How many bytes wait of a partition, in the answers as they came. */
  waitingBytes(at: TopicPartition): number {
    const key = topicPartitionKey(at);
    return this.#chunks.reduce(
      (sum, { key: its, unread }) => its === key ? sum + unread.bytes : sum,
      0,
    );
  }

  /** The next record of a partition that is not paused; {@link accept} moves past it. */
  front(paused: ReadonlySet<string> = new Set()): RawRecord | undefined {
    const chunk = paused.size === 0
      ? this.#chunks[0]
      : this.#chunks.find(({ key }) => !paused.has(key));
    return chunk && (chunk.front ??= rawRecord(chunk.position, chunk.unread.take()));
  }

  /** Hands a front record out; false when it is no longer ours, as the group has rebalanced meanwhile. */
  accept(record: RawRecord): boolean {
    const index = this.#chunks.findIndex(({ front }) => front === record);
    if (index < 0) return false;
    const chunk = this.#chunks[index]!, { position } = chunk;
    chunk.front = undefined;
    const isLast = chunk.unread.size === 0;
    position.handedOut = isLast ? chunk.next : offsetAfter(record);
    if (isLast) this.#chunks.splice(index, 1);
    return true;
  }

  /** Drops what was fetched of a partition, which is read from elsewhere now. */
  moveTo({ topic, partition, offset }: PartitionOffset): void {
    const key = topicPartitionKey({ topic, partition }), position = this.#positions.get(key);
    if (!position) return;
    this.#chunks = this.#chunks.filter((chunk) => chunk.key !== key);
    position.handedOut = position.done = offset;
  }

  /** Everything handed out counts as processed. */
  markDone(): void {
    for (const position of this.#positions.values()) position.done = position.handedOut;
  }

  /** Per partition where reading goes on; left out where nothing was read yet. */
  positions(): readonly PartitionOffset[] {
    return this.#offsets(({ handedOut }) => handedOut);
  }

  /** Processed and not yet committed. */
  uncommitted(): readonly PartitionOffset[] {
    return this.#offsets(({ done, committed }) => done === committed ? undefined : done);
  }

  /** True while a record was handed out and is not processed yet. */
  isBusy(): boolean {
    return [...this.#positions.values()].some(({ handedOut, done }) => handedOut !== done);
  }

  /** Remembers what was committed. */
  markCommitted(offsets: readonly PartitionOffset[]): void {
    for (const { topic, partition, offset } of offsets) {
      const position = this.#positions.get(topicPartitionKey({ topic, partition }));
      if (position) position.committed = offset;
    }
  }

  /** All partitions that are ours. */
  owned(): readonly TopicPartition[] {
    return [...this.#positions.values()].map(({ topic, partition }) => ({ topic, partition }));
  }

  /** True while the partition is ours. */
  owns(at: TopicPartition): boolean {
    return this.#positions.has(topicPartitionKey(at));
  }

  #offsets(offsetOf: (position: Position) => number | undefined): readonly PartitionOffset[] {
    return [...this.#positions.values()].flatMap((position) => {
      const offset = offsetOf(position);
      return offset === undefined
        ? []
        : [{ topic: position.topic, partition: position.partition, offset }];
    });
  }
}
