/** `deno task test`: everything that proves the project, set-up included. */
import { here, textOf } from "../lib/platform/mod.ts";
import { door, open } from "./_door.ts";
import { longestFirst, runSuite, type Step, testFiles, tests, TESTS_LOCK } from "./_suite.ts";
import { withCluster, type World } from "./_world.ts";
import { firstSteps, unitSteps } from "./check.ts";

/** What only `--all` runs ends within two hours, and prints as it goes. */
const LONG = { longestMs: 2 * 3_600_000, printing: true };

/** Tests on clusters mostly wait for them: three lanes use the time of two cores. */
const LANES = 3;

/** The longest steps, in this order, so that none begins when all others have ended. */
const LONGEST = [
  "unit tests",
  "tests/course_own",
  "chaos_gate_own",
  "live tests",
  "browser/course_own",
  "control_center_own",
  "run_notebook_own",
  "doc examples",
];

await open(
  door(
    "test",
    "Runs everything that proves the project; the last line counts what passed and failed.",
  )
    .argument(
      "[filter...]",
      "only test files, and rows of the fault matrix, whose path or name contains one of these words",
    )
    .allowExcessArguments(true)
    .option(
      "--all",
      "every row of the fault matrix in full, every notebook on Windows' settings and real Kafka of eight releases, too: hours rather than minutes",
    )
    .action(async (filters: string[], { all }: { readonly all?: boolean }) => {
      if (all) Deno.env.set("TAXI_TEST_ALL", "true");
      const chosen = (files: readonly string[]) =>
        files.filter((file) => filters.length === 0 || filters.some((word) => file.includes(word)));
      const rows = all ? await chosenRows(filters) : [];
      const long = all ? chosen(await testFiles("all")) : [];
      const live = chosen(await testFiles("live")), own = chosen(await testFiles("own"));
      if (live.some((file) => file.includes("avro/registry"))) fetchPeers();
      const first = filters.length === 0
        ? firstSteps()
        : [tests("unit tests", chosen(await testFiles("unit")))];
      const unit = filters.length === 0 ? await unitSteps() : [];
      const ok = await runSuite(
        { steps: first, lanes: 1 },
        {
          steps: longestFirst(LONGEST, [
            ...unit,
            onCluster("live tests on a real Kafka", live),
            ...own.map((file) => tests(file, [file])),
          ]),
          lanes: LANES,
        },
        {
          steps: [
            ...long.map((file) => onCluster(file, [file], LONG)),
            ...rows.length > 0 ? [faultMatrix(rows)] : [],
          ],
          lanes: 1,
        },
      );
      if (!ok) Deno.exit(1);
    }),
);

/** What live tests compare ours with comes slowly: it arrives while others run. Who needs it fetches what is missing. */
function fetchPeers(): void {
  const peers = ["--config", "bench/peers/deno.json", "bench/peers/avro_interop.ts"];
  void here.run(Deno.execPath(), ["cache", "--quiet", "--frozen", ...peers]);
}

/** Ids of the rows that the filters choose; with none, of all. Loaded only now: it is a lot of code. */
async function chosenRows(filters: readonly string[]): Promise<readonly string[]> {
  const { ROWS } = await import("../tests/chaos/rows.ts");
  const chosen = ({ id, name }: { readonly id: string; readonly name: string }) =>
    filters.length === 0 || filters.some((word) => id === word || name.includes(word));
  return ROWS.filter(chosen).map(({ id }) => id);
}

/** Rows and their controls, one after another; what they say is worth reading as they go. */
function faultMatrix(rows: readonly string[]): Step {
  return {
    name: "fault matrix",
    run: async () => {
      const child = await here.spawn(Deno.execPath(), {
        args: ["run", "-A", TESTS_LOCK, "tasks/chaos.ts", "--json", ...rows],
        output: "piped",
        errors: "ours",
      });
      const last = (await textOf(child.stdout)).trim().split("\n").at(-1) || "{}";
      const { passed, failed } = JSON.parse(last) as { passed?: number; failed?: number };
      // Without its verdict the whole of it has failed.
      return { passed: passed ?? 0, failed: passed === undefined ? 1 : failed ?? 0, skipped: 0 };
    },
  };
}

/** Live tests share one broker and one registry, started for them on ports of their own. */
function onCluster(
  name: string,
  files: readonly string[],
  options: { readonly longestMs?: number; readonly printing?: boolean } = {},
): Step {
  return {
    name,
    run: (lane) =>
      files.length === 0
        ? Promise.resolve({ passed: 0, failed: 0, skipped: 0 })
        : withCluster((world: World) =>
          tests(name, files, { ...options, env: { ...world } }).run(lane)
        ),
  };
}
