import { fileURLToPath } from "node:url";
import type { Engine } from "./engine.ts";
import { branches, javaChangelog } from "./results.ts";

const PROGRAM = fileURLToPath(new URL("./ours_program.ts", import.meta.url));

/** Our own engine, with its own settings, in a process of its own. */
export function ours(
  guarantee: "at-least-once" | "exactly-once" = "at-least-once",
  peer = "ours",
): Engine {
  return {
    peer,
    prepare: () => Promise.resolve(),
    program: ({ question, id, source, folder }) => ({
      command: Deno.execPath(),
      args: [
        ...["run", "-A", "--no-check", "--quiet", PROGRAM],
        ...[JSON.stringify(question), guarantee, id, source, folder],
      ],
    }),
    results: (job) => job.question.what === "branch" ? branches(job) : javaChangelog(job),
  };
}
