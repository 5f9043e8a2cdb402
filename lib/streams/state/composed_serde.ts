/**
 * Serdes made of other serdes.
 *
 * @module
 */
import type { Serde } from "../../serde/mod.ts";
import { type AnySerde, declareSynchronous, isSynchronous } from "../topology/serde.ts";
import type { EncodedValue } from "./encoded_value.ts";

/**
 * A serde whose values hold data of other serdes: it is ready when they are, and what it decodes can be looked at
 * without waiting.
 *
 * @param dataIn The data inside a decoded value; decoded with it where a serde may answer late
 */
export function composedSerde<T>(
  serde: Serde<T>,
  parts: readonly AnySerde[],
  dataIn: (value: T) => readonly EncodedValue<unknown>[],
): Serde<T> {
  if (parts.every(isSynchronous)) return declareSynchronous(serde);
  return {
    encode: (value, topic) => serde.encode(value, topic),
    decode(bytes, topic) {
      const value = serde.decode(bytes, topic) as T;
      const late = dataIn(value).flatMap((encoded) => encoded.decode() ?? []);
      return late.length === 0 ? value : Promise.all(late).then(() => value);
    },
    ready: async (topic) => {
      for (const part of parts) await part.ready?.(topic);
    },
  };
}
