import { type Picture, type StepsOptions, stepsView } from "../show/mod.ts";
import { type DebugInput, type DebugOptions, debugSteps } from "../streams/driver/mod.ts";

/** How to run the program, and how to draw its steps. */
export interface DebuggerOptions extends DebugOptions, StepsOptions {}

/**
 * Steps through a program below the cell: `await show(debuggerOf(app, records))`.
 *
 * The program runs once, in memory; its steps are drawn, and going forward and back asks no kernel.
 *
 * @param source An application
 * @param records Records with their topics, in the order in which they come; `{ advanceMs }` moves the wall clock
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { app, json, string, topic } from "lib/streams/mod.ts";
 * import { debuggerOf } from "./debugger_of.ts";
 * const fares = topic("fares", { key: string, value: json<number>(), nullable: false });
 * const dear = app("dear");
 * dear.stream(fares).filter((fare) => fare >= 40).to("dear-fares");
 * const { text } = await debuggerOf(dear, [{ topic: fares, key: "a", value: 7, timestamp: 0 }]);
 * assert.match(text, /filter drops it: filtered/);
 * ```
 */
export async function debuggerOf(
  source: Parameters<typeof debugSteps>[0],
  records: Iterable<DebugInput>,
  options: DebuggerOptions = {},
): Promise<Picture> {
  return stepsView(await debugSteps(source, records, options), options);
}
