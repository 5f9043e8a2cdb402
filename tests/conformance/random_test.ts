import assert from "node:assert/strict";
import { MAVEN, testWith } from "../needs.ts";
import { LISTED } from "./differences.ts";
import { KafkaStreams } from "./kafka_streams.ts";
import { randomScenario } from "./random.ts";

/** What random scenarios must reach, and what they reach among the first few hundred. */
const STEPS = [
  ...["stream", "table", "globalTable", "filter", "filterNot", "mapValues", "stamp", "selectKey"],
  ...["flatMapValues", "merge", "branch", "repartition", "toTable", "groupByKey", "groupBy"],
  ...["tumbling", "hopping", "sliding", "session", "count", "sum", "max", "min", "fives"],
  ...["cogroup", "suppress", "tableLookup", "streamJoin", "tableJoin", "foreignKeyJoin"],
];

Deno.test("randomScenario() gives the same for the same seed, and reaches every kind of step", () => {
  assert.deepEqual(randomScenario(7), randomScenario(7));
  const scenarios = Array.from({ length: 300 }, (_, seed) => randomScenario(seed));
  const steps = scenarios.flatMap(({ topology }) => topology);
  const found = new Set(steps.map(({ op }) => op));
  assert.deepEqual(STEPS.filter((op) => !found.has(op)), []);
  for (const name of ["versioned", "store", "generated", "emit", "windows", "most"] as const) {
    assert.ok(steps.some((step) => step[name] !== undefined), name);
  }
  assert.ok(steps.some(({ op, grace }) => op === "tableLookup" && grace !== undefined));
  const records = scenarios.flatMap(({ input }) => input);
  assert.ok(records.some(({ key }) => key === null) && records.some(({ value }) => value === null));
  assert.ok(records.some(({ headers }) => headers !== undefined));
});

if (Deno.env.get("TAXI_TEST_ALL")) {
  const NAME =
    "Kafka Streams in Java makes the same of 2,000 random topologies, or differs as listed";
  await testWith(MAVEN, NAME, async () => {
    await using java = await KafkaStreams.start();
    for (let seed = 1; seed <= 2_000; seed++) {
      const scenario = randomScenario(seed), difference = await java.judge(scenario);
      const known = !difference || LISTED.some((one) => one.fits(difference, scenario));
      assert.ok(known, `${scenario.name}: ${difference?.kind}: ${difference?.how}`);
    }
  });
}
