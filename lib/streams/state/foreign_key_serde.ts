/**
 * What the two sides of a foreign-key join tell each other.
 *
 * @module
 */
import { json, type Serde } from "../../serde/mod.ts";
import type { AnySerde } from "../topology/serde.ts";
import { composedSerde } from "./composed_serde.ts";
import { EncodedValue } from "./encoded_value.ts";
import type { StateKey } from "./state_key.ts";

/** What a row of the left table asks of the row that it names. */
export interface Subscription {
  readonly action: "always answer" | "answer if there" | "delete" | "delete and answer";
  /** Tells which version of the left row asked; null when the row is gone. */
  readonly version: string | null;
  /** The left row's key. */
  readonly asker: StateKey;
  /** The left row's partition: answers go there. */
  readonly partition: number;
}

/** Subscriptions are JSON. */
export const subscriptionSerde: Serde<Subscription> = json<Subscription>();

/** The right row's value for a left row. */
export interface Answer {
  readonly version: string | null;
  readonly partition: number;
  // deno-lint-ignore no-explicit-any
  readonly value: EncodedValue<any>;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Length (4) of a JSON head `[version, partition, hasValue]`, the head, then the value. */
export function answerSerde(inner: AnySerde): Serde<Answer> {
  const serde: Serde<Answer> = {
    encode({ version, partition, value }, topic) {
      const tail = value.bytesNow(inner, topic);
      const head = encoder.encode(JSON.stringify([version, partition, tail !== null]));
      const bytes = new Uint8Array(4 + head.length + (tail?.length ?? 0));
      new DataView(bytes.buffer).setUint32(0, head.length);
      bytes.set(head, 4);
      if (tail) bytes.set(tail, 4 + head.length);
      return bytes;
    },
    decode(bytes, topic) {
      const length = new DataView(bytes!.buffer, bytes!.byteOffset, 4).getUint32(0);
      const [version, partition, hasValue] = JSON.parse(
        decoder.decode(bytes!.subarray(4, 4 + length)),
      );
      const tail = hasValue ? bytes!.subarray(4 + length) : null;
      return { version, partition, value: EncodedValue.encoded(tail, inner, topic) };
    },
  };
  return composedSerde(serde, [inner], ({ value }) => [value]);
}

/** A short name for a value: two that differ have, in all likelihood, different names (53 bits). */
export function versionOf(bytes: Uint8Array): string {
  let low = 0xdeadbeef, high = 0x41c6ce57;
  for (const byte of bytes) {
    low = Math.imul(low ^ byte, 2654435761);
    high = Math.imul(high ^ byte, 1597334677);
  }
  low = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909);
  high = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909);
  return (2 ** 32 * (high & 2097151) + (low >>> 0)).toString(36);
}
