import { type GroupHistory, HISTORY_MS, type RateHistory } from "../contract.ts";

/** What is remembered by name, one number for each moment. */
type Named = Readonly<Record<string, readonly (number | null)[]>>;

/**
 * What was known and what was sampled since; what is too old is forgotten.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { joined } from "./join_history.ts";
 * const at = (atMs: number[], rates: Record<string, number[]>) =>
 *   ({ atMs, rates, lags: {}, leads: {}, stored: {}, behind: {} });
 * // "b" is new, "a" is gone.
 * assert.deepEqual(joined(at([5], { a: [1] }), at([10], { b: [2] })), {
 *   ...at([5, 10], {}),
 *   rates: { a: [1, null], b: [null, 2] },
 * });
 * ```
 */
export function joined(old: RateHistory, fresh: RateHistory): RateHistory {
  const atMs = [...old.atMs, ...fresh.atMs];
  const from = Math.max(0, atMs.findIndex((ms) => ms > (atMs.at(-1) ?? 0) - HISTORY_MS));
  const named = (of: "rates" | "lags" | "leads" | "stored"): Named => {
    const none = (count: number) => Array.from({ length: count }, () => null);
    const names = new Set([...Object.keys(old[of]), ...Object.keys(fresh[of])]);
    return Object.fromEntries(
      [...names].map((name) => {
        const before = old[of][name] ?? none(old.atMs.length);
        return [name, [...before, ...fresh[of][name] ?? none(fresh.atMs.length)].slice(from)];
      }),
    );
  };
  return {
    atMs: atMs.slice(from),
    ...{ rates: named("rates"), lags: named("lags") },
    ...{ leads: named("leads"), stored: named("stored"), behind: fresh.behind },
  };
}

/**
 * The same of one group. Who holds something goes on holding it: the newest word about a partition counts.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { joinedHistory } from "./join_history.ts";
 * const holding = (from: number, to: number) => ({ partition: "t-0", member: "a", from, to });
 * const old = { samples: [], holdings: [holding(0, 5), holding(7, 8)] };
 * const { holdings } = joinedHistory(old, { samples: [], holdings: [holding(7, 9)] });
 * assert.deepEqual(holdings, [holding(0, 5), holding(7, 9)]);
 * ```
 */
export function joinedHistory(old: GroupHistory, fresh: GroupHistory): GroupHistory {
  const samples = [...old.samples, ...fresh.samples];
  const holdings = new Map(
    [...old.holdings, ...fresh.holdings].map((one) => [`${one.partition} ${one.from}`, one]),
  );
  const since = Math.max(0, ...fresh.holdings.map(({ to }) => to), samples.at(-1)?.atMs ?? 0) -
    HISTORY_MS;
  return {
    samples: samples.filter(({ atMs }) => atMs > since),
    holdings: [...holdings.values()].filter(({ to }) => to > since),
  };
}
