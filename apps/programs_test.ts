import assert from "node:assert/strict";
import { string, TestDriver, topic } from "../lib/streams/mod.ts";
import { HIGH_AMOUNT, LOW_AMOUNT } from "./branch_price.ts";
import { type ProgramName, PROGRAMS } from "./programs.ts";
import { RIDES } from "./ride_topic.ts";
import { UNUSUAL_FARES } from "./unusual_fares.ts";

// Records as `producer_taxi_json.py` of DataTalksClub/data-engineering-zoomcamp (07-streaming) writes them: five
// fields, the spaces of Python's json.dumps, no times.
const SEED = [[1, 11.8], [2, 59.48], [2, 39.99], [6, 40]].map(([vendor, total]) => ({
  key: `{"vendorId": ${vendor}}`,
  value: `{"vendorId": ${vendor}, "passenger_count": 1, "trip_distance": 2.1, "payment_type": 2, ` +
    `"total_amount": ${total}}`,
}));

/** Runs a program over the seed's records, produced two seconds apart. */
async function driven(name: ProgramName, time: "record" | "pickup" = "record") {
  const driver = new TestDriver(PROGRAMS[name].build("seed", { time }));
  const asText = topic(RIDES.name, { key: string, value: string });
  await driver.pipe(asText, ...SEED.map((one, i) => ({ ...one, timestamp: 120_000 + i * 2_000 })));
  return driver;
}

Deno.test("stream prints the rides of the original course's producer", async () => {
  const { log } = console, lines: string[] = [];
  console.log = (line) => lines.push(line);
  try {
    (await driven("stream")).close();
  } finally {
    console.log = log;
  }
  assert.deepEqual(lines, SEED.map(({ value }) => value.replaceAll(" ", "")));
});

Deno.test("stream_count_vendor_trips counts the rides of the original course's producer", async () => {
  using driver = await driven("stream_count_vendor_trips");
  assert.deepEqual(driver.table("vendor_rides"), new Map([[1, 1], [2, 2], [6, 1]]));
});

Deno.test("branch_price hands on the rides of the original course's producer byte by byte", async () => {
  using driver = await driven("branch_price");
  const values = (name: string) =>
    driver.read(topic(name, { key: string, value: string })).map(({ value }) => value);
  assert.deepEqual(values(HIGH_AMOUNT), [SEED[1]!.value, SEED[3]!.value]);
  assert.deepEqual(values(LOW_AMOUNT), [SEED[0]!.value, SEED[2]!.value]);
});

Deno.test("windowing counts rides without a pickup time by produce time, and by pickup time names the flag", async () => {
  using driver = await driven("windowing");
  const counts = [...driver.table<unknown, number>("vendor_rides_windowed").values()];
  assert.deepEqual(counts, [1, 2, 1]);
  await assert.rejects(driven("windowing", "pickup"), {
    name: "StreamsError",
    stage: "decode",
    message: /"tpep_pickup_datetime" is missing, which --time pickup needs/,
  });
});

Deno.test("ride_sessions counts bursts of rides of a vendor: a pause of more than ten seconds begins another", async () => {
  const driver = new TestDriver(PROGRAMS.ride_sessions.build("seed", {}));
  const asText = topic(RIDES.name, { key: string, value: string });
  const seconds = [0, 4, 14, 25, 26];
  await driver.pipe(asText, ...seconds.map((at) => ({ ...SEED[1]!, timestamp: at * 1_000 })));
  const bursts = [...driver.table<{ start: number; end: number }, number>("vendor_sessions")];
  assert.deepEqual(bursts.map(([{ start, end }, rides]) => [start, end, rides]), [
    [0, 14_000, 3],
    [25_000, 26_000, 2],
  ]);
  driver.close();
});

Deno.test("unusual_fares hands on a ride that costs more than twice its vendor's average, with that average", async () => {
  const driver = new TestDriver(PROGRAMS.unusual_fares.build("seed", {}));
  const asText = topic(RIDES.name, { key: string, value: string });
  const ride = (vendor: number, total: number) =>
    SEED[0]!.value.replace('"vendorId": 1', `"vendorId": ${vendor}`).replace("11.8", `${total}`);
  // 10, 20 and 90 are 40 on the average; vendor 2's only ride is its average.
  const values = [ride(1, 10), ride(1, 20), ride(2, 500), ride(1, 90), ride(1, 30)];
  await driver.pipe(asText, ...values.map((value, at) => ({ key: "", value, timestamp: at })));
  const found = driver.read<number, { total_amount: number; average: number }>(UNUSUAL_FARES);
  assert.deepEqual(found.map(({ value }) => [value?.total_amount, value?.average]), [[90, 40]]);
  assert.deepEqual(driver.table("vendor_fares").get(1), { rides: 4, dollars: 150 });
  driver.close();
});
