/**
 * What the topology needs to know of serdes beyond `lib/serde`: which of them never answer with a promise.
 *
 * @module
 */
import { type Bytes, bytes, int64, json, type Serde, string } from "../../serde/mod.ts";

/** What writing needs of a serde: to take what is written, and nothing narrower. */
export interface Encoder<T> {
  /** Encodes a value for a topic. */
  readonly encode: (value: T, topic: string) => Bytes | Promise<Bytes>;
}

/** A serde whose type is known elsewhere. */
// deno-lint-ignore no-explicit-any
export type AnySerde = Serde<any>;

/** The serdes that always answer at once, so that decoding can wait until the value is used. */
const synchronous = new WeakSet<object>([string, int64, bytes, json()]);

/** Whether a serde is known to answer without a promise. */
export function isSynchronous(serde: AnySerde): boolean {
  return synchronous.has(serde);
}

/** Declares that a serde never answers with a promise. */
export function declareSynchronous<S extends AnySerde>(serde: S): S {
  synchronous.add(serde);
  return serde;
}
