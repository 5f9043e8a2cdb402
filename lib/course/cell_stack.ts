import { fileURLToPath } from "node:url";

/** One place of a stack, as far as it is looked at here. */
export interface Frame {
  /** Path of the file; empty in a cell. */
  getFileName(): string | null | undefined;
  /** As it stands in a stack: `f (path:1:2)`. */
  toString(): string;
}

const CHECKOUT = fileURLToPath(new URL("../../", import.meta.url));

/**
 * Makes every stack in this kernel tell the learner's own lines only.
 *
 * A stack through a library's files and the runtime's loop hides the one line that the learner can mend.
 */
export function trimStacks(): void {
  Object.assign(Error, {
    prepareStackTrace: (error: unknown, frames: readonly Frame[]) => cellStack(`${error}`, frames),
  });
}

/**
 * The error's words, and below them the places in cells; where there are none, those in this checkout.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { cellStack } from "./cell_stack.ts";
 * const frame = (file: string, words: string) => ({ getFileName: () => file, toString: () => words });
 * const frames = [frame("ext:core/01_core.js", "runMicrotasks"), frame("", "<anonymous>:2:15")];
 * assert.equal(cellStack("Error: no", frames), "Error: no\n    at <anonymous>:2:15");
 * ```
 */
export function cellStack(words: string, frames: readonly Frame[]): string {
  const inCells = frames.filter((frame) => frame.getFileName() === "");
  const shown = inCells.length > 0
    ? inCells
    : frames.filter((frame) => frame.getFileName()?.startsWith(CHECKOUT));
  return [words, ...shown.map((frame) => `    at ${frame}`)].join("\n");
}
