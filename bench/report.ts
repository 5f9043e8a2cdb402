import type { Comparison, Line } from "./comparison.ts";

/** One line for people. */
export function sentence(line: Line): string {
  const bench = line.bench.padEnd(15);
  if ("missing" in line) return `${bench} ${line.peer}: missing, ${line.missing}`;
  if ("what" in line) {
    return `${bench} ${number(line.ours)} ${line.unit} (${span(line.oursRange)}), ${line.what}, ` +
      `${line.rounds} rounds`;
  }
  return `${bench} ${line.ratio.toFixed(2)} × ${line.peer} (${span(line.ratioRange)})  ` +
    `ours ${number(line.ours)} (${span(line.oursRange)}), ` +
    `theirs ${number(line.theirs)} (${span(line.theirsRange)}) ${line.unit}, ` +
    `${line.rounds} rounds${line.correct ? "" : "  WRONG RESULTS"}`;
}

/** The lines as a table in Markdown, in their order. */
export function table(lines: readonly Line[]): string {
  const rows = lines.map((line) => {
    if ("missing" in line) return [line.bench, line.peer, "missing", line.missing, "", ""];
    if ("what" in line) {
      return [line.bench, line.what, "", `${number(line.ours)} ${line.unit}`, "", `${line.rounds}`];
    }
    return [line.bench, line.peer, ...figures(line)];
  });
  const head = ["bench", "against", "ratio", "ours", "theirs", "rounds"];
  return [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`)
    .join("\n");
}

function figures(line: Comparison): string[] {
  return [
    `${line.ratio.toFixed(2)} (${span(line.ratioRange)})${line.correct ? "" : " WRONG RESULTS"}`,
    `${number(line.ours)} ${line.unit}`,
    `${number(line.theirs)} ${line.unit}`,
    `${line.rounds}`,
  ];
}

function number(value: number): string {
  return value.toLocaleString("en-US");
}

function span([least, most]: readonly [number, number]): string {
  return `${number(least)}–${number(most)}`;
}
