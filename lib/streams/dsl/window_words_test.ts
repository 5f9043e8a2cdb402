/** Windows that close, cogroups in windows, and joins that wait. */
import assert from "node:assert/strict";
import { app, session, sliding, string, TestDriver, tumbling } from "../mod.ts";
import { run, type Sent, text } from "../../../tests/testkit/streams.ts";

const texts = { value: string };

Deno.test('emit: "windowClose" gives one final result per window, also of windows that stream time jumps over', () => {
  const got = run(
    (built) => {
      built.stream(text("s")).groupByKey().windowedBy(tumbling({ sizeMs: 10 }))
        .count("n", { emit: "windowClose" }).toStream().to("out");
    },
    ["s", "k", "v", 0],
    ["s", "k", "v", 5],
    ["s", "k", "v", 15],
    ["s", "k", "v", 95],
  );
  assert.deepEqual(got, [
    [{ key: "k", start: 0, end: 10 }, 2, 5],
    [{ key: "k", start: 10, end: 20 }, 1, 15],
  ]);
});

Deno.test('emit: "windowClose" waits until no record can extend a session', () => {
  // Vector X06: Kafka Streams emits strictly after the gap and the grace.
  const sent = [0, 5, 20, 21].map((timestamp): Sent => ["s", "k", "v", timestamp]);
  const got = run((built) => {
    built.stream(text("s")).groupByKey().windowedBy(session({ gapMs: 10, graceMs: 5 }))
      .count("n", { emit: "windowClose" }).toStream().to("out");
  }, ...sent);
  assert.deepEqual(got, [[{ key: "k", start: 0, end: 5 }, 2, 5]]);
});

Deno.test("late is there for windows that emit at their close", () => {
  const got = run(
    (built) => {
      const counts = built.stream(text("s")).groupByKey().windowedBy(tumbling({ sizeMs: 10 }))
        .count("n", { emit: "windowClose" });
      counts.toStream().foreach(() => {});
      counts.late.mapValues(({ value, lateMs }) => `${value} ${lateMs}`, texts).to("out");
    },
    ["s", "k", "a", 25],
    ["s", "k", "b", 3],
  );
  assert.deepEqual(got, [["k", "b 15", 3]]);
});

for (
  const [name, windows, end] of [
    ["tumbling", tumbling({ sizeMs: 10 }), 10],
    ["sliding", sliding({ differenceMs: 10 }), 10],
    ["session", session({ gapMs: 10, graceMs: 100 }), 2],
  ] as const
) {
  Deno.test(`cogroup() adds several streams to one result in ${name} windows`, () => {
    const got = run(
      (built) => {
        const b = built.stream(text("b")).groupByKey();
        built.stream(text("a")).groupByKey().cogroup<string>((all, value) => `${all}a${value}`)
          .cogroup(b, (all, value) => `${all}b${value}`).windowedBy(windows)
          .aggregate("both", () => "", { value: string, merge: (left, right) => left + right })
          .toStream().filter((value) => value !== null).to("out");
      },
      ["a", "k", "1", 1],
      ["b", "k", "2", 2],
    );
    const last = got.findLast(([key]) => (key as { end: number }).end === end);
    assert.deepEqual(last?.[1], "a1b2");
  });
}

Deno.test("cogroup() in sessions refuses to go without a way to join results", () => {
  const grouped = app("x").stream(text("a")).groupByKey();
  assert.throws(
    () =>
      grouped.cogroup<number>((n) => n + 1).windowedBy(session({ gapMs: 1 }))
        .aggregate("s", () => 0),
    { name: "TypeError", message: /Cannot keep sessions in "s": .*\(give merge\)/ },
  );
});

Deno.test("join(table, …, { graceMs }) lets records wait for rows that come late, and emits them by time", () => {
  const got = run(
    (built) => {
      const rates = built.table(text("rates"), { name: "rates", versionedMs: 1_000 });
      built.stream(text("s")).join(rates, (value, rate) => `${value}*${rate}`, {
        graceMs: 10,
        name: "priced",
        value: string,
      }).to("out");
    },
    ["rates", "k", "old", 0],
    ["s", "k", "b", 12],
    ["s", "k", "a", 11],
    ["rates", "k", "new", 12],
    ["s", "k", "c", 22],
    // Older than all that wait: joined at once.
    ["s", "k", "d", 1],
  );
  assert.deepEqual(got, [
    ["k", "a*old", 11],
    ["k", "b*new", 12],
    ["k", "d*old", 1],
  ]);
});

Deno.test("join(table, …, { graceMs }) keeps what waits over a crash, and refuses a table without memory", () => {
  const built = app("x");
  const rates = built.table(text("rates"), { name: "rates", versionedMs: 1_000 });
  built.stream(text("s")).leftJoin(rates, (value, rate) => `${value}*${rate}`, {
    graceMs: 10,
    name: "priced",
    value: string,
  }).to("out");
  using driver = new TestDriver(built);
  driver.pipe(text("s"), { key: "k", value: "a", timestamp: 1 });
  driver.crash();
  driver.pipe(text("s"), { key: "k", value: "b", timestamp: 11 });
  assert.deepEqual(driver.read("out").map(({ value }) => value), ["a*null"]);
  const plain = app("y");
  assert.throws(
    () =>
      plain.stream(text("s")).join(plain.table(text("t")), (v, w) => v + w, {
        graceMs: 1,
        name: "priced",
      }),
    {
      name: "TypeError",
      message: /Cannot wait for late rows in "priced": .*\(give it versionedMs\)/,
    },
  );
});
