/** `deno task check`: format, lint, types, unit tests and doc examples; no broker, under a minute. */
import { documentation } from "./_documentation.ts";
import { door, open } from "./_door.ts";
import { notebookTypes } from "./_notebook_types.ts";
import { command, runSuite, type Step, testFiles, tests, TESTS_LOCK } from "./_suite.ts";

/** Steps that come first, one after another: what types are checked of is fetched for all others, too. */
export function firstSteps(): Step[] {
  return [
    command("format", ["fmt", "--check", "--quiet"]),
    command("lint", ["lint", "--quiet"]),
    command("types", ["check", "--quiet", "--frozen", TESTS_LOCK, "."]),
  ];
}

/** Steps that need no broker and no order. */
export async function unitSteps(): Promise<Step[]> {
  return [
    tests("unit tests", await testFiles("unit")),
    notebookTypes(),
    documentation(),
    // Without the tests beside them, which would run once more; by folder, as a named file would be run as a test, too.
    tests("doc examples", ["lib"], { flags: ["--doc", "--ignore=**/*_test.ts,**/*.md"] }),
  ];
}

if (import.meta.main) {
  await open(
    door("check", "Checks format, lint, types, unit tests and doc examples. Needs no broker.")
      .action(async () => {
        const ok = await runSuite(
          { steps: firstSteps(), lanes: 1 },
          { steps: await unitSteps(), lanes: 2 },
        );
        if (!ok) Deno.exit(1);
      }),
  );
}
