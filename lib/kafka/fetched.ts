import type { TopicPartition } from "../views/mod.ts";
import type { LogRecord, UnreadRecords } from "./record_batch.ts";

/** What a fetcher hands over, as it arrives: records of one partition, at least one, in offset order. */
export class Fetched implements TopicPartition {
  readonly topic: string;
  readonly partition: number;
  #records: readonly LogRecord[] | undefined;

  /** @param unread Take records from here, or look at `records` */
  constructor({ topic, partition }: TopicPartition, readonly unread: UnreadRecords) {
    this.topic = topic;
    this.partition = partition;
  }

  /** All that are not taken yet, decoded at the first look. */
  get records(): readonly LogRecord[] {
    return this.#records ??= this.unread.takeAll();
  }
}
