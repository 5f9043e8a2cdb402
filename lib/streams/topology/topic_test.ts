import assert from "node:assert/strict";
import { app, json, string, TestDriver, topic } from "../mod.ts";

Deno.test("topic() refuses a name that Kafka refuses", () => {
  assert.throws(() => topic("a b"), {
    name: "SyntaxError",
    message: 'Cannot use topic name "a b": Kafka accepts 1-249 letters, digits, ".", "_" and "-"',
  });
});

Deno.test("topic() checks values with a function; what it throws is a decode error", () => {
  const fares = topic("fares", {
    key: string,
    value: json<number>(),
    nullable: false,
    validate: (fare) => {
      if (fare < 0) throw new RangeError("a negative fare");
    },
  });
  const built = app("x");
  built.stream(fares).mapValues((fare) => fare + 1).to("out");
  using driver = new TestDriver(built);
  driver.pipe(fares, { key: "k", value: 1, timestamp: 0 });
  assert.throws(() => driver.pipe(fares, { key: "k", value: -1, timestamp: 1 }), {
    stage: "decode",
    message: /a negative fare/,
  });
});

/** Text as a number; whatever else it gets has two issues. */
const validate = (value: unknown) =>
  typeof value === "string"
    ? { value: Number(value) }
    : { issues: [{ message: "no text" }, { message: "no number" }] };
const SCHEMAS = {
  synchronous: { "~standard": { validate } },
  asynchronous: { "~standard": { validate: (value: unknown) => Promise.resolve(validate(value)) } },
};

for (const [name, schema] of Object.entries(SCHEMAS)) {
  Deno.test(`topic() takes ${name} Standard Schemas, and uses what they make of a value`, async () => {
    const fares = topic("fares", { key: string, value: json<number>(), validate: schema });
    const text = topic("fares", { key: string, value: json<unknown>() });
    const built = app("x");
    built.stream(fares).mapValues((fare) => fare! + 1).to("out");
    built.stream(fares).to("copy");
    using driver = new TestDriver(built);
    await driver.pipe(text, { key: "k", value: "7", timestamp: 0 }, {
      key: "k",
      value: null,
      timestamp: 0,
    });
    assert.deepEqual(driver.read("out").map(({ value }) => value), [8, 1]);
    assert.deepEqual(driver.read("copy").map(({ value }) => value), [7, null]);
    await assert.rejects(
      async () => await driver.pipe(text, { key: "k", value: 7, timestamp: 1 }),
      {
        stage: "decode",
        message: /no text; no number/,
      },
    );
  });

  Deno.test(`globalTable() checks values by ${name} Standard Schemas`, async () => {
    const fares = topic("fares", { key: string, value: json<number>(), validate: schema });
    const built = app("x");
    built.globalTable(fares, { name: "fares" });
    built.stream(topic("s")).to("out");
    using driver = new TestDriver(built);
    await driver.pipe(topic("fares", { key: string, value: json<unknown>() }), {
      key: "k",
      value: "7",
      timestamp: 0,
    });
    assert.deepEqual(driver.table("fares"), new Map([["k", 7]]));
  });
}

Deno.test("topic({ nullable: false }) makes a null key or value of a stream a decode error, and no tombstone of a table", () => {
  const options = { key: string, value: string };
  const solid = topic("t", { ...options, nullable: false });
  const streamed = app("x", { onError: { decode: "skip" } });
  streamed.stream(solid).mapValues((text) => text.length).to("out");
  using driver = new TestDriver(streamed);
  const open = topic("t", options);
  driver.pipe(open, { key: null, value: "ab", timestamp: 0 }, {
    key: "k",
    value: null,
    timestamp: 0,
  });
  driver.pipe(open, { key: "k", value: "ab", timestamp: 0 });
  assert.deepEqual(driver.read("out").map(({ value }) => value), [2]);
  assert.equal(driver.metrics()[0]?.errors, 2);

  const kept = app("x");
  kept.table(solid, { name: "kept" });
  using tables = new TestDriver(kept);
  tables.pipe(open, { key: "k", value: "ab", timestamp: 0 }, {
    key: "k",
    value: null,
    timestamp: 0,
  });
  assert.deepEqual(tables.table("kept"), new Map());
});
