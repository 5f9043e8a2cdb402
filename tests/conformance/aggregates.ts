/**
 * Count, sum, max and min of scenarios, on whatever can be aggregated.
 *
 * @module
 */
import { GroupedStream } from "../../lib/streams/dsl/grouped_stream.ts";
import { GroupedTable } from "../../lib/streams/dsl/grouped_table.ts";
import type { Table } from "../../lib/streams/dsl/table.ts";
import { SessionWindowed, TimeWindowed } from "../../lib/streams/dsl/windowed_stream.ts";
import type { Made } from "./build.ts";
import type { Step } from "./scenario.ts";
import { numberOf, type Value } from "./values.ts";

/** The result table of an aggregating step; undefined when the step is no such thing. */
export function aggregate(of: Made, step: Step): Table<string, Value> | undefined {
  const { op, field, id = op } = step;
  const counting = op === "count";
  const aggregation = counting ? undefined : aggregationOf(op, field);
  if (!counting && !aggregation) return undefined;
  const { emit = "update", retention } = step;
  const kept = { emit, ...(retention === undefined ? {} : { retentionMs: retention }) } as const;
  if (of instanceof GroupedStream || of instanceof GroupedTable) {
    return counting ? of.count(id) : of.aggregate(id, aggregation!);
  }
  if (of instanceof TimeWindowed || of instanceof SessionWindowed) {
    const table = counting ? of.count(id, kept) : of.aggregate<Value>(id, aggregation!, kept);
    return table as unknown as Table<string, Value>;
  }
  return undefined;
}

/** How an operation adds, takes back and joins results; undefined when it is no such thing. */
export function aggregationOf(op: string, field: string | undefined) {
  const number = (value: Value) => numberOf(value, field);
  if (op === "sum" || op === "fives") {
    // "fives" is a sum that deletes its row at every multiple of five.
    const result = (sum: number) => op === "fives" && sum % 5 === 0 ? null : sum;
    return {
      init: () => 0,
      add: (sum: Value, value: Value) => result((sum ?? 0) + number(value)),
      subtract: (sum: Value, value: Value) => (sum ?? 0) - number(value),
      merge: (left: Value, right: Value) => (left ?? 0) + (right ?? 0),
    };
  }
  const choose = op === "max" ? Math.max : op === "min" ? Math.min : undefined;
  if (!choose) return undefined;
  const best = (left: Value, right: Value) =>
    left === null ? right : right === null ? left : choose(left, right);
  return {
    init: () => null,
    add: (aggregate: Value, value: Value) => best(aggregate, number(value)),
    subtract: (aggregate: Value) => aggregate,
    merge: best,
  };
}
