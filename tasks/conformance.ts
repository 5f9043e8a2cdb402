/** `deno task conformance [FILE…]`: runs scenarios that Kafka Streams itself has run, and compares. */
import { compareScenario } from "../lib/streams/conformance/run.ts";
import { parseScenario } from "../lib/streams/conformance/scenario.ts";
import { yesOrNo } from "../lib/settings/mod.ts";
import { callerPath, door, open } from "./_door.ts";

const SCENARIOS = new URL("../lib/streams/conformance/scenarios/", import.meta.url);

if (import.meta.main) {
  await open(
    door("conformance", "Runs conformance scenarios: a line each; fails if any differs.")
      .argument("[files...]", "scenario files; all of the project's own when left out")
      .action(async (files: string[]) => {
        if (!await run(files.length > 0 ? files.map(callerPath) : await ownScenarios())) {
          Deno.exit(1);
        }
      }),
  );
}

async function run(files: readonly (string | URL)[]): Promise<boolean> {
  let failed = 0;
  for (const file of files) if (!await check(file)) failed++;
  console.log(`${files.length - failed} of ${files.length} scenarios agree with Kafka Streams`);
  return failed === 0;
}

async function check(file: string | URL): Promise<boolean> {
  const label = String(file).split("/").at(-1)!;
  try {
    const scenario = parseScenario(await Deno.readTextFile(file));
    const difference = compareScenario(scenario);
    if (!difference) {
      console.log(`✓ ${label} · ${scenario.expected.length} records`);
      return true;
    }
    const { topic, index, expected, got } = difference;
    console.log(`✗ ${label} · topic "${topic}", index ${index}`);
    console.log(`    expected ${expected ? JSON.stringify(expected) : "nothing more"}`);
    console.log(`    got      ${got ? JSON.stringify(got) : "nothing more"}`);
  } catch (error) {
    console.log(`✗ ${label} · ${error instanceof Error ? error.message : error}`);
    if (yesOrNo(Deno.env, "TAXI_DEBUG")) console.log(error);
  }
  return false;
}

async function ownScenarios(): Promise<URL[]> {
  const names: string[] = [];
  for await (const entry of Deno.readDir(SCENARIOS)) names.push(entry.name);
  return names.sort().map((name) => new URL(name, SCENARIOS));
}
