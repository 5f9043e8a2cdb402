import assert from "node:assert/strict";
import { latenessMs, readCsv, sampleFile, sampleRides, type TaxiRide } from "./mod.ts";
import { drawFrom, pickFrom, seeded } from "./random.ts";

const rows = await Array.fromAsync(readCsv(sampleFile()));
const rides = rows.flatMap((row) => row.ride ?? []);
const count = (is: (ride: TaxiRide) => boolean) => rides.filter(is).length;

Deno.test("data/rides.csv is what sampleRides() makes, byte for byte", async () => {
  const made = [...sampleRides()].join("\n") + "\n";
  assert.ok(made === await Deno.readTextFile(sampleFile()), 'run "deno task sample"');
});

Deno.test("data/rides.csv has 10,000 rides and no malformed row", () => {
  assert.deepEqual([rows.length, rides.length], [10_000, 10_000]);
});

Deno.test("data/rides.csv holds what data/README.md says it holds", async () => {
  const readme = await Deno.readTextFile(new URL("../../data/README.md", import.meta.url));
  const claims = [
    ["vendor 1", count((ride) => ride.vendorId === 1)],
    ["vendor 2", count((ride) => ride.vendorId === 2)],
    ["vendor 6", count((ride) => ride.vendorId === 6)],
    ["total of $40 or more", count((ride) => ride.total_amount >= 40)],
    ["total of exactly $40", count((ride) => ride.total_amount === 40)],
    ["total below $0", count((ride) => ride.total_amount < 0)],
    ["no passenger, or none stated", count((ride) => ride.passenger_count === 0)],
  ] as const;
  for (const [what, rides] of claims) {
    assert.ok(rides > 0 && rides < 10_000);
    assert.ok(readme.includes(`| ${what} | ${rides.toLocaleString("en")} |`), `${what}: ${rides}`);
  }
});

Deno.test("data/rides.csv is out of order by up to an hour, and never by more", async () => {
  const late = latenessMs(rides);
  const most = late.reduce((a, b) => Math.max(a, b));
  assert.ok(most > 50 * 60_000 && most < 60 * 60_000);
  const readme = await Deno.readTextFile(new URL("../../data/README.md", import.meta.url));
  for (const [limit, ms] of [["5 s", 5e3], ["5 min", 3e5], ["30 min", 18e5]] as const) {
    const rides = late.filter((one) => one > ms).length.toLocaleString("en");
    assert.ok(
      readme.includes(`| pickup more than ${limit} late | ${rides} |`),
      `${limit}: ${rides}`,
    );
  }
});

Deno.test("sampleRides() carries rides over midnight into the next day's file order", async () => {
  const file = new Blob([[...sampleRides({ rows: 20_500 })].join("\n")]).stream();
  const long = (await Array.fromAsync(readCsv(file))).map((row) => row.ride!);
  assert.equal(long.length, 20_500);
  assert.ok(latenessMs(long).every((ms) => ms < 3_600_000));
  const days = new Set(long.map((ride) => Math.floor(ride.tpep_pickup_datetime / 86_400_000)));
  assert.equal(days.size, 3);
});

Deno.test("sampleRides() makes other rides from another seed, and none when asked for none", () => {
  assert.notDeepEqual([...sampleRides({ rows: 3, seed: 1 })], [...sampleRides({ rows: 3 })]);
  assert.equal([...sampleRides({ rows: 0 })].length, 1);
});

Deno.test("seeded() gives the published numbers of Mulberry32", () => {
  const random = seeded(0);
  assert.deepEqual([random(), random()].map((one) => one * 2 ** 32), [1144304738, 1416247]);
});

Deno.test("drawFrom() and pickFrom() follow the line and the weights", () => {
  const at = (share: number) => () => share;
  assert.equal(drawFrom([[0, 10], [0.5, 20], [1, 40]], at(0.25)), 15);
  assert.equal(drawFrom([[0, 10], [0.5, 20], [1, 40]], at(0.75)), 30);
  assert.equal(pickFrom([["a", 1], ["b", 3]], at(0.24)), "a");
  assert.equal(pickFrom([["a", 1], ["b", 3]], at(0.25)), "b");
});
