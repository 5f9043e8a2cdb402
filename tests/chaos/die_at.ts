import type { CommitStep } from "../../lib/streams/runtime/mod.ts";

/** Kills this process after the n-th commit that got as far as a step: `CRASH=<step>@<n>`; unset, never. */
export function dieAt(): (reached: CommitStep) => Promise<void> | void {
  const [step, times] = (Deno.env.get("CRASH") ?? "").split("@");
  let left = Number(times);
  return (reached) => {
    if (reached !== step || --left > 0) return;
    console.log(lastWord(step));
    Deno.kill(Deno.pid, "SIGKILL");
    return new Promise(() => {});
  };
}

/** How many workers said, of all that they said, that they die at this step. */
export function crashesAt(step: CommitStep, lines: readonly string[]): number {
  return lines.filter((line) => line === lastWord(step)).length;
}

function lastWord(step: CommitStep): string {
  return JSON.stringify({ kind: "crash", step });
}
