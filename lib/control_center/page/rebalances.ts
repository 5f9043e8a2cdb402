import type { GroupHistory, Holding } from "../contract.ts";

/** Partitions that went from one member to another at about the same time. */
export interface Rebalance {
  /** When the last of them had an owner again. */
  readonly atMs: number;
  readonly partitions: readonly string[];
  /** What made it: members that came, or went. */
  readonly why: string;
  /** The longest time that one of them had no owner, as often as the server looks: once a second, or every five. */
  readonly stillMs: number;
  /** Records that waited in them at the next sample; null where there is none. */
  readonly waited: number | null;
}

/** Moves that are not further apart belong to one rebalance. */
const TOGETHER_MS = 3_000;
const MOST = 8;

/**
 * What each rebalance of a group cost, the newest first.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { rebalances } from "./rebalances.ts";
 * const holding = (member: string, from: number, to: number) => ({ partition: "t-0", member, from, to });
 * const [one] = rebalances({
 *   holdings: [holding("a", 0, 10_000), holding("b", 16_000, 20_000)],
 *   samples: [{ atMs: 17_000, lags: { "t-0": 31 }, committed: {} }],
 * });
 * assert.deepEqual([one?.why, one?.stillMs, one?.waited], ["b joined, a left", 6_000, 31]);
 * ```
 */
export function rebalances({ holdings, samples }: GroupHistory): readonly Rebalance[] {
  const moves = [...Map.groupBy(holdings, ({ partition }) => partition).values()].flatMap((own) => {
    const inOrder = own.toSorted((a, b) => a.from - b.from);
    return inOrder.flatMap((to, at) => {
      const from = inOrder[at - 1];
      return from && from.member !== to.member ? [{ from, to }] : [];
    });
  }).sort((a, b) => a.to.from - b.to.from);
  const groups: (typeof moves)[] = [];
  for (const move of moves) {
    const last = groups.at(-1)?.at(-1);
    if (last && move.to.from - last.to.from <= TOGETHER_MS) groups.at(-1)!.push(move);
    else groups.push([move]);
  }
  return groups.slice(-MOST).reverse().map((group) => {
    const atMs = Math.max(...group.map(({ to }) => to.from));
    const partitions = group.map(({ to }) => to.partition);
    const sample = samples.find((one) => one.atMs >= atMs);
    const lags = partitions.flatMap((one) => sample?.lags[one] ?? []);
    return {
      atMs,
      partitions,
      why: whyOf(group, holdings),
      stillMs: Math.max(...group.map(({ from, to }) => to.from - from.to)),
      waited: sample && lags.length > 0 ? lags.reduce((sum, lag) => sum + lag, 0) : null,
    };
  });
}

function whyOf(
  moves: readonly { readonly from: Holding; readonly to: Holding }[],
  holdings: readonly Holding[],
): string {
  const began = Math.min(...moves.map(({ to }) => to.from));
  const joined = moves.map(({ to }) => to.member).filter((member) =>
    !holdings.some((one) => one.member === member && one.from < began - TOGETHER_MS)
  );
  const left = moves.map(({ from }) => from.member).filter((member) =>
    !holdings.some((one) => one.member === member && one.to >= began)
  );
  const words = (members: readonly string[], verb: string) =>
    [...new Set(members)].map((member) => `${member} ${verb}`);
  return [...words(joined, "joined"), ...words(left, "left")].join(", ") || "shared out again";
}
