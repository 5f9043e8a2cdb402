import assert from "node:assert/strict";
import { readTrips } from "./trips.ts";
import { readZones } from "./zones.ts";

Deno.test("readZones() reads 265 zones whose numbers are their places", async () => {
  const zones = await readZones();
  assert.deepEqual(zones.map(({ id }) => id), Array.from({ length: 265 }, (_, at) => at + 1));
});

Deno.test("readZones() refuses a row without a name, and says which columns it needs", async () => {
  const path = await Deno.makeTempFile({ suffix: ".csv" });
  await Deno.writeTextFile(path, "LocationID,Borough,Zone,service_zone\n1,EWR,,EWR\n");
  await assert.rejects(readZones(path), {
    name: "SyntaxError",
    message: `Cannot read zones from "${path}": row 1 is ` +
      '{"LocationID":"1","Borough":"EWR","Zone":"","service_zone":"EWR"} ' +
      "(its columns are LocationID, Borough, Zone, service_zone)",
  });
  await Deno.remove(path);
});

Deno.test("readTrips() gives each ride a start and an end, in the order of their own times", async () => {
  const { starts, ends } = await readTrips();
  assert.equal(starts.length, 10_000);
  const byId = new Map(starts.map((start) => [start.rideId, start]));
  let pickup = -Infinity, dropoff = -Infinity;
  for (const [at, end] of ends.entries()) {
    const start = byId.get(end.rideId)!;
    assert.ok(start.tpep_pickup_datetime < end.tpep_dropoff_datetime);
    assert.ok(starts[at]!.tpep_pickup_datetime >= pickup && end.tpep_dropoff_datetime >= dropoff);
    pickup = starts[at]!.tpep_pickup_datetime, dropoff = end.tpep_dropoff_datetime;
  }
});

Deno.test("readTrips() refuses a row without a zone by its line", async () => {
  const path = await Deno.makeTempFile({ suffix: ".csv" });
  const header =
    "VendorID,tpep_pickup_datetime,tpep_dropoff_datetime,PULocationID,DOLocationID,total_amount";
  await Deno.writeTextFile(path, `${header}\n1,2021-01-01 00:00:00,2021-01-01 00:01:00,,2,5\n`);
  await assert.rejects(readTrips({ path }), {
    name: "SyntaxError",
    message:
      `Cannot read trips from "${path}": line 2 has no "PULocationID" (use a TLC file of yellow rides)`,
  });
  await Deno.remove(path);
});
