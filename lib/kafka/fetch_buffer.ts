import type { TopicPartition } from "../views/mod.ts";
import type { PartitionOffset } from "./lag.ts";
import type { RawRecord } from "./record.ts";

/** Records of one partition that came in one answer. */
interface Chunk {
  readonly key: string;
  readonly records: readonly RawRecord[];
  /** Index of the next one to hand out. */
  at: number;
  /** Offset to go on from after the last: transaction markers behind it count as read. */
  next: number;
}

/** How far reading has come in one partition; undefined while nothing was read since it was assigned. */
interface Position extends TopicPartition {
  handedOut: number | undefined;
  done: number | undefined;
  committed: number | undefined;
}

/** A record at the front of the buffer; `accept` moves past it. */
export interface Front {
  readonly record: RawRecord;
  /** Hands it out; false when it is no longer ours, because the group was shared out anew meanwhile. */
  readonly accept: () => boolean;
}

/**
 * What was fetched and not yet handed out, and how far each owned partition has come.
 *
 * Answers are handed out in the order they came, so a partition's records stay together and in order.
 */
export class FetchBuffer {
  #positions = new Map<string, Position>();
  #chunks: Chunk[] = [];
  #waiting = new Map<string, number>();

  /** The partitions that are read, each from where the group is: whatever was fetched before is dropped. */
  assign(partitions: readonly TopicPartition[]): void {
    this.#chunks = [];
    this.#waiting.clear();
    this.#positions = new Map(
      partitions.map(({ topic, partition }) => [
        keyOf({ topic, partition }),
        { topic, partition, handedOut: undefined, done: undefined, committed: undefined },
      ]),
    );
  }

  /** Adds what came for a partition; what is not owned is dropped. @param next Offset after the last. */
  add(at: TopicPartition, records: readonly RawRecord[], next: number): void {
    const key = keyOf(at), position = this.#positions.get(key);
    if (!position) return;
    if (records.length > 0) {
      this.#chunks.push({ key, records, at: 0, next });
      this.#waiting.set(key, (this.#waiting.get(key) ?? 0) + records.length);
      return;
    }
    const last = this.#chunks.findLast((chunk) => chunk.key === key);
    if (last) last.next = next;
    else position.handedOut = next;
  }

  /** How many records of a partition wait. */
  waiting(at: TopicPartition): number {
    return this.#waiting.get(keyOf(at)) ?? 0;
  }

  /** The next record of a partition that is not paused. */
  front(isPaused: (key: string) => boolean = () => false): Front | undefined {
    const chunk = this.#chunks.find(({ key }) => !isPaused(key));
    if (!chunk) return undefined;
    const record = chunk.records[chunk.at]!;
    return { record, accept: () => this.#accept(chunk, record) };
  }

  /** Drops what was fetched of a partition, which is read from elsewhere now. */
  moveTo({ topic, partition, offset }: PartitionOffset): void {
    const key = keyOf({ topic, partition }), position = this.#positions.get(key);
    if (!position) return;
    this.#chunks = this.#chunks.filter((chunk) => chunk.key !== key);
    this.#waiting.delete(key);
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
      const position = this.#positions.get(keyOf({ topic, partition }));
      if (position) position.committed = offset;
    }
  }

  /** True while the partition is ours. */
  owns(at: TopicPartition): boolean {
    return this.#positions.has(keyOf(at));
  }

  #accept(chunk: Chunk, record: RawRecord): boolean {
    if (!this.#chunks.includes(chunk) || chunk.records[chunk.at] !== record) return false;
    const position = this.#positions.get(chunk.key)!;
    const isLast = ++chunk.at === chunk.records.length;
    position.handedOut = isLast ? chunk.next : record.offset + 1;
    this.#waiting.set(chunk.key, this.#waiting.get(chunk.key)! - 1);
    if (isLast) this.#chunks.splice(this.#chunks.indexOf(chunk), 1);
    return true;
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

/** Name of a partition as Kafka's own tools write it; unique, as topics have no spaces. */
export function keyOf({ topic, partition }: TopicPartition): string {
  return `${topic}-${partition}`;
}
