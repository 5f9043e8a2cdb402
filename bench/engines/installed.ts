import { createHash } from "node:crypto";

/**
 * Makes a folder's contents once: again when they should come from something else, or were left half-made.
 *
 * @param fingerprint Of what they are made from.
 */
export async function once(
  folder: string,
  fingerprint: string,
  make: () => Promise<void>,
): Promise<void> {
  const mark = `${folder}/taxi-ready`;
  if (await Deno.readTextFile(mark).catch(() => undefined) === fingerprint) return;
  await Deno.remove(folder, { recursive: true }).catch(() => {});
  await Deno.mkdir(folder, { recursive: true });
  await make();
  await Deno.writeTextFile(mark, fingerprint);
}

/** One name for the contents of these files. */
export async function fingerprintOf(paths: readonly string[]): Promise<string> {
  const hash = createHash("sha256");
  for (const path of paths) hash.update(await Deno.readFile(path));
  return hash.digest("hex");
}
