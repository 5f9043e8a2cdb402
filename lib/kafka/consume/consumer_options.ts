import type { Serde, TopicPartition } from "../../serde/mod.ts";
import type { MemberAssignment } from "../../views/mod.ts";
import type { PartitionOffset } from "../admin/lag.ts";
import type { Assignor } from "../group/assignor.ts";
import type { ConsumedRecord, OnDecodeError } from "./record.ts";
import type { StartPosition } from "./start_position.ts";

/** How a member of a group reads. */
export interface ConsumerOptions<K, V> {
  /** Members of one group share out the partitions among them. */
  readonly group: string;
  /** One topic, or several. */
  readonly topics: string | readonly string[];
  /** Readable name of the member: its id in the group begins with it. @default "consumer-" and the process id */
  readonly name?: string;
  /** Used only for partitions in which the group has not committed yet. @default "earliest" */
  readonly from?: StartPosition;
  /** How keys are read. @default json() */
  readonly key?: Serde<K>;
  /** How values are read. @default json() */
  readonly value?: Serde<V>;
  /** How often progress is committed by itself; false: only `commit()` does. @default { intervalMs: 5000 } */
  readonly autoCommit?: { readonly intervalMs: number } | false;
  /** What happens to a record that a serde cannot read. @default "fail" */
  readonly onDecodeError?: OnDecodeError;
  /** Called with each assignment, the first one included. */
  readonly onAssignment?: (assignment: MemberAssignment) => void;
  /** Called when it stops reading partitions that a rebalance takes, with what it goes on reading meanwhile. */
  readonly onRevocation?: (left: MemberAssignment) => void;
  /** Reads records of transactions that are open or were aborted, too. @default false */
  readonly readUncommitted?: boolean;
  /** After so long without a sign of life the partitions go to others. @default 6000 */
  readonly sessionTimeoutMs?: number;
  /** How often it gives a sign of life. @default 500, or a third of a session that is shorter than 1,500 */
  readonly heartbeatMs?: number;
  /** Longest wait of the broker for new records; also how long `seek` and `resume` take at most. @default 100 */
  readonly maxWaitMs?: number;
  /**
   * How a group's leader assigns partitions, most wanted first. With `[cooperativeStickyAssignor]` a rebalance stops
   * only the partitions that move.
   *
   * @default [roundRobinAssignor]: in turn, members in the order of their names
   */
  readonly assignors?: readonly Assignor[];
  /**
   * Makes it a static member, Kafka's `group.instance.id`: made again within a session, it gets back what it had, and
   * nobody else is disturbed. Closing it leaves its partitions its own until the session is over.
   *
   * @default none: a dynamic member, whose partitions go to others when it is closed
   */
  readonly instanceId?: string;
  /**
   * Who assigns the partitions: `classic`, a member of the group; `consumer`, its broker (KIP-848, Kafka 4.0 or newer),
   * which tells each member alone what to give back. The broker then sets the time-outs and how partitions are
   * assigned, so `sessionTimeoutMs`, `heartbeatMs` and `assignors` are left out.
   *
   * @default "classic"
   */
  readonly groupProtocol?: "classic" | "consumer";
}

/** Bounds of {@link Consumer.take}. */
export interface TakeOptions {
  /** Longest wait in all. @default 10_000 */
  readonly timeoutMs?: number;
  /** Ends the wait early, with its reason as the error. @default the connection's `stopSignal` */
  readonly signal?: AbortSignal;
}

/** Bounds of {@link Consumer.records}; without any it goes on until the consumer is closed. */
export interface RecordsOptions {
  /** Ends after so many records. @default Infinity */
  readonly max?: number;
  /** Longest time in all, the loop's body included. @default Infinity */
  readonly timeoutMs?: number;
  /** Ends when no record came for so long. @default Infinity */
  readonly idleMs?: number;
  /** Ends the loop with its reason as the error. @default the connection's `stopSignal` */
  readonly signal?: AbortSignal;
}

/** Bounds of {@link Consumer.batch}. */
export interface BatchOptions {
  /** At most so many records. @default 1000 */
  readonly max?: number;
  /** Longest wait for the first record. @default 10_000 */
  readonly timeoutMs?: number;
  /** Ends the wait early, with its reason as the error. @default the connection's `stopSignal` */
  readonly signal?: AbortSignal;
}

/** A member of a group, reading. */
export interface Consumer<K = unknown, V = unknown> extends AsyncDisposable {
  /** Its group, as it was asked for. */
  readonly group: string;
  /** What the group reads, one topic or several. */
  readonly topics: readonly string[];
  /** Its readable name. */
  readonly member: string;
  /** What it owns now. */
  readonly assignment: MemberAssignment;
  /** Every assignment so far, the newest last. */
  readonly history: readonly MemberAssignment[];
  /** Up to `max` records; fewer when the time is up. They count as processed. */
  take(max: number, options?: TakeOptions): Promise<readonly ConsumedRecord<K, V>[]>;
  /** Record after record; each counts as processed when the loop asks for the next. */
  records(options?: RecordsOptions): AsyncIterableIterator<ConsumedRecord<K, V>>;
  /** Whatever is there, at least one record unless the time is up; processed when the next batch is asked for. */
  batch(options?: BatchOptions): Promise<readonly ConsumedRecord<K, V>[]>;
  /** Commits all that was handed out, or up to and including one record. */
  commit(upTo?: ConsumedRecord<K, V>): Promise<void>;
  /** Goes on from elsewhere: in every owned partition, or in one (of the only topic, unless it says which). */
  seek(to: StartPosition | SeekTarget): Promise<void>;
  /** Stops handing out records of some partitions, by default of all it owns. */
  pause(partitions?: readonly TopicPartition[]): void;
  /** Goes on with them. */
  resume(partitions?: readonly TopicPartition[]): void;
  /** Next offset to be handed out, by partition; left out where nothing was read yet. */
  positions(): readonly PartitionOffset[];
  /** Commits what was processed (unless `autoCommit` is false) and leaves the group at once. */
  close(): Promise<void>;
}

/** One partition and an offset in it. */
export interface SeekTarget {
  /** Needed only where several are read. @default the only topic */
  readonly topic?: string;
  /** Number of the partition, from 0; the member has to own it. */
  readonly partition: number;
  /** Offset of the record to hand out next. */
  readonly offset: number;
}
