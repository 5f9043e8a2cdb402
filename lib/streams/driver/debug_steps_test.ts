import assert from "node:assert/strict";
import { ride, rides } from "../../../tests/testkit/streams.ts";
import { app, int64, json, string, topic, tumbling } from "../mod.ts";
import { debugSteps } from "./debug_steps.ts";

const names = topic("names", { key: int64, value: string });
const starts = topic("starts", { key: int64, value: string, nullable: false });

function naming() {
  const built = app("naming");
  built.stream(starts).join(built.table(names, { name: "zones" }), (_, zone) => zone)
    .to("named", { value: string });
  return built;
}

const start = (key: number, timestamp: number) => ({ topic: starts, key, value: "r", timestamp });
const name = (value: string | null, timestamp: number) => ({
  ...{ topic: names, key: 132, value, timestamp },
});

Deno.test("debugSteps() tells where each record went, why one was dropped, and what the tables hold", async () => {
  const { steps, leftOut } = await debugSteps(naming(), [
    ...[start(132, 10), name("JFK", 20), start(132, 30), name("Kennedy", 40), name(null, 50)],
  ]);
  assert.deepEqual(steps.map(({ record }) => record?.topic), [
    ...["starts", "names", "starts", "names", "names"],
  ]);
  assert.deepEqual(
    steps.map(({ events }) => events.map(({ what, detail }) => `${what} ${detail}`)),
    [["dropped no match"], [], ["passed ", "wrote named"], [], []],
  );
  const rows = steps.map(({ tables }) =>
    tables[0]!.rows.map(({ key, value, before, change }) => [key, before, value, change])
  );
  assert.deepEqual(rows, [
    [],
    [[132, null, "JFK", "new"]],
    [[132, null, "JFK", null]],
    [[132, "JFK", "Kennedy", "changed"]],
    [[132, null, "Kennedy", "removed"]],
  ]);
  assert.equal(steps[0]?.dropped.length, 1);
  assert.deepEqual(steps[2]?.visited.at(-1), "topic named");
  assert.equal(leftOut, 0);
});

Deno.test("debugSteps() tells by the timestamps when all records wait, as in a replay", async () => {
  const { steps } = await debugSteps(naming(), [start(132, 10), name("JFK", 5)], {
    together: true,
  });
  assert.deepEqual(steps.map(({ record }) => record?.topic), ["names", "starts"]);
  assert.equal(steps[1]?.events[0]?.value, "JFK");
});

Deno.test("debugSteps() closes a window when stream time has passed its end and grace, once", async () => {
  const minutes = app("minutes");
  minutes.stream(rides).groupByKey()
    .windowedBy(tumbling({ sizeMs: 60_000, graceMs: 10_000 })).count("c");
  const times = [10, 69_999, 70_000, 5_000, 90_000];
  const { steps } = await debugSteps(
    minutes,
    times.map((timestamp) => ({ topic: rides, ...ride(1, timestamp) })),
  );
  assert.deepEqual(steps.map(({ closed }) => closed.map(({ start, end }) => [start, end])), [
    ...[[], [], [[0, 60_000]], [], []],
  ]);
  assert.deepEqual(steps[3]?.events.map(({ what, detail }) => [what, detail]), [
    ["dropped", "late"],
  ]);
  const last = steps[4]?.tables[0]?.rows.map(({ window, closed }) => [window?.start, closed]);
  assert.deepEqual(last?.toSorted(), [[0, true], [60_000, false]]);
});

Deno.test("debugSteps() has a step for a timer of the wall clock, which has no record", async () => {
  const alarms = app("alarms");
  alarms.stream(rides).process<string, string>("alarm", (context) => {
    context.schedule({ everyMs: 1_000, clock: "wall" }, (now) => {
      context.forward({ key: "alarm", value: `${now}` });
    });
    return { process() {} };
  }).to("out", { value: json<string>() });
  const { steps } = await debugSteps(alarms, [
    { topic: rides, ...ride(1, 0) },
    { advanceMs: 1_000 },
  ]);
  assert.deepEqual(steps.map(({ record }) => record === null), [false, true]);
  assert.deepEqual(steps[1]?.events.map(({ what, value }) => [what, value]), [
    ["passed", "1000"],
    ["wrote", "1000"],
  ]);
});

Deno.test("debugSteps() shows a table's changes first, and counts the steps and rows that are too many", async () => {
  const many = Array.from({ length: 12 }, (_, key) => ({
    ...{ topic: names, key, value: "n", timestamp: key },
  }));
  const { steps, leftOut } = await debugSteps(naming(), many, { most: 10 });
  assert.deepEqual([steps.length, leftOut], [10, 2]);
  const [table] = steps.at(-1)!.tables;
  assert.deepEqual([table?.rows[0]?.key, table?.rows[0]?.change, table?.rows.length], [
    9,
    "new",
    8,
  ]);
  assert.equal(table?.more, 2);
});
