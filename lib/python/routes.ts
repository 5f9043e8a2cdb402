import type { Ended } from "../platform/mod.ts";
import type { Python } from "./find.ts";

/** A way to make an environment: uv from the search path, Python's own venv, or a uv that is fetched. */
export type Route = "uv" | "venv" | "fetched uv";

/**
 * Lists the ways that could work here, the best first. From a pack a uv costs no download, and takes a second where pip
 * takes ten.
 *
 * @example Debian's Python without python3-venv can still run a fetched uv
 * ```ts
 * import assert from "node:assert/strict";
 * import { routes } from "./routes.ts";
 * const python = { command: "/usr/bin/python3", version: "3.11.2", venv: false, pip: false };
 * assert.deepEqual(routes({ uv: false, python, packed: false }), ["fetched uv"]);
 * ```
 */
export function routes(
  found: {
    readonly uv: boolean;
    readonly python: Python | undefined;
    /** Whether everything comes from a pack. */
    readonly packed: boolean;
  },
): Route[] {
  const { uv, python, packed } = found;
  const fetched: Route[] = python ? ["fetched uv"] : [],
    venv: Route[] = python?.venv ? ["venv"] : [];
  return [
    ...(uv ? ["uv" as const] : []),
    ...(packed ? [...fetched, ...venv] : [...venv, ...fetched]),
  ];
}

/** What pip and uv say when nothing answers. */
const NO_NETWORK = new RegExp(
  "name resolution|resolve host|NameResolutionError|dns error|failed to lookup|Connection refused|" +
    "Network is unreachable|NewConnectionError|tcp connect error|error sending request|" +
    "Max retries exceeded|timed out|ProxyError",
  "i",
);

/**
 * Turns what pip or uv said when it failed into one sentence with the fix.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { installFailure } from "./routes.ts";
 * const ended = { success: false, output: "", errors: "Temporary failure in name resolution" };
 * assert.match(installFailure(ended), /no network/);
 * ```
 */
export function installFailure(ended: Ended): string {
  const said = `${ended.output}\n${ended.errors}`;
  if (NO_NETWORK.test(said)) {
    return "Cannot download Python packages: no network answer (connect once, then run this again; later it works offline)";
  }
  if (/DO NOT MATCH THE HASHES|Hash mismatch/i.test(said)) {
    return "Cannot install Python packages: a download is not the file this project names (try again; if it stays, a proxy changes downloads)";
  }
  if (/No space left|ENOSPC|disk full/i.test(said)) {
    return "Cannot store Python packages: the disk is full (free 1 GB and run this again)";
  }
  const lines = said.split("\n").map((line) => line.trim()).filter((line) => line !== "");
  const last = lines.findLast((line) => /error/i.test(line)) ?? lines.at(-1) ?? "no word why";
  return `Cannot install Python packages: ${
    last.slice(0, 300)
  } (run "deno task doctor" to see what is missing)`;
}
