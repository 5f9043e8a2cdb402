/** Every word of Kafka Streams' DSL has one here, and a program that uses it gives what Kafka Streams would. */
import assert from "node:assert/strict";
import { app, TestDriver } from "../../lib/streams/mod.ts";
import * as streams from "../../lib/streams/mod.ts";
import { KAFKA_STREAMS_METHODS, LEFT_OUT } from "./kafka_streams.ts";
import { open } from "./word.ts";
import { README, withTable, WORDS } from "./words.ts";

for (const { kafka, ours, build, sent, out } of WORDS) {
  Deno.test(`${kafka}: ${ours}`, async () => {
    const built = app("words");
    build(built);
    using driver = new TestDriver(built, { topics: sent.map(([topic]) => topic) });
    for (const [topic, key, value, timestamp] of sent) {
      await driver.pipe(open(topic), { key, value, timestamp });
    }
    const records = built.topology().nodes.some(({ sink }) => sink) ? driver.read("out") : [];
    assert.deepEqual(records.map(({ key, value }) => [key, value]), out);
  });
}

Deno.test("lib/streams/README.md has the table of words as they are (deno run -A tests/words/words.ts)", async () => {
  const page = await Deno.readTextFile(README);
  assert.equal(page.replaceAll("\r\n", "\n"), withTable(page.replaceAll("\r\n", "\n")));
});

Deno.test("no method of Kafka Streams' DSL is without a row, or a reason why it has none", () => {
  const told = [...WORDS.map(({ kafka }) => kafka), ...Object.keys(LEFT_OUT)].join("\n");
  const missing = Object.entries(KAFKA_STREAMS_METHODS).flatMap(([type, methods]) =>
    methods.split(" ").filter((method) => !new RegExp(`[#.]${method}\\b`).test(told))
      .map((method) => `${type}#${method}`)
  );
  assert.deepEqual(missing, []);
});

Deno.test("no method of the DSL is without a row", () => {
  const classes = [streams.App, ...fluentClasses()];
  const used = WORDS.map(({ build }) => String(build)).join("\n") + WORDS.map(({ ours }) => ours);
  const missing = classes.flatMap(({ name, prototype }) =>
    Object.getOwnPropertyNames(prototype).filter((method) =>
      method !== "constructor" && !used.includes(`.${method}`)
    ).map((method) => `${name}.${method}`)
  );
  // Agents are a way to write that Kafka Streams does not have.
  assert.deepEqual(missing, ["App.agent"]);
});

/** The classes that users hold, by way of what gives them. */
function fluentClasses() {
  const stream = app("classes").stream(open("s")), grouped = stream.groupByKey();
  const table = stream.toTable("t"), cogrouped = grouped.cogroup<number>((n) => n);
  const time = grouped.windowedBy(streams.tumbling({ sizeMs: 1 }));
  const sessions = grouped.windowedBy(streams.session({ gapMs: 1 }));
  const regrouped = table.groupBy("g", (value) => ({ key: value, value }));
  return [
    stream,
    grouped,
    table,
    cogrouped,
    time,
    sessions,
    regrouped,
    cogrouped.windowedBy(time.windows),
  ]
    .map((one) => one.constructor);
}
