import { type TopicPartition, topicPartitionKey } from "../../serde/mod.ts";
import { type RawRecord, rawRecord } from "../consume/record.ts";
import type {
  AcknowledgementBatch,
  AcknowledgementType,
  SharePartitionResponse,
} from "../wire/api/share_fetch.ts";
import { openRecordSet } from "../wire/record_batch.ts";

/** A record that is held for this member, still in bytes. */
export interface HeldRecord extends RawRecord {
  /** How often it was delivered, this time included. */
  readonly deliveryCount: number;
  /** Epoch ms at which another member gets it. */
  readonly heldUntilMs: number;
}

/** What a member says became of a record. */
export type Acknowledgement = "accept" | "release" | "reject";

/** Where a record is. */
type Place = TopicPartition & { readonly offset: number };

/** Records of one partition that are held at one broker. */
interface Held extends TopicPartition {
  readonly nodeId: number;
  /** Offset -> what became of it: `waiting` to be handed out, or `open` until it is acknowledged. */
  readonly states: Map<number, AcknowledgementType | "waiting" | "open">;
}

/** The records that brokers hold for a member: those to be handed out, and what became of those that were. */
export class HeldRecords {
  readonly #held = new Map<string, Held>();
  readonly #waiting: HeldRecord[] = [];

  /** Adds what a broker has acquired for the member. */
  add(
    at: TopicPartition & { readonly nodeId: number },
    { bytes, acquired, heldUntilMs }: Pick<SharePartitionResponse, "bytes" | "acquired"> & {
      readonly heldUntilMs: number;
    },
  ): void {
    const [{ first = 0 } = {}] = acquired;
    if (acquired.length === 0) return;
    // Offsets that came again are held once more.
    const { states } = this.#at(at);
    const records = new Map(
      openRecordSet(bytes, first).unread.takeAll().map((record) => [record.offset, record]),
    );
    for (const { first, last, deliveryCount } of acquired) {
      for (let offset = first; offset <= last; offset++) {
        const record = records.get(offset);
        states.set(offset, record ? "waiting" : "gap");
        if (record) this.#waiting.push({ ...rawRecord(at, record), deliveryCount, heldUntilMs });
      }
    }
  }

  /** Hands out the next record; those whose time is up are others' by now. */
  next(nowMs: number = Date.now()): HeldRecord | undefined {
    for (;;) {
      const record = this.#waiting.shift();
      if (!record) return undefined;
      const states = this.#held.get(topicPartitionKey(record))?.states;
      if (record.heldUntilMs > nowMs) {
        states?.set(record.offset, "open");
        return record;
      }
      states?.delete(record.offset);
    }
  }

  /** Keeps what became of a record until it is sent. @throws {RangeError} If the record was not handed out. */
  acknowledge(place: Place, type: Acknowledgement): void {
    const states = this.#held.get(topicPartitionKey(place))?.states;
    const state = states?.get(place.offset);
    if (state === undefined || state === "waiting" || state === "gap") {
      throw new RangeError(
        `Cannot acknowledge the record at ${
          topicPartitionKey(place)
        }-${place.offset}: this member does not hold it ` +
          "(acknowledge a record before the next commit() or take())",
      );
    }
    states!.set(place.offset, type);
  }

  /** What was handed out and not acknowledged is done. */
  acceptOpen(): void {
    for (const { states } of this.#held.values()) {
      for (const [offset, state] of states) if (state === "open") states.set(offset, "accept");
    }
  }

  /** Takes out what is to be sent to a broker, in the order of offsets. */
  takeAcknowledged(
    nodeId: number,
  ): (TopicPartition & { readonly batches: readonly AcknowledgementBatch[] })[] {
    return [...this.#held.values()].filter((one) => one.nodeId === nodeId)
      .map(({ topic, partition, states }) => ({ topic, partition, batches: takeBatches(states) }))
      .filter(({ batches }) => batches.length > 0);
  }

  /** A broker holds nothing for the member any more: what it was to hand out comes again. */
  forget(nodeId: number): void {
    for (const one of this.#held.values()) {
      if (one.nodeId !== nodeId) continue;
      for (const [offset, state] of one.states) {
        if (state === "waiting" || state === "gap") one.states.delete(offset);
      }
    }
    const left = this.#waiting.filter((record) =>
      this.#held.get(topicPartitionKey(record))?.nodeId !== nodeId
    );
    this.#waiting.splice(0, this.#waiting.length, ...left);
  }

  #at(at: TopicPartition & { readonly nodeId: number }): Held {
    const { topic, partition, nodeId } = at, key = topicPartitionKey(at);
    const found = this.#held.get(key);
    if (found?.nodeId === nodeId) return found;
    // Another broker leads it now, and holds nothing of what the old one did.
    const fresh: Held = { topic, partition, nodeId, states: new Map() };
    this.#held.set(key, fresh);
    return fresh;
  }
}

function takeBatches(states: Held["states"]): AcknowledgementBatch[] {
  const batches: { first: number; last: number; type: AcknowledgementType }[] = [];
  for (const offset of [...states.keys()].sort((a, b) => a - b)) {
    const type = states.get(offset)!;
    if (type === "waiting" || type === "open") continue;
    states.delete(offset);
    const before = batches.at(-1);
    if (before?.type === type && before.last === offset - 1) before.last = offset;
    else batches.push({ first: offset, last: offset, type });
  }
  return batches;
}
