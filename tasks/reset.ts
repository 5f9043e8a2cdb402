/** `deno task reset`: wipes the local cluster, after saying what. */
import { plannedRemovals, type Removal, reset } from "../lib/cluster/mod.ts";
import { door, open } from "./_door.ts";
import { sayer } from "./_progress.ts";

await open(
  door("reset", "Stops the local cluster and removes its topics, records, schemas and logs.")
    .option("--all", "also what was downloaded: a clean uninstall")
    .option("--yes", "do not ask")
    .option("--json", "JSON lines on stdout; needs --yes")
    .action(async ({ all = false, yes = false, json = false }: Flags) => {
      const removals = await plannedRemovals({ all });
      if (!json) { for (const removal of removals) console.log(line(removal)); }
      if (!json && removals.length === 0) console.log("There is nothing to remove.");
      if (removals.length > 0 && !yes) ask(json);
      const removed = await reset({ all, progress: sayer({ json }) });
      if (json) console.log(JSON.stringify({ event: "reset", removed }));
      else if (removed.length > 0) console.log('Removed. "deno task up" starts without data.');
    }),
);

interface Flags {
  readonly all?: boolean;
  readonly yes?: boolean;
  readonly json?: boolean;
}

/** Only a clear yes is one. @throws {Error} If nobody can answer, or the answer is another. */
function ask(json: boolean): void {
  if (json || !Deno.stdin.isTerminal()) {
    throw new Error("Cannot ask whether to remove this: there is no terminal (add --yes)");
  }
  const answer = prompt("Remove this for good? Type yes:");
  if (answer?.trim().toLowerCase() !== "yes") {
    throw new Error("Cannot go on without a yes: nothing was removed (answer yes, or add --yes)");
  }
}

function line({ path, what, bytes }: Removal): string {
  return `  ${what} — ${(bytes / 1e6).toFixed(1)} MB in ${path}`;
}
