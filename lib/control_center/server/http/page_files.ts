import { shades } from "../../../views/mod.ts";

/** A file that the page consists of. */
interface PageFile {
  readonly body: string;
  readonly type: string;
}

const TYPES: Readonly<Record<string, string>> = {
  html: "text/html; charset=utf-8",
  css: "text/css; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  mjs: "text/javascript; charset=utf-8",
  svg: "image/svg+xml",
};

/**
 * Reads the page's files into memory: a path that is not among them is not there, whatever it looks like.
 *
 * @returns By path, as in `/page/app.js`.
 */
export async function pageFiles(): Promise<ReadonlyMap<string, PageFile>> {
  const files = new Map<string, PageFile>();
  const read = async (folder: string): Promise<void> => {
    for await (const entry of Deno.readDir(new URL(`../../${folder}`, import.meta.url))) {
      const path = `${folder}${entry.name}`;
      if (entry.isDirectory) await read(`${path}/`);
      const type = TYPES[entry.name.split(".").at(-1)!];
      if (!entry.isFile || type === undefined) continue;
      const body = await Deno.readTextFile(new URL(`../../${path}`, import.meta.url));
      files.set(`/${path}`, { body, type });
    }
  };
  await read("page/");
  // The colours of the pictures in notebooks, so that a partition has one colour everywhere.
  const dark = `@media (prefers-color-scheme: dark) { :root { ${shades("dark")} } }`;
  files.set("/page/hues.css", { body: `:root { ${shades("light")} }\n${dark}`, type: TYPES.css! });
  return files;
}
