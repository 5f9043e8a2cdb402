import assert from "node:assert/strict";
import { app, json, session, string, TestDriver, topic, tumbling } from "../mod.ts";

/** Sessions of one key by the time that a function gives. Cells are not type-checked: it may give anything. */
function sessionsBy(timestamp: unknown) {
  const rides = topic("rides", {
    key: string,
    value: json<{ at: number }>(),
    timestamp: () => timestamp as number,
  });
  const clock = app("clock");
  clock.stream(rides).groupByKey().windowedBy(session({ gapMs: 10 })).count("c").toStream()
    .to("out");
  using driver = new TestDriver(clock);
  driver.pipe(rides, { key: "k", value: { at: 1_000 }, timestamp: 5 });
  return driver.table<{ start: number }, number>("c");
}

// What cells that nobody type-checks give: a JSON null, `new Date(ride.pickup)`, an ISO text, a field that is not there …
const refused: readonly (readonly [unknown, string])[] = [
  [null, "its time is null (give epoch milliseconds)"],
  [undefined, "its time is undefined (give epoch milliseconds)"],
  [NaN, "its time is NaN (give epoch milliseconds)"],
  [Infinity, "its time is Infinity (give epoch milliseconds)"],
  [-Infinity, "its time is -Infinity (give epoch milliseconds)"],
  [1e300, "its time is 1e+300 (give epoch milliseconds)"],
  [true, "its time is true (give epoch milliseconds)"],
  ["1000", 'its time is the text "1000", not a number (give Date.parse(…))'],
  [1_000n, "its time is 1000n, not a number (give Number(…))"],
  [new Date(1_000), "its time is a Date, not a number (give date.getTime())"],
  [Promise.resolve(1), "its time is a promise, not a number (read the time without await)"],
  [[1_000], "its time is an object, not a number (give epoch milliseconds)"],
  [Symbol("t"), "its time is Symbol(t) (give epoch milliseconds)"],
];
for (const [time, why] of refused) {
  Deno.test(`Task.step() refuses an event time by name: ${why}`, () => {
    assert.throws(() => sessionsBy(time), (error: Error) => {
      assert.equal(error.name, "StreamsError");
      assert.ok(error.message.includes(why), error.message);
      return true;
    });
  });
}

Deno.test("Task.step() takes 0 for a time, cuts off parts of a millisecond, and drops what is before 1970", () => {
  const starts = (time: number) => [...sessionsBy(time).keys()].map(({ start }) => start);
  assert.deepEqual([starts(0), starts(1_000.7), starts(-5)], [[0], [1_000], []]);
});

Deno.test("tumbling() and session() refuse a length in text", () => {
  assert.throws(() => tumbling({ sizeMs: "60000" as never }), {
    name: "RangeError",
    message: 'Cannot open windows as sizeMs must be > 0: current value is "60000"',
  });
  assert.throws(() => session({ gapMs: null as never }), /current value is null/);
});
