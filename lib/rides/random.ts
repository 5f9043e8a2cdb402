/** Numbers that look random and are the same on every machine, each from 0 (inclusive) to 1 (exclusive). */
export type Random = () => number;

/** A point of a distribution: so much of it lies at or below `value`. */
export type Quantile = readonly [share: number, value: number];

/**
 * Makes a source of numbers from a seed: a 32-bit counter whose bits are stirred (Mulberry32).
 *
 * @param seed Any whole number; the same seed gives the same numbers.
 */
export function seeded(seed: number): Random {
  let counter = seed | 0;
  return () => {
    counter = counter + 0x6d2b79f5 | 0;
    let bits = Math.imul(counter ^ counter >>> 15, counter | 1);
    bits = bits + Math.imul(bits ^ bits >>> 7, bits | 61) ^ bits;
    return ((bits ^ bits >>> 14) >>> 0) / 2 ** 32;
  };
}

/**
 * Draws from a distribution given by quantiles, straight lines between them.
 *
 * Quantiles instead of a formula: only sums and products, so every machine draws the same to the bit.
 *
 * @param quantiles From share 0 to share 1, both included, rising.
 */
export function drawFrom(quantiles: readonly Quantile[], random: Random): number {
  const share = random();
  const above = quantiles.findIndex(([at]) => at > share);
  const [lowShare, low] = quantiles[above - 1]!;
  const [highShare, high] = quantiles[above]!;
  return low + (high - low) * (share - lowShare) / (highShare - lowShare);
}

/** Picks one of some values by their weights, which need not add up to 1. */
export function pickFrom<T>(weighted: readonly (readonly [T, number])[], random: Random): T {
  let left = random() * weighted.reduce((sum, [, weight]) => sum + weight, 0);
  for (const [value, weight] of weighted) {
    left -= weight;
    if (left < 0) return value;
  }
  return weighted.at(-1)![0];
}
