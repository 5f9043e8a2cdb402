/** Notebook 13 says how many rides are late for a grace: the same as a count over the file that knows no library. */
import assert from "node:assert/strict";
import {
  pickupTimeMs,
  readRides,
  rideJson,
  rideKey,
  rideKeyJson,
  sampleFile,
} from "../lib/rides/mod.ts";
import { app, int64, TestDriver, topic, tumbling } from "../lib/streams/mod.ts";
import { arrivals } from "../lib/views/mod.ts";

const MINUTE = 60_000;
const RIDES = topic("rides", {
  key: rideKeyJson,
  value: rideJson,
  timestamp: pickupTimeMs,
  nullable: false,
});

/** Pickups straight from the file's text, in its order. */
async function pickups(rows: number): Promise<number[]> {
  const [header, ...lines] = (await Deno.readTextFile(sampleFile())).trimEnd().split("\n");
  const column = header!.split(",").indexOf("tpep_pickup_datetime");
  return lines.slice(0, rows).map((line) => Date.parse(`${line.split(",")[column]!.trim()}Z`));
}

function lateInFile(pickupsMs: readonly number[], graceMs: number): number {
  let newest = -Infinity, late = 0;
  for (const pickup of pickupsMs) {
    newest = Math.max(newest, pickup);
    if (Math.floor(pickup / MINUTE + 1) * MINUTE + graceMs <= newest) late++;
  }
  return late;
}

type Rides = Awaited<ReturnType<typeof theRides>>;

function theRides(limit: number) {
  return Array.fromAsync(readRides(sampleFile(), { limit }));
}

/** What the windows of the notebook count, and what they refuse. */
function inWindows(rides: Rides, graceMs: number): { counted: number; late: number } {
  const program = app("minutes");
  const minutes = program.stream(RIDES).groupBy("m", (ride) => ride.vendorId, { key: int64 })
    .windowedBy(tumbling({ sizeMs: MINUTE, graceMs })).count("m", { retentionMs: Infinity });
  minutes.late.groupByKey().count("late");
  using driver = new TestDriver(program);
  driver.enqueue(
    RIDES,
    ...rides.map((value) => ({ key: rideKey(value), value, timestamp: 0 })),
  );
  driver.run();
  const total = (table: string) =>
    [...driver.table<unknown, number>(table).values()].reduce((sum, n) => sum + n, 0);
  return { counted: total("m"), late: total("late") };
}

Deno.test("late rides of notebook 13 are those of a plain count over the file, for every grace", async () => {
  const rides = await theRides(1_000), file = await pickups(1_000);
  const stated = [[0, 821], [1, 766], [5, 565], [15, 280], [30, 131], [60, 0]] as const;
  for (const [minutes, late] of stated) {
    assert.equal(lateInFile(file, minutes * MINUTE), late, `${minutes} minutes, file`);
    assert.deepEqual(inWindows(rides, minutes * MINUTE), { counted: 1_000 - late, late });
  }
});

Deno.test("late rides of the whole file in two orders are those of a plain count", async () => {
  const rides = await theRides(10_000), file = await pickups(10_000);
  // Every seventh ride first, then the others: another order, the same on every machine.
  const mixed = <T>(all: readonly T[]) =>
    [...all.keys()].sort((a, b) => a % 7 - b % 7 || a - b).map((at) => all[at]!);
  for (const graceMs of [0, 5_000, 30 * MINUTE]) {
    for (const order of [<T>(all: readonly T[]) => all, mixed]) {
      const late = lateInFile(order(file), graceMs);
      assert.deepEqual(inWindows([...order(rides)], graceMs), { counted: 10_000 - late, late });
    }
  }
});

Deno.test("arrivals() calls the same rides late as the windows do", async () => {
  const rides = await theRides(1_000), graceMs = 5 * MINUTE;
  const arriving = rides.map((ride) => ({ timeMs: ride.tpep_pickup_datetime }));
  const { records, windows } = arrivals(arriving, { sizeMs: MINUTE, graceMs });
  const late = records.filter((one) => one.late).length;
  assert.deepEqual(inWindows(rides, graceMs), { counted: 1_000 - late, late });
  assert.equal(windows.reduce((sum, { count }) => sum + count, 0), 1_000 - late);
});
