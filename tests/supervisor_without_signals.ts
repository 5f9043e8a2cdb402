/**
 * A supervisor on a system as Windows is: it can send no signal but the one that kills nothing of ours, and no
 * PowerShell answers. Its paths are this machine's.
 *
 * @module
 */
import { posix } from "node:path";
import type { Plan } from "../lib/cluster/supervisor/plan.ts";
import { supervise } from "../lib/cluster/supervisor/supervise.ts";
import { platform } from "../lib/platform/mod.ts";

const windows = platform("windows", {
  kill: () => {
    throw new Error("Cannot send a signal: this system has none");
  },
  run: () => Promise.resolve(undefined),
});

await supervise(JSON.parse(Deno.args[0]!) as Plan, { ...windows, path: posix });
