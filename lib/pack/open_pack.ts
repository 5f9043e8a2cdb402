import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { here } from "../platform/mod.ts";
import { folders } from "../settings/mod.ts";
import { courseOf, packPlatform } from "./manifest.ts";
import { npmPackages } from "./npm_packages.ts";
import { unpack } from "./unpack.ts";

/**
 * Puts what is in a pack where this checkout's start looks for it.
 *
 * @param from A file, from where the command was typed, or an `http:` or `https:` address.
 * @throws {Error} If it cannot be read, or {@linkcode unpack} refuses it.
 */
export async function openPack(from: string): Promise<void> {
  const { root, cache } = folders();
  const places = {
    cache,
    packages: await npmPackages(root),
    platform: packPlatform(here.os, Deno.build.arch),
    course: await courseOf(root),
  };
  await unpack(shown(from), await bytesOf(from), places);
}

/** An address without the login that may stand in it. */
function shown(from: string): string {
  if (!/^https?:/i.test(from)) return from;
  return from.replace(/^(https?:)(\/\/)?.*@/i, "$1//…@").replace(/[?#].*$/, "");
}

async function bytesOf(from: string): Promise<ReadableStream<Uint8Array>> {
  const unreadable = (why: string, fix: string) =>
    new Error(`Cannot start from "${shown(from)}": ${why} (${fix})`);
  if (/^https?:\/\//.test(from)) {
    const response = await fetch(from).catch(() => null);
    if (response?.ok && response.body) return response.body;
    await response?.body?.cancel();
    throw unreadable(
      response ? `its server answers ${response.status}` : "no answer from its server",
      "open the address in a browser to see whether it is right",
    );
  }
  const path = resolve(Deno.env.get("INIT_CWD") || Deno.cwd(), from);
  try {
    return (await Deno.open(path)).readable;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) {
      throw unreadable("there is no such file", 'make one with "deno task pack FILE"');
    }
    throw unreadable(error instanceof Error ? error.message : `${error}`, "name a file");
  }
}

/** What pip and uv are told so that they install from the cache and ask no network. */
export function offlineEnvironment(cache: string): Record<string, string> {
  // An address, as both read a space as the end of a path.
  const wheels = pathToFileURL(`${cache}/wheels`).href;
  return {
    PIP_NO_INDEX: "1",
    PIP_FIND_LINKS: wheels,
    UV_OFFLINE: "1",
    UV_FIND_LINKS: wheels,
  };
}
