/**
 * The compiler refuses what the types of the DSL are there to find, in words that help: a program each in `wrong`, whose
 * first line has words of the message.
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const HERE = import.meta.dirname!, ROOT = join(HERE, "../..");
const SAYS = /^\/\/ deno check says: (.+)$/m;

/** What one compiler says of each program: all in one go, because it reads the library once for all of them. */
async function compile(programs: ReadonlyMap<string, string>): Promise<Map<string, string[]>> {
  // The project's own configuration excludes `wrong`, also where its files are named: copies are checked.
  const types = await Deno.makeTempDir(), copies = join(types, "programs");
  await Deno.mkdir(copies);
  const prelude = pathToFileURL(join(HERE, "prelude.ts")).href;
  await Deno.writeTextFile(join(types, "prelude.ts"), `export * from "${prelude}";\n`);
  for (const [file, code] of programs) await Deno.writeTextFile(join(copies, file), code);
  const { stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["check", "--quiet", "--config", join(ROOT, "deno.json"), copies],
    stdin: "null",
    env: { NO_COLOR: "1" },
  }).output();
  await Deno.remove(types, { recursive: true });
  const errors = new TextDecoder().decode(stderr).split(/^(?=TS\d+ \[ERROR\])/m);
  return new Map(
    [...programs.keys()].map((file) => [
      file,
      errors.filter((error) => error.includes(`/programs/${file}:`)),
    ]),
  );
}

Deno.test("deno check refuses each wrong program, and says what is wrong with it", async () => {
  const folder = join(HERE, "wrong"), wrong = new Map<string, string>();
  for await (const { name } of Deno.readDir(folder)) {
    wrong.set(name, await Deno.readTextFile(join(folder, name)));
  }
  assert.ok(wrong.size >= 30);
  const right = 'import { stream } from "../prelude.ts";\nstream.mapValues((ride) => ride.fare);\n';
  const found = await compile(new Map([...wrong, ["right.ts", right]]));
  assert.deepEqual(found.get("right.ts"), []);
  const unsaid = [...wrong].flatMap(([file, code]) => {
    const says = SAYS.exec(code)?.[1] ??
      assert.fail(`${file} does not say what it is refused with`);
    const got = found.get(file)!;
    return got.some((error) => error.includes(says)) ? [] : [{ file, says, got }];
  });
  assert.deepEqual(unsaid, []);
});
