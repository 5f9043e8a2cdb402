/**
 * Does some work and puts the files of a folder back as they were before, however the work ends.
 *
 * @param folder Its files; those in folders below are left alone.
 */
export async function keepingFiles<T>(folder: string, work: () => Promise<T>): Promise<T> {
  const before = new Map<string, string>();
  for await (const { name, isFile } of Deno.readDir(folder)) {
    if (isFile) before.set(`${folder}/${name}`, await Deno.readTextFile(`${folder}/${name}`));
  }
  try {
    return await work();
  } finally {
    for (const [path, text] of before) {
      const now = await Deno.readTextFile(path).catch(() => undefined);
      if (now !== text) await Deno.writeTextFile(path, text);
    }
  }
}
