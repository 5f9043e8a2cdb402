import type { Serde } from "../../serde/mod.ts";
import type { MemberAssignment } from "../../views/mod.ts";
import type { RecordsOptions, TakeOptions } from "../consume/consumer_options.ts";
import type { ConsumedRecord, OnDecodeError } from "../consume/record.ts";
import type { Acknowledgement } from "./held_records.ts";

/** How a member of a share group reads. */
export interface ShareConsumerOptions<K, V> {
  /**
   * Members of one share group share the records of a partition among them. A new group begins at the end of the topics,
   * unless `kafka.groups.configure(group, { "share.auto.offset.reset": "earliest" })` was called before.
   */
  readonly group: string;
  /** One topic, or several. */
  readonly topics: string | readonly string[];
  /** Readable name of the member. @default "consumer-" and the process id */
  readonly name?: string;
  /** How keys are read. @default json() */
  readonly key?: Serde<K>;
  /** How values are read. @default json() */
  readonly value?: Serde<V>;
  /**
   * What happens to a record that a serde cannot read. `fail` throws, and releases the record: it comes again, until
   * Kafka gives it up at the group's `share.delivery.count.limit`, 5 by default. Otherwise it is rejected.
   *
   * @default "fail"
   */
  readonly onDecodeError?: OnDecodeError;
  /** Called with each assignment, the first one included; others may have the same partitions. */
  readonly onAssignment?: (assignment: MemberAssignment) => void;
  /** Most records that are acquired at a time: until they are acknowledged, no other member gets them. @default 100 */
  readonly maxRecords?: number;
  /** Longest wait of the broker for new records. @default 100 */
  readonly maxWaitMs?: number;
}

/** A record that one member of a share group holds. */
export interface SharedRecord<K = unknown, V = unknown> extends ConsumedRecord<K, V> {
  /** How often it was delivered, this time included: 1 at first. */
  readonly deliveryCount: number;
}

/**
 * A member of a share group, reading.
 *
 * What was handed out counts as accepted when more is asked for or at `commit()`, unless `acknowledge()` was called with
 * something else. What is neither when it closes is released, and comes again.
 */
export interface ShareConsumer<K = unknown, V = unknown> extends AsyncDisposable {
  /** Its group, as it was asked for. */
  readonly group: string;
  /** What the group reads, one topic or several. */
  readonly topics: readonly string[];
  /** Its readable name. */
  readonly member: string;
  /** The partitions of which it gets records; other members may read them, too. */
  readonly assignment: MemberAssignment;
  /** Every assignment so far, the newest last. */
  readonly history: readonly MemberAssignment[];
  /** Up to `max` records; fewer when the time is up. */
  take(max: number, options?: TakeOptions): Promise<readonly SharedRecord<K, V>[]>;
  /** Record after record; each is accepted when the loop asks for the next, unless it was acknowledged. */
  records(options?: RecordsOptions): AsyncIterableIterator<SharedRecord<K, V>>;
  /**
   * Says what became of a record: `accept`, it is done; `release`, another attempt may succeed, here or elsewhere;
   * `reject`, no attempt will. Sent with the next `take()`, `commit()` or `close()`.
   *
   * @throws {RangeError} If this member does not hold the record, or not any more.
   */
  acknowledge(
    record: Pick<SharedRecord, "topic" | "partition" | "offset">,
    as: Acknowledgement,
  ): void;
  /**
   * Accepts all that was handed out and not acknowledged, and sends what became of everything.
   *
   * @throws {KafkaError} If some records were held too long, or the connection broke: they come again.
   */
  commit(): Promise<void>;
  /** Sends what was acknowledged, releases the rest and leaves the group. */
  close(): Promise<void>;
}
