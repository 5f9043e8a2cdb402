import { fileURLToPath } from "node:url";
import { pythonEnvironment } from "../../lib/python/mod.ts";
import { folders } from "../../lib/settings/mod.ts";
import type { Engine } from "./engine.ts";
import { branches, faustChangelog, quixChangelog } from "./results.ts";

const path = (name: string) => fileURLToPath(new URL(`../peers/python/${name}`, import.meta.url));

/** Faust (faust-streaming 0.15.3), from PyPI; settings stand in `faust_app.py`. */
export function faust(): Engine {
  let python = "";
  return {
    peer: "faust",
    prepare: async () => void (python = await environment("faust")),
    program: ({ question, id, source, folder }) => ({
      command: python,
      args: [path("faust_app.py"), "worker", "-l", "error", "--without-web"],
      env: {
        BENCH_APP: question.what,
        BENCH_ID: id,
        BENCH_SOURCE: source,
        BENCH_STATE: folder,
      },
    }),
    results: (job) => job.question.what === "branch" ? branches(job) : faustChangelog(job),
  };
}

/** Quix Streams 3.28.1, from PyPI; settings stand in `quix_app.py`. */
export function quix(): Engine {
  let python = "";
  return {
    peer: "quix",
    prepare: async () => void (python = await environment("quix")),
    program: ({ question, id, source, records, folder }) => ({
      command: python,
      args: [path("quix_app.py"), question.what, id, source, `${records}`, folder],
    }),
    results: quixChangelog,
  };
}

async function environment(name: string): Promise<string> {
  const folder = `${folders().cache}/peers/${name}`;
  return (await pythonEnvironment({
    folder,
    requirements: path(`${name}.txt`),
    cache: folders().cache,
  })).python;
}
