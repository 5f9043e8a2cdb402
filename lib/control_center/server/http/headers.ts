/**
 * Reads headers of a record as a page writes them: lines of `name: text`; empty ones do not count.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { readHeaders } from "./headers.ts";
 * assert.deepEqual(readHeaders(" retry : 1\n\nplace: a: b"), [["retry", "1"], ["place", "a: b"]]);
 * assert.throws(() => readHeaders("no colon"), /write it as name: text/);
 * ```
 * @throws {SyntaxError} If a line has no name and colon.
 */
export function readHeaders(text: string): [name: string, text: string][] {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  return lines.map((line) => {
    const colon = line.indexOf(":"), name = line.slice(0, Math.max(0, colon)).trim();
    if (name !== "") return [name, line.slice(colon + 1).replace(/^ /, "")];
    throw new SyntaxError(`Cannot send the header "${line.slice(0, 80)}": write it as name: text`);
  });
}
