/** The compiler refuses what the types of the DSL are there to find, in words that help. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { WRONG_PROGRAMS } from "./wrong_programs.ts";

/** What one compiler says of each program: all in one go, because it reads the library once for all of them. */
async function compile(codes: readonly string[]): Promise<string[][]> {
  const root = join(import.meta.dirname!, "../.."), folder = await Deno.makeTempDir();
  const prelude = pathToFileURL(join(import.meta.dirname!, "prelude.ts")).href;
  const names = Object.keys(await import("./prelude.ts")).join(", ");
  const files = codes.map((_, at) => join(folder, `program_${at}.ts`));
  for (const [at, code] of codes.entries()) {
    await Deno.writeTextFile(files[at]!, `import { ${names} } from "${prelude}";\n${code}\n`);
  }
  const { stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["check", "--quiet", "--config", join(root, "deno.json"), ...files],
    stdin: "null",
    env: { NO_COLOR: "1" },
  }).output();
  await Deno.remove(folder, { recursive: true });
  const errors = new TextDecoder().decode(stderr).split(/^(?=TS\d+ \[ERROR\])/m);
  return codes.map((_, at) => errors.filter((error) => error.includes(`program_${at}.ts:2:`)));
}

Deno.test("deno check refuses each wrong program, and says what is wrong with it", async () => {
  const right = "stream.mapValues((ride) => ride.fare);";
  const [none, ...found] = await compile([right, ...WRONG_PROGRAMS.map(({ code }) => code)]);
  assert.deepEqual(none, []);
  const unsaid = WRONG_PROGRAMS.flatMap(({ mistake, says }, at) =>
    found[at]!.some((error) => error.includes(says)) ? [] : [{ mistake, says, got: found[at] }]
  );
  assert.deepEqual(unsaid, []);
});
