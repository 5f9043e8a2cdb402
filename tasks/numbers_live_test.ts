import assert from "node:assert/strict";
import { connect } from "../lib/kafka/mod.ts";

/** Runs a task to its end. */
async function run(task: string, ...args: string[]) {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", `tasks/${task}.ts`, ...args],
    env: { NO_COLOR: "1" },
    stdin: "null",
  }).output();
  const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes).trimEnd();
  return { code, lines: decode(stdout).split("\n"), errors: decode(stderr) };
}

Deno.test("producer makes its topic and writes numbers, consumer reads them and goes on where it stopped", async () => {
  await using kafka = await connect();
  const topic = `numbers.${crypto.randomUUID().slice(0, 8)}`, group = `${topic}.group`;
  try {
    const written = await run("producer", "--topic", topic, "--count", "4", "--rate", "100");
    assert.equal(written.code, 0);
    assert.deepEqual(written.lines, [
      `made topic "${topic}" with 2 partitions`,
      'producing {"number":0} → partition 0, offset 0',
      'producing {"number":1} → partition 1, offset 0',
      'producing {"number":2} → partition 0, offset 1',
      'producing {"number":3} → partition 1, offset 1',
      `produced 4 records to "${topic}"`,
    ]);
    const fast = await run("producer", "--topic", topic, "--count", "4", "--rate", "max", "--json");
    assert.equal(fast.lines.length, 5);
    assert.deepEqual(JSON.parse(fast.lines[4]!), { total: { topic, records: 4 } });

    const read = () => run("consumer", "--topic", topic, "--group", group, "--max", "4", "--json");
    const first = await read(), second = await read();
    assert.deepEqual([first.code, second.code], [0, 0]);
    assert.equal(first.errors, "owns partitions 0 and 1");
    const records = [...first.lines, ...second.lines].map((line) => JSON.parse(line));
    assert.deepEqual(records[4], { total: { topic, group, records: 4 } });
    const places = records.filter(({ total }) => !total).map((one) =>
      `${one.partition}:${one.offset}`
    );
    assert.equal(new Set(places).size, 8, "each record once");
  } finally {
    await kafka.topics.delete(topic);
  }
});

Deno.test("producer and consumer refuse flags and values they do not know", async () => {
  assert.equal((await run("consumer", "--colour")).code, 2);
  const { code, errors } = await run("producer", "--count", "x");
  assert.equal(code, 2);
  assert.match(errors, /whole number/);
});
