/**
 * Values of scenarios: JSON, looked at by field.
 *
 * @module
 */
import type { Where } from "./scenario.ts";

/** Any JSON value. */
// deno-lint-ignore no-explicit-any
export type Value = any;

/** A field of an object; null where there is none. */
export function fieldOf(value: Value, field: string): Value {
  return value === null || typeof value !== "object" ? null : value[field] ?? null;
}

/** A field as a key. */
export function keyOf(value: Value, field: string): string | null {
  const found = fieldOf(value, field);
  return found === null ? null : typeof found === "object" ? JSON.stringify(found) : String(found);
}

/** A field as a number; 0 where there is none. */
export function numberOf(value: Value, field: string | undefined): number {
  return Number(field === undefined ? value ?? 0 : fieldOf(value, field) ?? 0);
}

/** Whether a value fits; without a question everything does. */
export function holds(where: Where | undefined, value: Value): boolean {
  if (!where) return true;
  const found = fieldOf(value, where.field);
  if (found === null) return false;
  if (where.lt !== undefined) return found < where.lt;
  if (where.gte !== undefined) return found >= where.gte;
  return found === where.eq || String(found) === String(where.eq);
}
