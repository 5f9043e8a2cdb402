/**
 * What a task says while it works: lines for people on stderr, or JSON lines on stdout with `--json`.
 *
 * @module
 */

/** A line or a bar. */
export interface Said {
  readonly text: string;
  /** 0 to 1, where a bar makes sense. */
  readonly fraction?: number;
}

const BAR = 30;

/**
 * Draws a bar.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { bar } from "./_progress.ts";
 * assert.equal(bar({ text: "Downloading", fraction: 0.5 }), "Downloading ███████████████░░░░░░░░░░░░░░░  50 %");
 * ```
 */
export function bar({ text, fraction = 0 }: Said): string {
  const full = Math.round(fraction * BAR);
  const percent = `${Math.floor(fraction * 100)}`.padStart(3);
  return `${text} ${"█".repeat(full)}${"░".repeat(BAR - full)} ${percent} %`;
}

/** Returns a function that says what happens; a bar moves in place on a terminal and in quarters elsewhere. */
export function sayer(options: { readonly json?: boolean } = {}): (said: Said) => void {
  if (options.json) {
    return (said) => {
      if (said.fraction === undefined) console.log(JSON.stringify({ event: "progress", ...said }));
    };
  }
  const isTerminal = Deno.stderr.isTerminal();
  const write = (text: string) => Deno.stderr.writeSync(new TextEncoder().encode(text));
  let drawn = false, quarter = -1;
  return (said) => {
    if (said.fraction === undefined) {
      write(`${drawn ? "\n" : ""}${said.text}\n`);
      drawn = false;
    } else if (isTerminal) {
      write(`\r${bar(said)}`);
      drawn = true;
    } else if (Math.floor(said.fraction * 4) > quarter) {
      quarter = Math.floor(said.fraction * 4);
      write(`${said.text}: ${quarter * 25} %\n`);
    }
  };
}
