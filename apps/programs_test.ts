import assert from "node:assert/strict";
import { string, TestDriver, topic } from "../lib/streams/mod.ts";
import { HIGH_AMOUNT, LOW_AMOUNT } from "./branch_price.ts";
import { type ProgramName, PROGRAMS } from "./programs.ts";
import { RIDES } from "./ride_topic.ts";

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
