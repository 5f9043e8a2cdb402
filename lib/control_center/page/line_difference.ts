/** A line of one text, of the other, or of both. */
export interface DiffLine {
  readonly sign: "+" | "−" | " ";
  readonly text: string;
}

/** Lines of both texts that stand around each change. */
const CONTEXT = 2;
/** Larger texts are compared line by line without looking for what moved. */
const MOST = 2_000;

/**
 * What a later text changes, line by line, with the lines around it; a comma at a line's end does not count.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { lineDifference } from "./line_difference.ts";
 * const { lines, isReordered } = lineDifference("a,\nb", "b,\na");
 * assert.deepEqual(lines.map(({ sign, text }) => `${sign}${text}`), ["−a", " b", "+a"]);
 * assert.equal(isReordered, true);
 * ```
 */
export function lineDifference(
  before: string,
  after: string,
): { readonly lines: readonly DiffLine[]; readonly isReordered: boolean } {
  const lines = (text: string) => text.split("\n").map((line) => line.replace(/,$/, ""));
  const old = lines(before), fresh = lines(after);
  const all = old.length + fresh.length > MOST
    ? [
      ...old.map((text) => ({ sign: "−" as const, text })),
      ...fresh.map((text) => ({ sign: "+" as const, text })),
    ]
    : merged(old, fresh);
  const near = all.map((_, at) =>
    all.slice(Math.max(0, at - CONTEXT), at + CONTEXT + 1).some(({ sign }) => sign !== " ")
  );
  const isSame = (a: readonly string[], b: readonly string[]) => a.join("\n") === b.join("\n");
  return {
    lines: all.filter((_, at) => near[at]),
    isReordered: !isSame(old, fresh) && isSame(old.toSorted(), fresh.toSorted()),
  };
}

/** Along the longest common subsequence. */
function merged(old: readonly string[], fresh: readonly string[]): DiffLine[] {
  const length = Array.from({ length: old.length + 1 }, () => new Uint16Array(fresh.length + 1));
  for (let a = old.length - 1; a >= 0; a--) {
    for (let b = fresh.length - 1; b >= 0; b--) {
      length[a]![b] = old[a] === fresh[b]
        ? length[a + 1]![b + 1]! + 1
        : Math.max(length[a + 1]![b]!, length[a]![b + 1]!);
    }
  }
  const found: DiffLine[] = [];
  let a = 0, b = 0;
  while (a < old.length || b < fresh.length) {
    if (a < old.length && b < fresh.length && old[a] === fresh[b]) {
      found.push({ sign: " ", text: old[a++]! });
      b++;
    } else if (a < old.length && (b === fresh.length || length[a + 1]![b]! >= length[a]![b + 1]!)) {
      found.push({ sign: "−", text: old[a++]! });
    } else found.push({ sign: "+", text: fresh[b++]! });
  }
  return found;
}
