/** What a figure is in. Of records a second more is better, of everything else less. */
export type Unit = "records/s" | "ms" | "MB" | "CPU µs/record";

/** Ours beside one peer, measured in the same run. */
export interface Comparison {
  /** Name of the bench, as typed after `deno task bench`. */
  readonly bench: string;
  readonly peer: string;
  readonly unit: Unit;
  /** Medians over the rounds. */
  readonly ours: number;
  readonly theirs: number;
  /** Median of the rounds' own ratios; above 1 ours is better, whatever the unit. */
  readonly ratio: number;
  /** Least and most over the rounds. */
  readonly oursRange: readonly [number, number];
  readonly theirsRange: readonly [number, number];
  readonly ratioRange: readonly [number, number];
  readonly rounds: number;
  /** Whether the results of both were checked, in every round, and right. */
  readonly correct: boolean;
}

/** A peer that could not be measured, named with the reason. */
export interface Missing {
  readonly bench: string;
  readonly peer: string;
  readonly missing: string;
}

/** A figure of ours that no peer is measured beside. */
export interface Figure {
  readonly bench: string;
  readonly what: string;
  readonly unit: "ms" | "MB" | "%" | "nodes" | "kB/s";
  /** Median over the rounds. */
  readonly ours: number;
  readonly oursRange: readonly [number, number];
  readonly rounds: number;
}

/** What a bench has to say. */
export type Line = Comparison | Missing | Figure;

/** Sums up the rounds of a {@link Figure}. */
export function figure(
  { bench, what, unit = "ms" }: Pick<Figure, "bench" | "what"> & Partial<Pick<Figure, "unit">>,
  rounds: readonly number[],
): Figure {
  return {
    bench,
    what,
    unit,
    ours: threeDigits(quantile(rounds, 0.5)),
    oursRange: range(rounds),
    rounds: rounds.length,
  };
}

/**
 * Compares rounds pair by pair: a noisy moment hits both of a round, so ratios are taken inside a round.
 *
 * @param rounds One pair of figures a round.
 */
export function comparison(
  what: Pick<Comparison, "bench" | "peer" | "unit" | "correct">,
  rounds: readonly { readonly ours: number; readonly theirs: number }[],
): Comparison {
  const ours = rounds.map((round) => round.ours), theirs = rounds.map((round) => round.theirs);
  const ratios = rounds.map(({ ours, theirs }) =>
    what.unit === "records/s" ? ours / theirs : theirs / ours
  );
  return {
    bench: what.bench,
    peer: what.peer,
    unit: what.unit,
    ours: threeDigits(quantile(ours, 0.5)),
    theirs: threeDigits(quantile(theirs, 0.5)),
    ratio: threeDigits(quantile(ratios, 0.5)),
    oursRange: range(ours),
    theirsRange: range(theirs),
    ratioRange: range(ratios),
    rounds: rounds.length,
    correct: what.correct,
  };
}

/**
 * The value below which this share of all values lies; between two values, on the line between them.
 *
 * @param share From 0 (the least) to 1 (the most); 0.5 is the median.
 */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b), place = share * (sorted.length - 1);
  const below = sorted[Math.floor(place)]!, above = sorted[Math.ceil(place)]!;
  return below + (above - below) * (place % 1);
}

/** More digits than three were noise. */
function threeDigits(value: number): number {
  return value >= 100 ? Math.round(value) : Number(value.toPrecision(3));
}

function range(values: readonly number[]): readonly [number, number] {
  return [threeDigits(Math.min(...values)), threeDigits(Math.max(...values))];
}
