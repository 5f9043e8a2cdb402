/** What `lib/streams/mod.ts` exports is what a program needs: few names, each explained and used in a program that runs. */
import assert from "node:assert/strict";
import { denoDoc } from "../tasks/_documentation.ts";

const MOST_NAMES = 70;

interface Documented {
  readonly nodes: Readonly<Record<string, { readonly symbols: readonly Symbol[] }>>;
}

interface Symbol {
  readonly name: string;
  readonly declarations: readonly { readonly jsDoc?: { readonly doc?: string } }[];
}

/** Programs that are run: the examples of doc comments, and the programs of tests. */
async function programs(): Promise<string> {
  const examples: string[] = [];
  for (const folder of ["lib/streams", "lib/serde"]) {
    for (const file of await filesUnder(folder)) {
      const text = await Deno.readTextFile(file);
      for (const [, code] of text.matchAll(/```ts\n(.*?)```/gs)) examples.push(code!);
    }
  }
  for (const file of [...await filesUnder("tests/words"), ...await filesUnder("tests/types")]) {
    // A wrong program is no example, and a word's text is no use of it.
    if (!file.includes("wrong")) examples.push(await Deno.readTextFile(file));
  }
  return examples.join("\n").replace(/(["`])(?:\\.|(?!\1).)*?\1/g, '""');
}

async function filesUnder(folder: string): Promise<string[]> {
  const found: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    if (isDirectory) found.push(...await filesUnder(`${folder}/${name}`));
    else if (name.endsWith(".ts")) found.push(`${folder}/${name}`);
  }
  return found;
}

Deno.test("lib/streams/mod.ts exports at most 70 names, each with a contract and a program that runs", async () => {
  const { output } = await denoDoc("--json", "lib/streams/mod.ts");
  const { nodes } = JSON.parse(output) as Documented;
  const [{ symbols }] = Object.values(nodes) as [{ readonly symbols: readonly Symbol[] }];
  assert.ok(symbols.length > 50 && symbols.length <= MOST_NAMES, `${symbols.length} names`);
  const silent = symbols.filter(({ declarations }) => !declarations.some((one) => one.jsDoc?.doc));
  assert.deepEqual(silent.map(({ name }) => name), [], "they say nothing of themselves");
  const code = await programs();
  // Once in an import, and once where it is used.
  const unused = symbols.filter(({ name }) =>
    (code.match(new RegExp(`\\b${name}\\b`, "g")) ?? []).length < 2
  );
  assert.deepEqual(unused.map(({ name }) => name), [], "no program uses them");
});
