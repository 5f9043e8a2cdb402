/** The lock file is frozen, for learners too: what is not in it does not run, and nothing is written into it. */
import assert from "node:assert/strict";

interface Lock {
  readonly specifiers: Record<string, string>;
  readonly npm: Record<string, { integrity: string }>;
}

const project = JSON.parse(await Deno.readTextFile("deno.json"));
const lock = await Deno.readTextFile("deno.lock");
const AVSC = project.imports.avsc as string;

/** A package that others need and the project does not name: nothing has to be fetched. */
const OTHER = "npm:" + Object.keys((JSON.parse(lock) as Lock).npm).find((one) => {
  const name = one.slice(0, one.lastIndexOf("@"));
  return /^[a-z0-9-]+@[\d.]+$/.test(one) && !lock.includes(`"npm:${name}`);
});

/** Runs a program in a folder whose deno.json freezes its lock as ours does. */
async function run(given: { lock: string; imports: Record<string, string>; program: string }) {
  const folder = await Deno.makeTempDir();
  try {
    const config = { lock: project.lock, imports: given.imports };
    await Deno.writeTextFile(`${folder}/deno.json`, JSON.stringify(config));
    await Deno.writeTextFile(`${folder}/deno.lock`, given.lock);
    await Deno.writeTextFile(`${folder}/main.ts`, given.program);
    const { code, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "--no-check", "main.ts"],
      cwd: folder,
      env: { NO_COLOR: "1" },
      stdin: "null",
    }).output();
    const after = await Deno.readTextFile(`${folder}/deno.lock`);
    return { code, said: new TextDecoder().decode(stderr), isSame: after === given.lock };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const changed = (change: (lock: Lock) => void) => {
  const copy = JSON.parse(lock);
  change(copy);
  return JSON.stringify(copy, null, 2);
};

const { imports } = project, program = 'import "avsc";';
const OUT_OF_DATE: readonly [what: string, given: Parameters<typeof run>[0]][] = [
  ["a package is taken out of the lock", {
    ...{ imports, program },
    lock: changed((copy) => {
      delete copy.specifiers[AVSC];
      delete copy.npm[AVSC.replace("npm:", "")];
    }),
  }],
  ["an import is added to deno.json", {
    ...{ lock, program },
    imports: { ...imports, another: OTHER },
  }],
  ["a program names a package itself", {
    ...{ lock, imports },
    program: `import "${OTHER}";`,
  }],
];

for (const [what, given] of OUT_OF_DATE) {
  Deno.test(`nothing runs when ${what}, and the lock stays as it is`, async () => {
    const { code, said, isSame } = await run(given);
    assert.notEqual(code, 0);
    assert.match(said, /lockfile is out of date/);
    assert.ok(isSame);
  });
}

Deno.test("what is in the lock runs", async () => {
  const { code, said, isSame } = await run({ lock, imports, program });
  assert.deepEqual([code, isSame], [0, true], said);
});
