/**
 * A task's queues, and the choice among their heads.
 *
 * @module
 */
import type { FlowRecord } from "../operators/flow_record.ts";
import type { RawRecord, RecordRun } from "./records.ts";
import type { PartitionQueue } from "./partition_queue.ts";

/** One queue per source topic. */
export class Inputs {
  readonly queues: PartitionQueue[] = [];
  #turns = 0;
  /** Topics whose empty queues the last choice waited for. */
  waitingFor: readonly string[] = [];

  /**
   * @param skipHead Takes away a head that cannot be decoded, or throws
   * @param isCaughtUp Whether an empty queue is all that the broker has
   */
  constructor(
    readonly skipHead: (queue: PartitionQueue, error: unknown) => void,
    readonly isCaughtUp?: (topic: string) => boolean,
  ) {}

  /** Appends records of a topic. @throws {RangeError} If no queue takes them */
  add(topic: string, records: readonly RawRecord[] | RecordRun): void {
    const queue = this.queues.find((one) => one.source.topic === topic);
    if (!queue) throw new RangeError(`Cannot take records of "${topic}": no source reads it`);
    if (queue.size === 0) queue.turn = ++this.#turns;
    queue.add(records);
  }

  /** Takes a queue's head away. */
  take(queue: PartitionQueue): void {
    queue.take();
    queue.turn = ++this.#turns;
  }

  /**
   * The queue whose head has the lowest time; nothing when all are empty or one that is empty must be waited for; a
   * promise when a head is still being decoded.
   *
   * See: Kafka Streams' `PartitionGroup`, KIP-695
   */
  choose(): PartitionQueue | Promise<void> | undefined {
    let best: PartitionQueue | undefined, bestTime = Infinity;
    const waitingFor: string[] = [];
    const goesBefore = (time: number, turn: number) =>
      time < bestTime || (time === bestTime && turn < best!.turn);
    for (const queue of this.queues) {
      const head = this.#head(queue);
      if (head instanceof Promise) return head;
      if (head === undefined) {
        const { topic } = queue.source;
        if (this.isCaughtUp && !this.isCaughtUp(topic)) waitingFor.push(topic);
      } else if (goesBefore(head.timestamp, queue.turn)) {
        best = queue;
        bestTime = head.timestamp;
      }
    }
    this.waitingFor = waitingFor;
    return waitingFor.length > 0 ? undefined : best;
  }

  /** A queue's head; records that cannot be decoded and may be skipped are gone after this. */
  #head(queue: PartitionQueue): FlowRecord | undefined | Promise<void> {
    while (queue.size > 0) {
      try {
        const head = queue.head();
        if (head instanceof Promise) return head.catch((error) => this.skipHead(queue, error));
        const time = head!.timestamp;
        // A negative time is a record's own fault, or an extractor's way to drop it.
        if (time >= 0 || (time < 0 && queue.source.timestamp)) return head;
        throw new RangeError(`its time is ${time}`);
      } catch (error) {
        this.skipHead(queue, error);
      }
    }
    return undefined;
  }
}
