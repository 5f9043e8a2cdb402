/**
 * An update that is held back: whose turn it is when, its value, and the value it replaces.
 *
 * @module
 */
import { type AnySerde, declareSynchronous, type Serde } from "../topology/serde.ts";
import { Datum } from "./datum.ts";
import { type Pair, pairSerde } from "./pair_serde.ts";

/** A held update. */
export interface Buffered {
  /** Epoch milliseconds by which updates leave in order. */
  readonly turn: number;
  // deno-lint-ignore no-explicit-any
  readonly value: Datum<any>;
  // deno-lint-ignore no-explicit-any
  readonly old: Datum<any>;
  /** What others see meanwhile: the value before the first update that is held. */
  // deno-lint-ignore no-explicit-any
  readonly prior: Datum<any>;
}

/** Eight bytes of turn, four of the length of what follows: new and old value; then the prior value. */
export function bufferedSerde(inner: AnySerde): Serde<Buffered> {
  const pair = pairSerde(inner);
  return declareSynchronous<Serde<Buffered>>({
    encode({ turn, value, old, prior }, topic) {
      const first = pair.encode([value, old], topic),
        second = pair.encode([prior, Datum.null], topic);
      return first instanceof Promise || second instanceof Promise
        ? Promise.all([first, second]).then(([one, two]) => join(turn, one!, two!))
        : join(turn, first!, second!);
    },
    decode(bytes, topic) {
      const view = new DataView(bytes!.buffer, bytes!.byteOffset, 12);
      const middle = 12 + view.getUint32(8);
      const [value, old] = pair.decode(bytes!.subarray(12, middle), topic) as Pair;
      const [prior] = pair.decode(bytes!.subarray(middle), topic) as Pair;
      return { turn: Number(view.getBigInt64(0)), value, old, prior };
    },
  });
}

function join(turn: number, first: Uint8Array, second: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(12 + first.length + second.length);
  const view = new DataView(bytes.buffer);
  view.setBigInt64(0, BigInt(turn));
  view.setUint32(8, first.length);
  bytes.set(first, 12);
  bytes.set(second, 12 + first.length);
  return bytes;
}
