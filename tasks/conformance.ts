/** `deno task conformance [FILE…]`: runs scenarios that Kafka Streams itself has run, or runs now, and compares. */
import { yesOrNo } from "../lib/settings/mod.ts";
import { LISTED } from "../tests/conformance/differences.ts";
import { KafkaStreams } from "../tests/conformance/kafka_streams.ts";
import { randomScenario } from "../tests/conformance/random.ts";
import { compareScenario } from "../tests/conformance/run.ts";
import { parseScenario } from "../tests/conformance/scenario.ts";
import { callerPath, door, open, wholeNumber } from "./_door.ts";

const SCENARIOS = new URL("../tests/conformance/scenarios/", import.meta.url);

interface Flags {
  readonly random?: number;
  readonly seed: number;
  readonly save?: string;
}

if (import.meta.main) {
  await open(
    door("conformance", "Runs conformance scenarios: a line each; fails if any differs.")
      .argument("[files...]", "scenario files; all of the project's own when left out")
      .option(
        "--random <count>",
        "random scenarios instead, which Kafka Streams for Java runs at the same time (needs mvn)",
        wholeNumber(1),
      )
      .option("--seed <number>", "where random scenarios begin", wholeNumber(0), 1)
      .option("--save <folder>", "where random scenarios that differ are written, made small")
      .action(async (files: string[], { random, seed, save }: Flags) => {
        const good = random === undefined
          ? await run(files.length > 0 ? files.map(callerPath) : await ownScenarios())
          : await runRandom(seed, random, save && callerPath(save));
        if (!good) Deno.exit(1);
      }),
  );
}

async function runRandom(seed: number, count: number, folder: string | undefined) {
  await using java = await KafkaStreams.start();
  const listed = new Map<string, number>();
  let failed = 0;
  for (let at = seed; at < seed + count; at++) {
    const scenario = randomScenario(at), difference = await java.judge(scenario);
    if (!difference) continue;
    const known = LISTED.find((one) => one.fits(difference, scenario));
    if (known) {
      listed.set(known.name, (listed.get(known.name) ?? 0) + 1);
      continue;
    }
    failed++;
    console.log(`✗ ${scenario.name} · ${difference.kind}: ${difference.how}`);
    if (folder === undefined) continue;
    const small = await java.shrink(scenario), verdict = await java.run(small);
    const path = `${folder}/${small.name}.json`;
    await Deno.writeTextFile(path, JSON.stringify({ ...small, ...verdict }, null, 2));
    console.log(`    made small: ${path}`);
  }
  for (const { name, reason } of LISTED) {
    if (listed.has(name)) console.log(`${listed.get(name)} × ${name}: ${reason}`);
  }
  console.log(
    `${count - failed} of ${count} random scenarios agree with Kafka Streams, or differ as listed`,
  );
  return failed === 0;
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
