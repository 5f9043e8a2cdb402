/**
 * Records of one side of a join that wait for a partner.
 *
 * @module
 */
import type { Serde } from "../../serde/mod.ts";
import type { AnySerde } from "../topology/serde.ts";
import { composedSerde } from "./composed_serde.ts";
import { EncodedValue } from "./encoded_value.ts";
import { joinParts, partsOf } from "./framed_parts.ts";

/** Values of one key, one time and one side, in the order they came. */
export interface Waiting {
  readonly side: "left" | "right";
  // deno-lint-ignore no-explicit-any
  readonly values: readonly EncodedValue<any>[];
}

/** A byte for the side, then each value with its length (4) before it. */
export function waitingSerde(left: AnySerde, right: AnySerde): Serde<Waiting> {
  const serde: Serde<Waiting> = {
    encode({ side, values }, topic) {
      const inner = side === "left" ? left : right;
      const parts = values.map((value) => value.bytesNow(inner, topic)!);
      return joinParts(Uint8Array.of(side === "left" ? 1 : 0), parts);
    },
    decode(bytes, topic) {
      const side = bytes![0] === 1 ? "left" : "right", inner = side === "left" ? left : right;
      const values = partsOf(bytes!, 1).map((part) => EncodedValue.encoded(part, inner, topic));
      return { side, values };
    },
  };
  return composedSerde(serde, [left, right], ({ values }) => values);
}
