import assert from "node:assert/strict";
import { app, int64, string, TestDriver, topic, tumbling } from "../mod.ts";
import { ride, rides } from "../../../tests/testkit/streams.ts";

Deno.test("App.agent() counts per group, in the task that owns the group", async () => {
  const counts = app("counts");
  const trips = counts.table("trips", { key: int64, default: () => 0 });
  counts.agent(rides, async (stream) => {
    for await (
      const { vendor } of stream.groupBy("vendor", (ride) => ride.vendor, { key: int64 })
    ) {
      trips.update(vendor, (n) => n + 1);
    }
  });
  assert.deepEqual(
    counts.topology().subTopologies.map((sub) => [sub.sourceTopics, sub.stores]),
    [[["rides"], []], [["counts-vendor-repartition"], ["trips"]]],
  );
  using driver = new TestDriver(counts, { partitions: 3 });
  await driver.pipe(rides, ride(1, 0), ride(2, 1), ride(1, 2));
  assert.deepEqual(driver.table("trips"), new Map([[1, 2], [2, 1]]));
});

Deno.test("App.agent() acknowledges a record when the loop asks for the next, in order", async () => {
  const slow = app("slow");
  const log: string[] = [];
  slow.agent(rides, async (stream) => {
    for await (const { vendor } of stream) {
      log.push(`begin ${vendor}`);
      await Promise.resolve();
      log.push(`end ${vendor}`);
    }
  });
  using driver = new TestDriver(slow);
  await driver.pipe(rides, ride(1, 0), ride(2, 1));
  assert.deepEqual(log, ["begin 1", "end 1", "begin 2", "end 2"]);
  assert.equal(driver.tasks[0]?.positions().get("rides"), 2);
});

Deno.test("App.agent() counts in windows and tells late records", async () => {
  const minutes = app("minutes");
  const windows = tumbling({ sizeMs: 60_000 });
  const trips = minutes.table("trips", { key: int64, default: () => 0, windows });
  minutes.agent(rides, async (stream) => {
    for await (const { vendor } of stream) trips.update(vendor, (n) => n + 1);
  });
  using driver = new TestDriver(minutes);
  await driver.pipe(rides, ride(1, 10), ride(1, 70_000), ride(1, 20));
  assert.deepEqual([...driver.table("trips")], [
    [{ key: 1, start: 0, end: 60_000 }, 1],
    [{ key: 1, start: 60_000, end: 120_000 }, 1],
  ]);
  assert.equal(driver.metrics()[0]?.nodes["AGENT-0000000001"]?.dropped["late"], 1);
});

Deno.test("App.agent() sends to topics, with the time of the record at hand", async () => {
  const prices = app("prices");
  const high = topic("high", { key: string, value: rides.value });
  prices.agent(rides, async (stream, { send }) => {
    for await (const { key, value } of stream.records()) {
      if (value.fare >= 40) send(high, { key, value });
    }
  });
  using driver = new TestDriver(prices);
  await driver.pipe(rides, ride(1, 5, 50), ride(2, 6, 3));
  assert.deepEqual(driver.read(high).map(({ value, timestamp }) => [value?.fare, timestamp]), [
    [50, 5],
  ]);
});

Deno.test("App.agent() stops the task with the record's place when the body throws", async () => {
  const picky = app("picky");
  picky.agent(rides, async (stream) => {
    for await (const { fare } of stream) {
      await Promise.resolve();
      if (fare < 0) throw new RangeError("a negative fare");
    }
  });
  using driver = new TestDriver(picky);
  await driver.pipe(rides, ride(1, 0));
  await assert.rejects(async () => await driver.pipe(rides, ride(1, 1, -1)), {
    name: "StreamsError",
    stage: "process",
    offset: 1,
    message: /a negative fare/,
  });
});

Deno.test("App.agent() starts its body again after a record that is skipped", async () => {
  const picky = app("picky", { onError: { process: "skip" } });
  const seen: number[] = [];
  picky.agent(rides, async (stream) => {
    for await (const { fare } of stream) {
      if (fare < 0) throw new RangeError("a negative fare");
      seen.push(fare);
    }
  });
  using driver = new TestDriver(picky);
  await driver.pipe(rides, ride(1, 0, 1), ride(1, 1, -1), ride(1, 2, 3));
  assert.deepEqual(seen, [1, 3]);
});

Deno.test("AgentTable.get() says where it can be used", () => {
  const trips = app("counts").table("trips", { default: () => 0 });
  assert.throws(() => trips.get("1"), {
    name: "TypeError",
    message: /^Cannot use table "trips" here: it belongs to tasks/,
  });
});
