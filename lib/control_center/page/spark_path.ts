/**
 * A line over numbers as an SVG path, the largest at the top and 0 at the bottom; unknown values leave a gap.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { sparkPath } from "./spark_path.ts";
 * assert.equal(sparkPath([0, 2, null, 1], { wide: 30, high: 10 }), "M0,10L10,0M30,5h1");
 * ```
 */
export function sparkPath(
  numbers: readonly (number | null)[],
  { wide, high }: { readonly wide: number; readonly high: number },
): string {
  const most = Math.max(1e-9, ...numbers.map((one) => one ?? 0));
  const place = (number: number, at: number) =>
    `${round(at * wide / Math.max(1, numbers.length - 1))},${round(high * (1 - number / most))}`;
  return numbers.map((number, at) => {
    if (number === null) return "";
    const before = numbers[at - 1] ?? null, after = numbers[at + 1] ?? null;
    const line = `${before === null ? "M" : "L"}${place(number, at)}`;
    // One number between two gaps would be a line of no length.
    return before === null && after === null ? `${line}h1` : line;
  }).join("");
}

const round = (number: number) => Math.round(number * 10) / 10;
