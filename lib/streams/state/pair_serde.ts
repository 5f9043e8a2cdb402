/**
 * A new and an old value in one: what travels when a table's row changes and somebody must take the old value back.
 *
 * @module
 */
import type { Bytes, Serde } from "../../serde/mod.ts";
import type { AnySerde } from "../topology/serde.ts";
import { composedSerde } from "./composed_serde.ts";
import { EncodedValue } from "./encoded_value.ts";

/** New value, old value. */
// deno-lint-ignore no-explicit-any
export type Pair = readonly [EncodedValue<any>, EncodedValue<any>];

/**
 * Bytes: length of the new value (4, or -1 for null), the new value, then the old value after one byte that says
 * whether there is one.
 */
export function pairSerde(inner: AnySerde): Serde<Pair> {
  const serde: Serde<Pair> = {
    encode([value, old], topic) {
      const first = value.bytes(inner, topic), second = old.bytes(inner, topic);
      return first instanceof Promise || second instanceof Promise
        ? Promise.all([first, second]).then(([one, two]) => join(one, two))
        : join(first, second);
    },
    decode(bytes, topic) {
      const view = new DataView(bytes!.buffer, bytes!.byteOffset, bytes!.length);
      const length = view.getInt32(0);
      const at = 4 + Math.max(length, 0);
      const value = length < 0 ? null : bytes!.subarray(4, at);
      const old = bytes![at] === 0 ? null : bytes!.subarray(at + 1);
      return [EncodedValue.encoded(value, inner, topic), EncodedValue.encoded(old, inner, topic)];
    },
  };
  return composedSerde(serde, [inner], (pair) => pair);
}

function join(value: Bytes, old: Bytes): Uint8Array {
  const bytes = new Uint8Array(5 + (value?.length ?? 0) + (old?.length ?? 0));
  new DataView(bytes.buffer).setInt32(0, value ? value.length : -1);
  if (value) bytes.set(value, 4);
  const at = 4 + (value?.length ?? 0);
  bytes[at] = old ? 1 : 0;
  if (old) bytes.set(old, at + 1);
  return bytes;
}
