/**
 * `deno task lab`: JupyterLab open on the course, everything it needs set up and running.
 *
 * With `--from` a pack is opened first: without a network no npm package is there to be imported before that.
 *
 * @module
 */
import { offlineEnvironment, openPack } from "../lib/pack/mod.ts";
import { folders } from "../lib/settings/mod.ts";

const from = fromIn(Deno.args);
if (from !== null) {
  try {
    console.error(`Opening ${from} …`);
    await openPack(from);
  } catch (error) {
    console.error(`✗ ${error instanceof Error ? error.message : error}`);
    if (Deno.env.get("TAXI_DEBUG")) console.error(error);
    Deno.exit(1);
  }
  for (const [name, value] of Object.entries(offlineEnvironment(folders().cache))) {
    Deno.env.set(name, value);
  }
}
// Not named in the call: Deno would fetch what is imported there before anything here runs.
const rest = "./_lab.ts";
await import(rest);

/** The value of `--from`; null where there is none. */
function fromIn(args: readonly string[]): string | null {
  const at = args.findIndex((arg) => arg === "--from" || arg.startsWith("--from="));
  if (at < 0) return null;
  return args[at] === "--from" ? args[at + 1] ?? null : args[at]!.slice("--from=".length);
}
