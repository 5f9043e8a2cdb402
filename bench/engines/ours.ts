import { fileURLToPath } from "node:url";
import type { Engine } from "./engine.ts";
import { branches, javaChangelog } from "./results.ts";

const PROGRAM = fileURLToPath(new URL("./ours_program.ts", import.meta.url));

/** For a process that is to stay below 400 MB: the rows on disk take most of the rest, as `SMALL_JVM` leaves it to RocksDB. */
export const SMALL_HEAP = ["--v8-flags=--max-old-space-size=128,--max-semi-space-size=8"];

/** Our own engine, with its own settings, in a process of its own. */
export function ours(
  guarantee: "at-least-once" | "exactly-once" = "at-least-once",
  peer = "ours",
  flags: readonly string[] = [],
): Engine {
  return {
    peer,
    prepare: () => Promise.resolve(),
    program: ({ question, id, source, folder }) => ({
      command: Deno.execPath(),
      args: [
        ...["run", "-A", "--no-check", "--quiet", ...flags, PROGRAM],
        ...[JSON.stringify(question), guarantee, id, source, folder],
      ],
    }),
    results: (job) => job.question.what === "branch" ? branches(job) : javaChangelog(job),
  };
}
