/** Inputs that once were findings: a folder for each decoder, a file for each input. All are tried in every run. */
import { createHash } from "node:crypto";
import { fileURLToPath } from "node:url";

const FOLDER = fileURLToPath(new URL("corpus", import.meta.url));

/** The inputs that are kept for one decoder. */
export async function corpusOf(target: string): Promise<readonly Uint8Array[]> {
  const names: string[] = [];
  try {
    for await (const { name } of Deno.readDir(`${FOLDER}/${target}`)) names.push(name);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return await Promise.all(
    names.sort().map((name) => Deno.readFile(`${FOLDER}/${target}/${name}`)),
  );
}

/** Names of the folders. */
export async function corpusFolders(): Promise<readonly string[]> {
  const names: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(FOLDER)) if (isDirectory) names.push(name);
  return names.sort();
}

/** Keeps an input. @returns Its file, as named from the checkout */
export async function keep(target: string, input: Uint8Array): Promise<string> {
  const name = createHash("sha256").update(input).digest("hex").slice(0, 12);
  await Deno.mkdir(`${FOLDER}/${target}`, { recursive: true });
  await Deno.writeFile(`${FOLDER}/${target}/${name}.bin`, input);
  return `tests/fuzz/corpus/${target}/${name}.bin`;
}
