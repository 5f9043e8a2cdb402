/**
 * Records of one side of a join that wait for a partner.
 *
 * @module
 */
import type { Serde } from "../../serde/mod.ts";
import type { AnySerde } from "../topology/serde.ts";
import { composedSerde } from "./composed_serde.ts";
import { EncodedValue } from "./encoded_value.ts";

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
      const bytes = new Uint8Array(parts.reduce((sum, part) => sum + 4 + part.length, 1));
      const view = new DataView(bytes.buffer);
      bytes[0] = side === "left" ? 1 : 0;
      let at = 1;
      for (const part of parts) {
        view.setUint32(at, part.length);
        bytes.set(part, at + 4);
        at += 4 + part.length;
      }
      return bytes;
    },
    decode(bytes, topic) {
      const view = new DataView(bytes!.buffer, bytes!.byteOffset, bytes!.length);
      const side = bytes![0] === 1 ? "left" : "right";
      const values: EncodedValue<unknown>[] = [];
      for (let at = 1; at < bytes!.length;) {
        const length = view.getUint32(at);
        const raw = bytes!.subarray(at + 4, at + 4 + length);
        values.push(EncodedValue.encoded(raw, side === "left" ? left : right, topic));
        at += 4 + length;
      }
      return { side, values };
    },
  };
  return composedSerde(serde, [left, right], ({ values }) => values);
}
