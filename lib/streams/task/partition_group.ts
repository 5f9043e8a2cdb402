/**
 * A task's queues, and the choice among their heads.
 *
 * @module
 */
import type { FlowRecord } from "../operators/flow_record.ts";
import type { RawRecord, RecordRun } from "./records.ts";
import type { RecordQueue } from "./record_queue.ts";

/** What the queues need from their task. */
export interface PartitionGroupHost {
  /** Takes away a head that cannot be decoded, lets it rest, or throws. */
  readonly skipHead: (queue: RecordQueue, error: unknown) => void;
  /** Wall clock, epoch ms. */
  readonly now: () => number;
  /** Whether an empty queue is all that the broker has. @default yes */
  readonly isCaughtUp: ((topic: string) => boolean) | undefined;
}

const NONE: readonly string[] = [];

/** One queue per source topic. */
export class PartitionGroup {
  readonly queues: RecordQueue[] = [];
  #turns = 0;
  /** Topics whose empty queues the last choice waited for. */
  waitingFor: readonly string[] = [];

  /** A head that is being decoded. */
  #decoding: Promise<void> | undefined;
  /** A head whose serde refused it after a wait. Dealt with at the next choice: a commit may be under way meanwhile. */
  #undecodable: { readonly queue: RecordQueue; readonly error: unknown } | undefined;
  readonly #host: PartitionGroupHost;

  constructor(host: PartitionGroupHost) {
    this.#host = host;
  }

  /** Whether a head is being decoded. */
  get decoding(): boolean {
    return this.#decoding !== undefined;
  }

  /** Appends records of a topic. @throws {RangeError} If no queue takes them */
  add(topic: string, records: readonly RawRecord[] | RecordRun): void {
    const queue = this.queues.find((one) => one.source.topic === topic);
    if (!queue) throw new RangeError(`Cannot take records of "${topic}": no source reads it`);
    if (queue.size === 0) queue.turn = ++this.#turns;
    queue.add(records);
  }

  /** Takes a queue's head away. */
  take(queue: RecordQueue): void {
    queue.take();
    queue.turn = ++this.#turns;
  }

  /**
   * The queue whose head has the lowest time; nothing when all are empty, or one must be waited for that is empty or
   * rests; a promise when a head is still being decoded.
   *
   * See: Kafka Streams' `PartitionGroup`, KIP-695
   */
  choose(): RecordQueue | Promise<void> | undefined {
    let best: RecordQueue | undefined, bestTime = Infinity;
    if (this.#decoding) return this.#decoding;
    if (this.#undecodable) {
      const { queue, error } = this.#undecodable;
      this.#undecodable = undefined;
      this.#host.skipHead(queue, error);
    }
    let waitingFor: string[] | undefined;
    for (const queue of this.queues) {
      const { topic } = queue.source, head = this.#head(queue);
      if (head instanceof Promise) return head;
      if (head === undefined) {
        const isWaited = queue.size > 0 || this.#host.isCaughtUp?.(topic) === false;
        if (isWaited) (waitingFor ??= []).push(topic);
      } else if (
        head.timestamp < bestTime || (head.timestamp === bestTime && queue.turn < best!.turn)
      ) {
        best = queue;
        bestTime = head.timestamp;
      }
    }
    this.waitingFor = waitingFor ?? NONE;
    return waitingFor ? undefined : best;
  }

  /** A queue's head unless it rests; records that cannot be decoded and may be skipped are gone after this. */
  #head(queue: RecordQueue): FlowRecord | undefined | Promise<void> {
    const { skipHead, now } = this.#host;
    while (queue.size > 0 && !queue.isResting(now)) {
      try {
        const head = queue.head();
        if (head instanceof Promise) return this.#wait(head, queue);
        const time = head!.timestamp;
        // A negative time is a record's own fault, or an extractor's way to drop it.
        if (time >= 0 || (time < 0 && queue.source.timestamp)) return head;
        throw new RangeError(`its time is ${time}`);
      } catch (error) {
        skipHead(queue, error);
      }
    }
    return undefined;
  }

  #wait(head: Promise<void>, queue: RecordQueue): Promise<void> {
    return this.#decoding = head.catch((error) => {
      this.#undecodable = { queue, error };
    }).finally(() => this.#decoding = undefined);
  }
}
