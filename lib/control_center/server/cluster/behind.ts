import type { Behind } from "../../contract.ts";

/**
 * How long a group is behind: how long ago its topics ended where it stands now, by a straight line between samples.
 *
 * @param atMs When each sample was taken, oldest first; the last is now.
 * @param ends Sum of the end offsets at each of them; null where it is not known.
 * @param lag Records that the group has not committed.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { behind } from "./behind.ts";
 * // A hundred records every ten seconds, and 150 wait: half of what came between 0 s and 10 s, and all since.
 * assert.deepEqual(behind([0, 10_000, 20_000], [0, 100, 200], 150), { ms: 15_000, orMore: false });
 * assert.deepEqual(behind([0, 10_000], [100, 200], 150), { ms: 10_000, orMore: true });
 * ```
 */
export function behind(
  atMs: readonly number[],
  ends: readonly (number | null)[],
  lag: number,
): Behind | null {
  const now = atMs.at(-1), end = ends.at(-1) ?? null;
  if (now === undefined || end === null) return null;
  if (lag <= 0) return { ms: 0, orMore: false };
  const target = end - lag;
  let after = { ms: now, end };
  for (let at = atMs.length - 2; at >= 0; at--) {
    const before = ends[at] ?? null;
    // A topic that was deleted and made again has another past.
    if (before === null || before > after.end) break;
    if (before <= target) {
      const share = (target - before) / Math.max(1, after.end - before);
      const ms = atMs[at]! + share * (after.ms - atMs[at]!);
      return { ms: Math.round(now - ms), orMore: false };
    }
    after = { ms: atMs[at]!, end: before };
  }
  return { ms: now - after.ms, orMore: true };
}
