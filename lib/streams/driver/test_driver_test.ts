import assert from "node:assert/strict";
import { app, int64, TestDriver, tumbling } from "../mod.ts";
import type { StepTrace } from "./step_trace.ts";
import { ride, rides } from "../../../tests/testkit/streams.ts";

function keyCounts() {
  const counts = app("counts");
  counts.stream(rides).groupByKey().count("trips").toStream().to("out");
  return counts;
}

function vendorCounts() {
  const counts = app("counts");
  counts.stream(rides).filter((ride) => ride.fare >= 0)
    .groupBy("vendor", (ride) => ride.vendor, { key: int64 }).count("trips")
    .toStream().to("out");
  return counts;
}

Deno.test("TestDriver.step() tells the path of a record, why it was dropped, and what changed", () => {
  using driver = new TestDriver(vendorCounts());
  driver.enqueue(rides, ride(7, 10), ride(7, 20, -1));
  const steps: StepTrace[] = [];
  for (let step = driver.step(); step; step = driver.step()) steps.push(step as StepTrace);
  assert.deepEqual(steps.map((step) => [step.task, step.record?.topic]), [
    ["0_0", "rides"],
    ["1_0", "counts-vendor-repartition"],
    ["0_0", "rides"],
  ]);
  assert.deepEqual(steps[1]?.changes, [{ store: "trips", key: 7, before: null, after: 1 }]);
  const dropped = steps[2]?.path.filter((event) => event.event === "dropped");
  assert.deepEqual(dropped?.map((event) => event.reason), ["filtered"]);
  const wrote = steps[1]?.path.filter((event) => event.event === "wrote");
  assert.deepEqual(wrote?.map(({ topic, key, value }) => [topic, key, value]), [["out", 7, 1]]);
});

Deno.test("TestDriver.back() undoes steps, and the same steps lead to the same place", () => {
  using driver = new TestDriver(vendorCounts(), { partitions: 2 });
  driver.pipe(rides, ride(1, 10));
  driver.enqueue(rides, ride(1, 20), ride(2, 30));
  const forward = () => {
    const steps: unknown[] = [];
    for (let step = driver.step(); step; step = driver.step()) steps.push(step);
    return steps;
  };
  const first = forward();
  const rows = driver.table("trips");
  assert.deepEqual(rows, new Map([[1, 2], [2, 1]]));
  for (const _ of first) assert.equal(driver.back(), true);
  assert.deepEqual(driver.table("trips"), new Map([[1, 1]]));
  assert.deepEqual(forward(), first);
  assert.deepEqual(driver.table("trips"), rows);
});

Deno.test("TestDriver.back() takes back stream time, and the window that it opened", () => {
  const minutes = app("minutes");
  minutes.stream(rides).groupByKey().windowedBy(tumbling({ sizeMs: 60_000 })).count("c");
  using driver = new TestDriver(minutes);
  driver.pipe(rides, ride(1, 10), ride(1, 70_000));
  assert.equal(driver.tasks[0]?.streamTime, 70_000);
  driver.back();
  assert.equal(driver.tasks[0]?.streamTime, 10);
  assert.equal(driver.table("c").size, 1);
});

Deno.test("TestDriver.back() says when there is nothing to undo", () => {
  using driver = new TestDriver(vendorCounts());
  assert.equal(driver.back(), false);
});

Deno.test("TestDriver.crash() loses nothing at least once, but shows again what was not committed", () => {
  using driver = new TestDriver(keyCounts(), { commitEvery: 3 });
  driver.pipe(rides, ride(1, 10), ride(1, 20));
  driver.crash();
  assert.deepEqual(driver.table("trips"), new Map());
  driver.run();
  assert.deepEqual(driver.table("trips"), new Map([["r", 2]]));
  assert.deepEqual(driver.read("out").map(({ value }) => value), [1, 2, 1, 2]);
});

Deno.test("TestDriver.crash() doubles counts behind a repartition topic at least once", () => {
  using driver = new TestDriver(vendorCounts(), { commitEvery: 3 });
  driver.pipe(rides, ride(1, 10), ride(1, 20));
  driver.crash();
  driver.run();
  assert.deepEqual(driver.table("trips"), new Map([[1, 4]]));
});

Deno.test("TestDriver.crash() shows no result twice with exactly once", () => {
  using driver = new TestDriver(keyCounts(), { commitEvery: 3, guarantee: "exactly-once" });
  driver.pipe(rides, ride(1, 10), ride(1, 20));
  assert.deepEqual(driver.read("out"), []);
  driver.crash();
  driver.run();
  driver.commit();
  assert.deepEqual(driver.read("out").map(({ value }) => value), [1, 2]);
});

Deno.test("TestDriver.crash() restores tables and stream time from the changelog: late stays late", () => {
  const minutes = app("minutes");
  minutes.stream(rides).groupByKey().windowedBy(tumbling({ sizeMs: 60_000 })).count("c");
  using driver = new TestDriver(minutes);
  driver.pipe(rides, ride(1, 10), ride(1, 70_000));
  const before = driver.table("c");
  driver.crash();
  assert.deepEqual(driver.table("c"), before);
  driver.pipe(rides, ride(1, 20));
  assert.deepEqual(driver.table("c"), before);
});
