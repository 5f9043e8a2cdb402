import assert from "node:assert/strict";
import { compareScenario } from "./run.ts";
import { parseScenario } from "./scenario.ts";

/** `scenarios`: the given ones; `more`: random ones that Kafka Streams 4.3.1 ran too, kept for what they found. */
for (const folder of ["./scenarios/", "./more/"]) {
  const scenarios = new URL(folder, import.meta.url);
  for (const file of [...Deno.readDirSync(scenarios)].map((entry) => entry.name).sort()) {
    const name = file.replace(".json", "");
    Deno.test(`compareScenario() finds that ${name} is as Kafka Streams 4.3.1 does it`, () => {
      const scenario = parseScenario(Deno.readTextFileSync(new URL(file, scenarios)));
      assert.equal(compareScenario(scenario), undefined);
    });
  }
}

Deno.test("compareScenario() tells the first difference, expected and got", () => {
  const scenario = parseScenario(JSON.stringify({
    name: "wrong",
    topology: [{ op: "stream", id: "s", topic: "in" }, { op: "to", of: "s", topic: "out" }],
    input: [{ topic: "in", key: "k", value: 1, timestamp: 0 }],
    expected: [{ topic: "out", key: "k", value: 2, timestamp: 0 }],
  }));
  const difference = compareScenario(scenario)!;
  assert.equal(difference.index, 0);
  assert.equal(difference.expected?.value, 2);
  assert.equal(difference.got?.value, 1);
});

Deno.test("parseScenario() refuses a file that is no scenario", () => {
  assert.throws(() => parseScenario("{}"), {
    name: "SyntaxError",
    message: 'Cannot read scenario "": it needs lists topology, input and expected',
  });
});
