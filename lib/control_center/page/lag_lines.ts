import type { LagSample } from "../contract.ts";

/** A line of the lag chart. */
export interface LagLineOf {
  readonly name: string;
  readonly points: readonly { readonly atMs: number; readonly lag: number }[];
  /** Null where the newest look does not know. */
  readonly now: number | null;
}

/** Partitions that have a line each; of more, the sum and the worst are drawn. */
const EACH = 6;

/**
 * The lines of a group's lag: each partition, or the sum and the five that are furthest behind.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { linesOf } from "./lag_lines.ts";
 * const { lines } = linesOf([{ atMs: 0, lags: { "t-10": 1, "t-9": 2 }, committed: {} }]);
 * assert.deepEqual(lines.map(({ name, now }) => [name, now]), [["t-9", 2], ["t-10", 1]]);
 * ```
 */
export function linesOf(
  samples: readonly LagSample[],
): { readonly lines: readonly LagLineOf[]; readonly others: number } {
  const newest = samples.at(-1)?.lags ?? {};
  const collator = new Intl.Collator("en", { numeric: true });
  const names = [...new Set(samples.flatMap(({ lags }) => Object.keys(lags)))].sort(
    collator.compare,
  );
  const line = (name: string): LagLineOf => ({
    name,
    points: samples.flatMap(({ atMs, lags }) =>
      lags[name] === undefined ? [] : [{ atMs, lag: lags[name] }]
    ),
    now: newest[name] ?? null,
  });
  if (names.length <= EACH) return { lines: names.map(line), others: 0 };
  const sum = (lags: LagSample["lags"]) => Object.values(lags).reduce((all, one) => all + one, 0);
  const worst = names.toSorted((a, b) => (newest[b] ?? 0) - (newest[a] ?? 0)).slice(0, EACH - 1);
  const all: LagLineOf = {
    name: "all together",
    points: samples.map(({ atMs, lags }) => ({ atMs, lag: sum(lags) })),
    now: sum(newest),
  };
  return { lines: [all, ...worst.map(line)], others: names.length - worst.length };
}
