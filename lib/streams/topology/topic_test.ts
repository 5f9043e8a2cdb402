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

Deno.test("topic() takes a Standard Schema, and uses what it makes of a value", () => {
  const schema = {
    "~standard": {
      validate: (value: unknown) =>
        typeof value === "string"
          ? { value: Number(value) }
          : { issues: [{ message: "no text" }, { message: "no number" }] },
    },
  };
  const fares = topic("fares", { key: string, value: json<number>(), validate: schema });
  assert.equal(fares.value.decode(new TextEncoder().encode('"7"'), "fares"), 7);
  assert.throws(() => fares.value.decode(new TextEncoder().encode("7"), "fares"), {
    message: "no text; no number",
  });
});
