/**
 * Count and reduce as aggregations.
 *
 * @module
 */
import type { Aggregation } from "../../operators/aggregate.ts";

/** Counts; takes back; merges. */
export const COUNT = {
  init: () => 0,
  add: (count: number) => count + 1,
  subtract: (count: number) => count - 1,
  merge: (left: number, right: number) => left + right,
};

/** A reducer as an aggregation: null begins, and the first value is the first result. */
export function reducing<K, V>(reducer: (aggregate: V, value: V) => V | null) {
  return {
    init: () => null,
    add: (aggregate: V, value: V) => aggregate === null ? value : reducer(aggregate, value),
    merge: (left: V, right: V) => left === null ? right : reducer(left, right) as V,
  } satisfies Aggregation<K, V, V>;
}
