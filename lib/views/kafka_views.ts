import type { TopicPartition } from "../serde/mod.ts";

/** What one member of a group owns at one moment; no partitions means it is idle. */
export interface MemberAssignment {
  /** Readable name, chosen by whoever started the member. */
  readonly member: string;
  /** The name that Kafka gave it, unique in the group. */
  readonly memberId: string;
  /** The group it belongs to. */
  readonly group: string;
  /** Counts the group's rebalances; null where Kafka does not tell. */
  readonly generation: number | null;
  /** When this was seen, Unix epoch ms. */
  readonly atMs: number;
  /** In no particular order; empty means idle. */
  readonly partitions: readonly TopicPartition[];
}

/** What every member of a group owns at one moment. */
export interface Assignment {
  /** The group that was asked about. */
  readonly group: string;
  /** Kafka's word: `Stable`, `Empty`, `PreparingRebalance`, `CompletingRebalance` or `Dead`. */
  readonly state: string;
  /** When this was seen, Unix epoch ms. */
  readonly atMs: number;
  /** Sorted by name. */
  readonly members: readonly MemberAssignment[];
}

/** How far a group is behind the end of one partition. */
export interface Lag extends TopicPartition {
  /** Offset of the next record the group will read; null when it has committed nothing. */
  readonly committed: number | null;
  /** Offset that the next record written will get. */
  readonly end: number;
  /** Records between the two, never negative. */
  readonly lag: number;
  /** Readable name of the member that owns the partition now. */
  readonly member: string | null;
}

/** One record as a box in a picture: text only, cut to what fits. */
export interface RecordBox {
  /** Its place in the partition, from 0. */
  readonly offset: number;
  /** null where the record has no key. */
  readonly key: string | null;
  /** null is a tombstone. */
  readonly value: string | null;
  /** Unix epoch ms. */
  readonly timestamp: number;
}

/** One partition as a lane of boxes, in offset order. */
export interface Lane {
  /** Its number, from 0. */
  readonly partition: number;
  /** Offset of the oldest record still there. */
  readonly start: number;
  /** Offset that the next record written will get. */
  readonly end: number;
  /** Offset of the next record the group will read. */
  readonly committed?: number;
  /** `id` of the member that owns the partition. */
  readonly owner?: string;
  /** In offset order; may leave out the oldest. */
  readonly records: readonly RecordBox[];
}

/** A topic's partitions as lanes, with the members of one group as their owners. */
export interface TopicLanes {
  /** Name of the topic. */
  readonly topic: string;
  /** One lane each, in order of their number. */
  readonly partitions: readonly Lane[];
  /** Every member, idle ones too. */
  readonly members: readonly { readonly id: string }[];
}
