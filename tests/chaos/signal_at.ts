import type { CommitStep } from "../../lib/streams/runtime/mod.ts";

/** What a worker can do to itself: die, or stand still until somebody sends SIGCONT. */
export type SelfHarm = "crash" | "freeze";

const SIGNALS = { crash: "SIGKILL", freeze: "SIGSTOP" } as const;

/** Kills or freezes this process at the n-th commit that got as far as a step: `SIGNAL_AT=crash:<step>@<n>`; unset, never. */
export function signalAt(): (reached: CommitStep) => Promise<void> | void {
  const told = /^(crash|freeze):(\w+)@(\d+)$/.exec(Deno.env.get("SIGNAL_AT") ?? "");
  if (!told) return () => {};
  const harm = told[1] as SelfHarm, step = told[2] as CommitStep;
  let left = Number(told[3]);
  return (reached) => {
    if (reached !== step || --left !== 0) return undefined;
    console.log(lastWord(harm, step));
    Deno.kill(Deno.pid, SIGNALS[harm]);
    // SIGKILL may come a moment later than the call returns.
    return harm === "crash" ? new Promise(() => {}) : undefined;
  };
}

/** How many workers said, of all that they said, that they die or freeze at this step. */
export function harmedAt(harm: SelfHarm, step: CommitStep, lines: readonly string[]): number {
  return lines.filter((line) => line === lastWord(harm, step)).length;
}

function lastWord(harm: SelfHarm, step: CommitStep): string {
  return JSON.stringify({ kind: harm, step });
}
