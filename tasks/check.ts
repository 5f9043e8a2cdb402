/** `deno task check`: format, lint, types, unit tests and doc examples; no broker, under a minute. */
import { documentation } from "./_documentation.ts";
import { door, open } from "./_door.ts";
import { notebookTypes } from "./_notebook_types.ts";
import { command, runSuite, testFiles, tests, TESTS_LOCK } from "./_suite.ts";

/** The stages that need no broker; `deno task test` runs them first. Types come first: they fetch what the others share. */
export async function checkStages() {
  return [
    {
      steps: [
        command("format", ["fmt", "--check", "--quiet"]),
        command("lint", ["lint", "--quiet"]),
        command("types", ["check", "--quiet", "--frozen", TESTS_LOCK, "."]),
      ],
      lanes: 1,
    },
    {
      steps: [
        tests("unit tests", await testFiles("unit")),
        notebookTypes(),
        documentation(),
        tests("doc examples", await documented(), { flags: ["--doc"] }),
      ],
      lanes: 2,
    },
  ];
}

/** Library files that hold an example; tests are left out so that they run once. */
async function documented(): Promise<string[]> {
  const found: string[] = [];
  const walk = async (folder: string) => {
    for await (const entry of Deno.readDir(folder)) {
      const path = `${folder}/${entry.name}`;
      if (entry.isDirectory) await walk(path);
      else if (/(?<!_test)\.ts$/.test(path)) {
        if ((await Deno.readTextFile(path)).includes("* ```ts")) found.push(path);
      }
    }
  };
  await walk("lib");
  return found.sort();
}

if (import.meta.main) {
  await open(
    door("check", "Checks format, lint, types, unit tests and doc examples. Needs no broker.")
      .action(async () => {
        if (!await runSuite(...await checkStages())) Deno.exit(1);
      }),
  );
}
