import type { TopicPartition } from "../../serde/mod.ts";
import type { LogRecord, UnreadRecords } from "../wire/record_batch.ts";

/** What a fetcher hands over, as it arrives: records of one partition, at least one, in offset order. */
export class Fetched implements TopicPartition {
  /** Name of the topic. */
  readonly topic: string;
  /** From 0. */
  readonly partition: number;
  #records: readonly LogRecord[] | undefined;

  /** Names a partition and what came of it. */
  constructor(
    { topic, partition }: TopicPartition,
    /** Take records from here, or look at `records`. */
    readonly unread: UnreadRecords,
  ) {
    this.topic = topic;
    this.partition = partition;
  }

  /** All that are not taken yet, decoded at the first look. */
  get records(): readonly LogRecord[] {
    return this.#records ??= this.unread.takeAll();
  }
}
