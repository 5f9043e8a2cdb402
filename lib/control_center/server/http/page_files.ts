import { stripTypeScriptTypes } from "node:module";
import { shades } from "../../../views/mod.ts";

/** A file that the page consists of. */
interface PageFile {
  readonly body: string;
  readonly type: string;
}

const TYPES: Readonly<Record<string, string>> = {
  html: "text/html; charset=utf-8",
  css: "text/css; charset=utf-8",
  ts: "text/javascript; charset=utf-8",
  mjs: "text/javascript; charset=utf-8",
  svg: "image/svg+xml",
};

/** What page and server both import, and the room of lib that finds a key's partition. */
const SHARED = ["contract.ts", "record_contract.ts", "difference.ts"], ROOM = "../serde/";

/** A file of this room. Types are taken out where they stand: lines and columns stay, and nothing is built. */
async function bodyOf(path: string): Promise<string> {
  // What is two folders up here is beside the page there, where a proxy's path may come before both.
  const text = (await Deno.readTextFile(new URL(`../../${path}`, import.meta.url)))
    .replaceAll(`"../../serde/`, `"../serde/`);
  return path.endsWith(".ts") ? stripTypeScriptTypes(text) : text;
}

/**
 * Reads the page's files into memory: a path that is not among them is not there, whatever it looks like.
 *
 * @returns By path, as in `/page/app.ts`.
 */
export async function pageFiles(): Promise<ReadonlyMap<string, PageFile>> {
  const files = new Map<string, PageFile>();
  const read = async (folder: string): Promise<void> => {
    for await (const entry of Deno.readDir(new URL(`../../${folder}`, import.meta.url))) {
      const path = `${folder}${entry.name}`;
      if (entry.isDirectory) await read(`${path}/`);
      const type = TYPES[entry.name.split(".").at(-1)!];
      if (!entry.isFile || type === undefined || path.endsWith("_test.ts")) continue;
      files.set(`/${path}`, { body: await bodyOf(path), type });
    }
  };
  await read("page/");
  for await (const { name } of Deno.readDir(new URL(`../../${ROOM}`, import.meta.url))) {
    if (name.endsWith("_test.ts")) continue;
    files.set(`/serde/${name}`, { body: await bodyOf(`${ROOM}${name}`), type: TYPES.ts! });
  }
  for (const path of SHARED) files.set(`/${path}`, { body: await bodyOf(path), type: TYPES.ts! });
  // The colours of the pictures in notebooks, so that a partition has one colour everywhere.
  const dark = `@media (prefers-color-scheme: dark) { :root { ${shades("dark")} } }`;
  files.set("/page/hues.css", { body: `:root { ${shades("light")} }\n${dark}`, type: TYPES.css! });
  return files;
}
