import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { type MalformedRow, readRides, sampleFile } from "./mod.ts";

const H = "VendorID,tpep_pickup_datetime,tpep_dropoff_datetime,passenger_count,trip_distance," +
  "payment_type,total_amount";
const G = "1,2021-01-01 00:30:10,2021-01-01 00:36:12,1,2.10,2,11.8";
const file = (rows: readonly string[]) => new Blob([[H, ...rows].join("\n")]).stream();
const filled = (good: number, bad: number) => [
  ...Array<string>(good).fill(G),
  ...Array<string>(bad).fill("bad"),
];

Deno.test("readRides() yields the rides and tells of the malformed rows", async () => {
  const malformed: MalformedRow[] = [];
  const onMalformed = (row: MalformedRow) => malformed.push(row);
  const rides = await Array.fromAsync(readRides(file([G, "x", G]), { onMalformed }));
  assert.equal(rides.length, 2);
  assert.deepEqual(malformed, [
    { line: 3, reason: "has 1 fields where the header has 7", text: "x" },
  ]);
});

Deno.test("readRides() throws on a malformed row that nobody listens for", async () => {
  await assert.rejects(Array.fromAsync(readRides(file([G, "x"]))), {
    name: "SyntaxError",
    message: 'Cannot read line 3 of "the stream": has 1 fields where the header has 7 ' +
      "(pass onMalformed to go on without it)",
  });
});

Deno.test("readRides() gives up on a file that is something else", async () => {
  await assert.rejects(Array.fromAsync(readRides(file(filled(500, 300)), { onMalformed() {} })), {
    name: "SyntaxError",
    message: 'Cannot go on with "the stream": 101 of its first 601 rows are malformed, ' +
      "more than 1 % (is it a TLC file of yellow rides?)",
  });
});

Deno.test("readRides() bears a hundred malformed rows, and any number when told", async () => {
  const onMalformed = () => {};
  assert.equal(
    (await Array.fromAsync(readRides(file(filled(5, 100)), { onMalformed }))).length,
    5,
  );
  const options = { onMalformed, maxMalformedShare: 1 };
  assert.equal((await Array.fromAsync(readRides(file(filled(5, 300)), options))).length, 5);
});

Deno.test("readRides() ends at the limit", async () => {
  assert.equal((await Array.fromAsync(readRides(file([G, G, "x"]), { limit: 2 }))).length, 2);
  assert.deepEqual(await Array.fromAsync(readRides("nowhere.csv", { limit: 0 })), []);
});

Deno.test("readRides() tells Parquet from CSV by the first bytes", async () => {
  const parquet = fileURLToPath(new URL("testdata/rides_zstd.parquet", import.meta.url));
  for (const path of [parquet, sampleFile()]) {
    assert.equal((await Array.fromAsync(readRides(path, { limit: 3 }))).length, 3);
  }
});
