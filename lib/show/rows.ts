/** A row as a table or chart reads it. */
export type RowOfCells = Readonly<Record<string, unknown>>;

/**
 * The rows that a cell hands over, of whatever shape: cells are not type-checked when they run.
 *
 * A Map gives rows of `key` and `value`, a list of plain values rows of `value`; null is a row without anything.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { rowsOf } from "./rows.ts";
 * assert.deepEqual(rowsOf(new Map([["1", 12]]), "a table"), [{ key: "1", value: 12 }]);
 * assert.throws(() => rowsOf(Promise.resolve([]), "a table"), /it got a promise/);
 * ```
 * @param what What is drawn, to stand after "Cannot draw".
 * @throws {TypeError} If there is nothing to go through.
 */
export function rowsOf(given: unknown, what: string): readonly RowOfCells[] {
  if (given instanceof Map) return [...given].map(([key, value]) => ({ key, value }));
  if (typeof given === "string" || !isIterable(given)) {
    throw new TypeError(`Cannot draw ${what}: ${notRows(given)}`);
  }
  return (Array.isArray(given) ? given : [...given]).map((row: unknown) =>
    row === null || row === undefined
      ? {}
      : typeof row === "object"
      ? row as RowOfCells
      : { value: row }
  );
}

function isIterable(value: unknown): value is Iterable<unknown> {
  return typeof value === "object" && value !== null && Symbol.iterator in value;
}

function notRows(given: unknown): string {
  if (given === null || given === undefined) return `it got ${given} (give it a list of rows)`;
  if (typeof given !== "object") return `it got a ${typeof given} (give it a list of rows)`;
  if ("then" in given) return "it got a promise (await it first)";
  if (Symbol.asyncIterator in given) {
    return "it got something to wait for (collect it first: await Array.fromAsync(…))";
  }
  return "it got one object (give it a list of rows)";
}
