/**
 * Values of scenarios: JSON, looked at by field.
 *
 * @module
 */
import { decodeText } from "../../lib/serde/mod.ts";
import type { StreamRecord } from "../../lib/streams/mod.ts";
import type { Where } from "./scenario.ts";

/** Any JSON value. */
// deno-lint-ignore no-explicit-any
export type Value = any;

/** A field of an object, or of the left or right side that a join made; null where there is none. */
export function fieldOf(value: Value, field: string): Value {
  if (value === null || typeof value !== "object") return null;
  return value[field] ?? fieldOf(value.left ?? null, field) ?? fieldOf(value.right ?? null, field);
}

/** A field as a key. */
export function keyOf(value: Value, field: string): string | null {
  const found = fieldOf(value, field);
  return found === null ? null : typeof found === "object" ? JSON.stringify(found) : String(found);
}

/** A field as a number; 0 where there is none. */
export function numberOf(value: Value, field: string | undefined): number {
  const bare = field === undefined || typeof value === "number";
  return Number(bare ? value ?? 0 : fieldOf(value, field) ?? 0);
}

/** Whether a value fits; without a question everything does. */
export function holds(where: Where | undefined, value: Value): boolean {
  if (!where) return true;
  const bare = typeof value === "number" && where.eq === undefined;
  const found = bare ? value : fieldOf(value, where.field);
  if (found === null) return false;
  if (where.lt !== undefined) return found < where.lt;
  if (where.gte !== undefined) return found >= where.gte;
  return found === where.eq || String(found) === String(where.eq);
}

/** The value, and what the record that it came with says: its time, its headers, whether it was looked up. */
export function stamped(
  value: Value,
  { timestamp, offset, headers = [] }: Pick<
    StreamRecord<unknown, unknown>,
    "timestamp" | "offset" | "headers"
  >,
): Value {
  if (value === null) return null;
  const whole = typeof value === "object" && !Array.isArray(value) ? value : { amount: value };
  const said = headers.map(([, text]) => text === null ? "" : decodeText(text)).join("");
  return { ...whole, time: timestamp, looked: offset < 0, said };
}
