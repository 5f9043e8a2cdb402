/** What the observe cells of the joins say, computed from the file by plain loops. */
import assert from "node:assert/strict";
import { crc32 } from "node:zlib";
import { lectures } from "../lib/course/mod.ts";
import { readRides, readTrips, sampleFile } from "../lib/rides/mod.ts";
import { int64, partitionForKey } from "../lib/serde/mod.ts";

/** The prose of a cell of the course. */
async function said(notebook: string, cell: string): Promise<string> {
  const [lecture] = await lectures([notebook]);
  return lecture!.notebook.cells.find(({ id }) => id === cell)!.source;
}

Deno.test("notebook 15 says how many of a thousand rides lie where CRC-32 and murmur2 agree", async () => {
  const { starts } = await readTrips({ limit: 1_000 });
  let found = 0;
  for (const { PULocationID } of starts) {
    const bytes = int64.encode(PULocationID, "starts");
    if (crc32(bytes) % 2 === partitionForKey(bytes, 2)) found += 1;
  }
  const [number] = /^\d+/.exec(await said("15", "partitioner-observe"))!;
  assert.equal(Number(number), found);
});

Deno.test("notebook 16 says how many starts wait at most, and how many are left when ends are lost", async () => {
  const { starts, ends } = await readTrips({ limit: 1_000 });
  const waiting = (lost: (rideId: number) => boolean) => {
    const open = new Set<number>();
    let most = 0, at = 0;
    for (const start of starts) {
      for (; ends[at]!.tpep_dropoff_datetime < start.tpep_pickup_datetime; at++) {
        if (!lost(ends[at]!.rideId)) open.delete(ends[at]!.rideId);
      }
      open.add(start.rideId);
      most = Math.max(most, open.size);
    }
    for (const { rideId } of ends.slice(at)) if (!lost(rideId)) open.delete(rideId);
    return { most, left: open.size };
  };
  const prose = await said("16", "memory-observe");
  const all = waiting(() => false), some = waiting((rideId) => rideId % 50 === 0);
  assert.match(prose, new RegExp(`, ${all.most} starts wait at most, and none at the end`));
  assert.match(prose, new RegExp(`With 2 % lost, ${some.left} are left`));
  assert.equal(all.left, 0);
});

Deno.test("notebook 16 says how many rides take 30 minutes at most, and how many trips a vendor has", async () => {
  const { starts, ends } = await readTrips({ limit: 1_000 });
  const pickup = new Map(starts.map((one) => [one.rideId, one.tpep_pickup_datetime]));
  const minutes = ends.map((one) => (one.tpep_dropoff_datetime - pickup.get(one.rideId)!) / 60_000);
  const joined = minutes.filter((one) => one <= 30).length;
  assert.match(await said("16", "window-observe"), new RegExp(`^${joined}\\. `));
  assert.equal(Math.max(...minutes), 55);
  const half = minutes.filter((one) => one < 10).length;
  assert.ok(half >= 500, `${half} take less than 10 minutes`);
  const trips = starts.filter(({ vendorId }) => vendorId === 2).length;
  assert.match(await said("16", "foreign-observe"), new RegExp(`^${trips}: `));
});

Deno.test("notebook 18 says how many alarms an end raises, how late, and how many time raises", async () => {
  const { starts, ends } = await readTrips({ limit: 1_000 });
  const begun = new Map(starts.map((one) => [one.rideId, one.tpep_pickup_datetime]));
  const heard = ends.filter(({ rideId }) => rideId % 50 !== 0);
  const late = heard.map((one) => one.tpep_dropoff_datetime - begun.get(one.rideId)! - HALF_HOUR)
    .filter((ms) => ms > 0);
  assert.match(
    await said("18", "wait-observe"),
    new RegExp(`^${late.length} alarms, half of them`),
  );
  const slow = late.filter((ms) => ms > 20 * 60_000).length;
  assert.equal(Math.round(2 * slow / late.length), 1);
  assert.equal(Math.max(...late), 25 * 60_000);

  // Alarms of time itself: at the first record of each minute of the clock, whatever is open for half an hour.
  const events = [
    ...starts.map((one) => ({ rideId: one.rideId, at: one.tpep_pickup_datetime, start: true })),
    ...heard.map((one) => ({ rideId: one.rideId, at: one.tpep_dropoff_datetime, start: false })),
  ].sort((a, b) => a.at - b.at);
  const open = new Map<number, number>(), raised: number[] = [];
  let next = 0;
  for (const { rideId, at, start } of events) {
    if (start) open.set(rideId, at);
    else open.delete(rideId);
    if (at < next) continue;
    next = (Math.floor(at / 60_000) + 1) * 60_000;
    for (const [rideId, start] of open) {
      if (start + HALF_HOUR > at) continue;
      raised.push(at - start - HALF_HOUR);
      open.delete(rideId);
    }
  }
  const prose = await said("18", "whole-observe");
  assert.match(
    prose,
    new RegExp(`^${raised.length}\\. .* ${Math.max(...raised) / 1_000} seconds`, "s"),
  );
  assert.equal(open.size, 0);
});

const HALF_HOUR = 30 * 60_000;

Deno.test("notebook 20 says how many of its 300 rides are vendor 2's, once and three times", async () => {
  let twos = 0;
  for await (const { vendorId } of readRides(sampleFile(), { limit: 300 })) {
    if (vendorId === 2) twos += 1;
  }
  assert.match(await said("20", "filter-predict"), new RegExp(`300 rides, ${twos} of them`));
  assert.match(await said("20", "filter-observe"), new RegExp(`^1, not ${twos + 1}\\.`));
  const sent = 3 * twos;
  assert.match(
    await said("20", "rolling-observe"),
    new RegExp(`^Sent ${sent}, counted ${sent}\\.`),
  );
});

Deno.test("notebook 17 says how many zones a thousand rides begin in", async () => {
  const { starts } = await readTrips({ limit: 1_000 });
  const zones = new Set(starts.map(({ PULocationID }) => PULocationID)).size;
  assert.match(await said("17", "grow-observe"), new RegExp(`${zones} of the 263 have been seen`));
  assert.match(await said("17", "ask-observe"), new RegExp(`together ${zones}, and`));
});
