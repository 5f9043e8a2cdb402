import { unreadable } from "./binary.ts";
import { type Schema, typeOf } from "./schema.ts";
import type { AvscType } from "./strict_primitives.ts";
import { Tap } from "./tap.ts";

/** Where one field of a value lies in its bytes. */
export interface LaidOutField {
  /** Path of the field, `trip.total_amount`; "" when the value is no record. */
  readonly field: string;
  /** Avro type: `int`, `float`, `union`, … */
  readonly type: string;
  /** What the bytes mean. */
  readonly value: unknown;
  /** First byte, counted in the payload. */
  readonly from: number;
  /** One past the last byte. */
  readonly to: number;
  /** The bytes themselves. */
  readonly bytes: Uint8Array;
}

/**
 * Tells which bytes of a payload hold which field: for drawing them over the hex.
 *
 * @example An int takes as many bytes as it needs, a float always four
 * ```ts
 * import assert from "node:assert/strict";
 * import { encodeBinary, layout, parseSchema } from "./mod.ts";
 * const schema = parseSchema({
 *   type: "record",
 *   name: "Ride",
 *   fields: [{ name: "vendorId", type: "int" }, { name: "trip_distance", type: "float" }],
 * });
 * const fields = layout(schema, encodeBinary(schema, { vendorId: 2, trip_distance: 0.5 }));
 * assert.deepEqual(fields.map(({ field, from, to }) => [field, from, to]), [["vendorId", 0, 1], ["trip_distance", 1, 5]]);
 * ```
 * @param payload Avro binary without the five bytes of the header.
 * @returns Fields in the order of the bytes; records inside records are opened, everything else is one piece.
 * @throws {SyntaxError} If the bytes are no such value.
 */
export function layout(schema: Schema, payload: Uint8Array): LaidOutField[] {
  const tap = new Tap(payload), found: LaidOutField[] = [];
  try {
    walk(typeOf(schema), "", { tap, found });
  } catch (cause) {
    throw unreadable(payload, cause);
  }
  return found;
}

function walk(
  type: AvscType,
  field: string,
  at: { readonly tap: Tap; readonly found: LaidOutField[] },
) {
  if (type.fields) {
    for (const one of type.fields) {
      walk(one.type, field === "" ? one.name : `${field}.${one.name}`, at);
    }
    return;
  }
  const { tap, found } = at, from = tap.pos;
  const value = type._read(tap), to = tap.pos;
  const name = type.typeName.replace(/^union:.*/, "union").replace(/^logical:/, "");
  found.push({ field, type: name, value, from, to, bytes: tap.buf.slice(from, to) });
}
