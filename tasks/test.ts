/** `deno task test`: everything that proves the project, set-up included. */
import { door, open } from "./_door.ts";
import { runSuite, type Step, testFiles, tests } from "./_suite.ts";
import { withCluster, type World } from "./_world.ts";
import { checkSteps } from "./check.ts";

await open(
  door(
    "test",
    "Runs everything that proves the project; the last line counts what passed and failed.",
  )
    .argument("[filter...]", "only test files whose path contains one of these words")
    .allowExcessArguments(true)
    .option("--all", "every row of the fault matrix in full, too: hours rather than minutes")
    .action(async (filters: string[], { all }: { readonly all?: boolean }) => {
      const chosen = (files: readonly string[]) =>
        files.filter((file) => filters.length === 0 || filters.some((word) => file.includes(word)));
      const unit = filters.length === 0
        ? await checkSteps()
        : [tests("unit tests", chosen(await testFiles("unit")))];
      const live = chosen(await testFiles("live")), own = chosen(await testFiles("own"));
      // Tests on clusters mostly wait for them: two lanes use the time.
      const ok = await runSuite({ steps: unit, lanes: 1 }, {
        steps: [
          onCluster("live tests on a real Kafka", live),
          ...own.map((file) => tests(file, [file])),
        ],
        lanes: 2,
      }, {
        steps: all ? [faultMatrix] : [],
        lanes: 1,
      });
      if (!ok) Deno.exit(1);
    }),
);

/** All rows and controls, one after another; what they say is worth reading. */
const faultMatrix: Step = {
  name: "fault matrix",
  run: async () => {
    const { success } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "tasks/chaos.ts"],
      stdin: "null",
    }).spawn().status;
    return { passed: success ? 1 : 0, failed: success ? 0 : 1, skipped: 0 };
  },
};

/** Live tests share one broker and one registry, started for them on ports of their own. */
function onCluster(name: string, files: readonly string[]): Step {
  return {
    name,
    run: (lane) =>
      files.length === 0
        ? Promise.resolve({ passed: 0, failed: 0, skipped: 0 })
        : withCluster((world: World) => tests(name, files, { env: { ...world } }).run(lane)),
  };
}
