/**
 * A program of the tests in a process of its own.
 *
 * @module
 */

import { fileURLToPath } from "node:url";

/** How it ended. */
export interface Finished {
  readonly code: number;
  /** What it printed, stdout before stderr, without empty lines. */
  readonly lines: readonly string[];
}

/** A script that takes longer stands still: it is told to end, and the row sees another exit code than it expects. */
const LONGEST_MS = 180_000;

/** Runs a script beside this file to its end. */
export async function runScript(
  script: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<Finished> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", fileURLToPath(new URL(script, import.meta.url)), ...args],
    env: { ...env, NO_COLOR: "1" },
    stdin: "null",
    signal: AbortSignal.timeout(LONGEST_MS),
  }).output();
  const text = (output: Uint8Array) => new TextDecoder().decode(output).split("\n");
  return { code, lines: [...text(stdout), ...text(stderr)].filter((line) => line !== "") };
}
