import assert from "node:assert/strict";
import { app, int64, json, string, TestDriver, topic } from "../mod.ts";

const rides = topic("rides", { key: string, value: json<number>(), nullable: false });

Deno.test("Stream.process() keeps state in a store, and emits what it likes", () => {
  const totals = app("totals");
  const store = totals.store("sums", { key: string, value: int64 });
  totals.stream(rides).process<string, number>("sum", (context) => {
    const sums = context.store<string, number>(store);
    return {
      process({ key, value }) {
        const sum = (sums.get(key) ?? 0) + value;
        sums.put(key, sum);
        if (sum >= 10) context.forward({ key, value: sum });
      },
    };
  }, { key: string, stores: [store] }).to("out");
  using driver = new TestDriver(totals);
  for (const value of [4, 7]) driver.pipe(rides, { key: "a", value, timestamp: value });
  assert.deepEqual(driver.read("out").map(({ key, value }) => [key, value]), [["a", 11]]);
  assert.deepEqual(driver.table("sums"), new Map([["a", 11]]));
  driver.crash();
  assert.deepEqual(driver.table("sums"), new Map([["a", 11]]));
});

Deno.test("Stream.process() fires each of its punctuators, also two of one interval", () => {
  const timers = app("timers");
  const fired: string[] = [];
  timers.stream(rides).process("timer", (context) => {
    for (const name of ["one", "two"]) {
      context.schedule(
        { everyMs: 10, clock: "stream" },
        (timeMs) => fired.push(`${name} ${timeMs}`),
      );
    }
    return { process: () => {} };
  });
  using driver = new TestDriver(timers);
  for (const timestamp of [0, 5, 12]) driver.pipe(rides, { key: "a", value: 1, timestamp });
  assert.deepEqual(fired, ["one 0", "two 0", "one 12", "two 12"]);
});
