/** Ours beside one peer, measured in the same run. */
export interface Comparison {
  /** Name of the bench, as typed after `deno task bench`. */
  readonly bench: string;
  readonly peer: string;
  /** `records/s`: more is better. */
  readonly unit: string;
  /** Medians over the rounds. */
  readonly ours: number;
  readonly theirs: number;
  /** Median of the rounds' own ratios; above 1 ours is better. */
  readonly ratio: number;
  /** Least and most over the rounds. */
  readonly oursRange: readonly [number, number];
  readonly theirsRange: readonly [number, number];
  readonly ratioRange: readonly [number, number];
  readonly rounds: number;
  /** Whether the results of both were checked and equal. */
  readonly correct: boolean;
}

/** A peer that could not be measured, named with the reason. */
export interface Missing {
  readonly bench: string;
  readonly peer: string;
  readonly missing: string;
}

/** A time of ours that no peer is measured beside. */
export interface Figure {
  readonly bench: string;
  readonly what: string;
  readonly unit: "ms";
  /** Median over the rounds. */
  readonly ours: number;
  readonly oursRange: readonly [number, number];
  readonly rounds: number;
}

/** Sums up the rounds of a {@link Figure}. */
export function figure(bench: string, what: string, rounds: readonly number[]): Figure {
  return {
    bench,
    what,
    unit: "ms",
    ours: Math.round(median(rounds)),
    oursRange: [Math.min(...rounds), Math.max(...rounds)],
    rounds: rounds.length,
  };
}

/** One bench: yields a line for each peer, or figure. */
export interface Bench {
  readonly name: string;
  /** One sentence: what is measured. */
  readonly about: string;
  run(): AsyncIterable<Comparison | Missing | Figure>;
}

/**
 * Compares rounds pair by pair: a noisy moment hits both of a round, so ratios are taken inside a round.
 *
 * @param rounds One pair of figures a round, more is better.
 */
export function comparison(
  what: Pick<Comparison, "bench" | "peer" | "unit" | "correct">,
  rounds: readonly { readonly ours: number; readonly theirs: number }[],
): Comparison {
  const ours = rounds.map((round) => round.ours), theirs = rounds.map((round) => round.theirs);
  const ratios = rounds.map((round) => round.ours / round.theirs);
  return {
    bench: what.bench,
    peer: what.peer,
    unit: what.unit,
    ours: Math.round(median(ours)),
    theirs: Math.round(median(theirs)),
    ratio: hundredths(median(ratios)),
    oursRange: [Math.round(Math.min(...ours)), Math.round(Math.max(...ours))],
    theirsRange: [Math.round(Math.min(...theirs)), Math.round(Math.max(...theirs))],
    ratioRange: [hundredths(Math.min(...ratios)), hundredths(Math.max(...ratios))],
    rounds: rounds.length,
    correct: what.correct,
  };
}

/** One line for people. */
export function comparisonLine(line: Comparison | Missing | Figure): string {
  if ("what" in line) {
    const [least, most] = line.oursRange;
    return `${
      line.bench.padEnd(12)
    } ${line.ours} ms (${least}–${most}), ${line.what}, ${line.rounds} rounds`;
  }
  if ("missing" in line) return `${line.bench}  ${line.peer}: missing, ${line.missing}`;
  const figure = (value: number) => value.toLocaleString("en-US");
  const range = ([least, most]: readonly [number, number]) => `${figure(least)}–${figure(most)}`;
  const verdict = line.correct ? "" : "  WRONG RESULTS";
  return `${line.bench.padEnd(12)} ${line.ratio.toFixed(2)} × ${line.peer} (${
    range(line.ratioRange)
  })  ` +
    `ours ${figure(line.ours)} (${range(line.oursRange)}), theirs ${figure(line.theirs)} ` +
    `(${range(line.theirsRange)}) ${line.unit}, ${line.rounds} rounds${verdict}`;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b), middle = sorted.length / 2;
  return sorted.length % 2 === 1
    ? sorted[Math.floor(middle)]!
    : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

function hundredths(value: number): number {
  return Math.round(value * 100) / 100;
}
