import type { RawRecord } from "../../../kafka/mod.ts";
import { readBySchema, type SchemaReader } from "./payload.ts";

const COMPARISONS = ["=", "!=", "<", ">", "<=", ">="] as const;

/** A condition on one field of a record's value; `key.…` is a field of its key. */
export interface FieldFilter {
  readonly path: readonly string[];
  readonly comparison: typeof COMPARISONS[number];
  readonly wanted: string;
}

/**
 * Reads `field = value`; undefined where a text is none.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { fieldFilter } from "./field_filter.ts";
 * assert.deepEqual(fieldFilter("ride.amount >= 12.5"), { path: ["ride", "amount"], comparison: ">=", wanted: "12.5" });
 * assert.equal(fieldFilter("to the airport"), undefined);
 * ```
 */
export function fieldFilter(text: string): FieldFilter | undefined {
  const [, path, comparison, wanted] =
    text.match(/^\s*([\p{L}_][\p{L}\p{N}_.-]*)\s*(!=|<=|>=|=|<|>)\s*(.+?)\s*$/u) ?? [];
  if (path === undefined || wanted === undefined) return undefined;
  return {
    path: path.split("."),
    comparison: COMPARISONS.find((one) => one === comparison)!,
    wanted: wanted.match(/^"(.*)"$/)?.[1] ?? wanted,
  };
}

/**
 * Whether a field of a value is as wanted: numbers are compared as numbers, everything else as text, in any case.
 * A value without the field never is.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { fieldFilter, fieldMatches } from "./field_filter.ts";
 * const value = { vendorId: 2, ride: { amount: 9.5 } };
 * assert.equal(fieldMatches(value, fieldFilter("vendorId = 2.0")!), true);
 * assert.equal(fieldMatches(value, fieldFilter("ride.amount > 10")!), false);
 * assert.equal(fieldMatches(value, fieldFilter("tip != 1")!), false);
 * ```
 */
export function fieldMatches(
  value: unknown,
  { path, comparison, wanted }: FieldFilter,
): boolean {
  let found = value;
  for (const name of path) {
    if (typeof found !== "object" || found === null || !Object.hasOwn(found, name)) return false;
    found = (found as Record<string, unknown>)[name];
  }
  const text = typeof found === "object" ? JSON.stringify(found) : String(found);
  const order = orderOf(text, wanted);
  if (comparison === "=") return order === 0;
  if (comparison === "!=") return order !== 0;
  if (comparison.endsWith("=") && order === 0) return true;
  return comparison.startsWith("<") ? order < 0 : order > 0;
}

/** Below 0 where the first comes first. */
function orderOf(text: string, wanted: string): number {
  const a = Number(text), b = Number(wanted);
  if (text !== "" && !Number.isNaN(a) && !Number.isNaN(b)) return a - b;
  const low = text.toLowerCase(), other = wanted.toLowerCase();
  return low === other ? 0 : low < other ? -1 : 1;
}

/** Whether a record's value, or its key, is as wanted. */
export async function recordMatches(
  { key, value }: RawRecord,
  filter: FieldFilter,
  options: { readonly bySchema?: SchemaReader } = {},
): Promise<boolean> {
  if (fieldMatches(await decoded(value, options), filter)) return true;
  return filter.path[0] === "key" && fieldMatches({ key: await decoded(key, options) }, filter);
}

/** What its schema or JSON says; undefined for other bytes. */
async function decoded(
  bytes: Uint8Array | null,
  options: { readonly bySchema?: SchemaReader },
): Promise<unknown> {
  if (bytes === null) return null;
  const read = await readBySchema(bytes, options);
  if (read && "value" in read) return read.value;
  try {
    return JSON.parse(new TextDecoder().decode(read && "body" in read ? read.body : bytes));
  } catch {
    return undefined;
  }
}
