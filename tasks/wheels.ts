/** `deno task wheels`: writes down which wheels the hashes of the Python requirements stand for. */
import { fileURLToPath } from "node:url";
import { runProgram } from "../lib/python/mod.ts";
import { door, open } from "./_door.ts";
import { fits, PYTHONS, SUPPORTED, UNSUPPORTED } from "./_wheels.ts";

/** Every hashed requirements file of the project, from its root. */
export const REQUIREMENTS = [
  "lib/lab/requirements.txt",
  "lib/cluster/java.requirements.txt",
  "lib/python/uv.requirements.txt",
] as const;

const ROOT = new URL("..", import.meta.url);

if (import.meta.main) {
  await open(
    door(
      "wheels",
      "Writes lib/python/wheels.sha256. Run it when a requirements file changes; needs uv.",
    )
      .action(async () => {
        const lines = (await Promise.all(REQUIREMENTS.map(wheels))).flat();
        const list = [...new Set(lines)].sort((a, b) => a.slice(66) < b.slice(66) ? -1 : 1);
        await Deno.writeTextFile(new URL("lib/python/wheels.sha256", ROOT), list.join("\n") + "\n");
        console.log(`Wrote ${list.length} wheels`);
      }),
  );
}

/** `hash  file name` of each wheel that some system here can use. Their addresses stay out. */
async function wheels(file: string): Promise<string[]> {
  const ended = await runProgram("uv", [
    ...["pip", "compile", "--universal", "--python-version", "3.10", "--format", "pylock.toml"],
    ...["--no-annotate", "--no-header", fileURLToPath(new URL(file, ROOT))],
  ]);
  if (ended === undefined) {
    throw new Error("Cannot look up wheels: uv is not on the search path (pip install uv)");
  }
  if (!ended.success) throw new Error(`Cannot lock ${file}: ${ended.errors.trim()}`);
  const found = ended.output.matchAll(/url = "[^"]*\/([^"/]+\.whl)"[^\n]*?sha256 = "(\w{64})"/g);
  return Array.from(found, ([, name, hash]) => ({ name: decodeURIComponent(name!), hash: hash! }))
    .filter(({ name }) =>
      [...SUPPORTED, ...UNSUPPORTED].some((on) => PYTHONS.some((minor) => fits(name, on, minor)))
    )
    .map(({ name, hash }) => `${hash}  ${name}`);
}
