/**
 * An update that is held back: whose turn it is when, its value, and the value it replaces.
 *
 * @module
 */
import { type AnySerde, declareSynchronous, type Serde } from "../topology/serde.ts";
import type { Datum } from "./datum.ts";
import { pairSerde } from "./pair_serde.ts";

/** A held update. */
export interface Buffered {
  /** Epoch milliseconds by which updates leave in order. */
  readonly turn: number;
  // deno-lint-ignore no-explicit-any
  readonly value: Datum<any>;
  // deno-lint-ignore no-explicit-any
  readonly old: Datum<any>;
}

/** Eight bytes of turn, then both values. */
export function bufferedSerde(inner: AnySerde): Serde<Buffered> {
  const pair = pairSerde(inner);
  return declareSynchronous<Serde<Buffered>>({
    encode({ turn, value, old }, topic) {
      const bytes = pair.encode([value, old], topic);
      return bytes instanceof Promise
        ? bytes.then((tail) => withTurn(turn, tail!))
        : withTurn(turn, bytes!);
    },
    decode(bytes, topic) {
      const view = new DataView(bytes!.buffer, bytes!.byteOffset, 8);
      const [value, old] = pair.decode(bytes!.subarray(8), topic) as [Datum<never>, Datum<never>];
      return { turn: Number(view.getBigInt64(0)), value, old };
    },
  });
}

function withTurn(turn: number, tail: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(8 + tail.length);
  new DataView(bytes.buffer).setBigInt64(0, BigInt(turn));
  bytes.set(tail, 8);
  return bytes;
}
