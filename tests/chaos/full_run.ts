/**
 * What all rounds of a row come to together: enough of everything that the row promises to do.
 *
 * @module
 */
import type { Judgement } from "./judge.ts";
import type { Row } from "./row.ts";

/**
 * Adds up the figures that a row promises sums of; undefined where it promises none.
 *
 * Too little is a failure of a full run only: fewer rounds are allowed to do less.
 */
export function judgeSum(row: Row, judgements: readonly Judgement[]): Judgement | undefined {
  const first = judgements[0];
  if (row.inAll === undefined || first === undefined) return undefined;
  const sums = Object.keys(row.inAll).map((figure) => {
    const values = judgements.map(({ figures }) => Number(figures[figure] ?? 0));
    return [figure, values.reduce((sum, value) => sum + value, 0)] as const;
  });
  const found = first.rounds < row.rounds ? [] : sums.flatMap(([figure, sum]) => {
    const wanted = row.inAll![figure]!;
    return sum >= wanted ? [] : [`too little: ${figure} ${sum}, not ${wanted}`];
  });
  return {
    ...first,
    ...{ round: "in all", passed: found.length === 0, found, figures: Object.fromEntries(sums) },
    seconds: judgements.reduce((sum, { seconds }) => sum + seconds, 0),
  };
}
