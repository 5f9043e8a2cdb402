/**
 * Topics in memory: one list of records per partition.
 *
 * @module
 */
import { partitionForKey } from "../../serde/mod.ts";
import type { OutputRecord, RawRecord } from "../task/records.ts";

/** All topics of a test driver. */
export class Logs {
  readonly #topics = new Map<string, RawRecord[][]>();
  #roundRobin = 0;

  /** @param partitionsOf How many partitions a topic has */
  constructor(readonly partitionsOf: (topic: string) => number) {}

  /** Appends a record; gives its partition. */
  append(record: OutputRecord): number {
    const { topic, key, value, timestamp, headers } = record;
    const partitions = this.#partitions(topic);
    const partition = record.partition ?? this.#partitionOf(record, partitions.length);
    const log = partitions[partition];
    if (!log) {
      throw new RangeError(
        `Cannot write to partition ${partition} of "${topic}": it has ${partitions.length}`,
      );
    }
    log.push({ key, value, timestamp, headers, offset: log.length });
    return partition;
  }

  /** Records of a partition, from an offset on. */
  read(topic: string, partition: number, fromOffset = 0): RawRecord[] {
    return this.#partitions(topic)[partition]?.slice(fromOffset) ?? [];
  }

  /** How many records a partition holds. */
  size(topic: string, partition: number): number {
    return this.#partitions(topic)[partition]?.length ?? 0;
  }

  /** Lengths of all partitions, to come back to. */
  mark(): ReadonlyMap<string, readonly number[]> {
    return new Map(
      [...this.#topics].map(([topic, logs]) => [topic, logs.map((log) => log.length)]),
    );
  }

  /** Forgets what was appended since a mark. */
  truncate(mark: ReadonlyMap<string, readonly number[]>): void {
    for (const [topic, logs] of this.#topics) {
      logs.forEach((log, partition) => log.splice(mark.get(topic)?.[partition] ?? 0));
    }
  }

  /** Topics that hold something. */
  names(): string[] {
    return [...this.#topics].filter(([, logs]) => logs.some((log) => log.length > 0)).map((
      [topic],
    ) => topic);
  }

  #partitions(topic: string): RawRecord[][] {
    let logs = this.#topics.get(topic);
    if (!logs) {
      logs = Array.from({ length: this.partitionsOf(topic) }, () => []);
      this.#topics.set(topic, logs);
    }
    return logs;
  }

  #partitionOf({ key, partitionKey }: OutputRecord, partitions: number): number {
    const bytes = partitionKey ?? key;
    return bytes === null ? this.#roundRobin++ % partitions : partitionForKey(bytes, partitions);
  }
}
