import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { readParquet } from "./mod.ts";

const testdata = (name: string) => fileURLToPath(new URL(`testdata/${name}`, import.meta.url));

/** Row i of the files, made by pyarrow in three row groups (`testdata/README.md`). */
const expected = (i: number) => ({
  vendorId: [1, 2, 6][i % 3],
  passenger_count: i % 3 === 2 ? 0 : i % 5,
  trip_distance: Math.round(i * 10) / 100,
  payment_type: i % 3 === 2 ? 0 : 1 + i % 2,
  total_amount: -5 + i * 0.5,
  tpep_pickup_datetime: Date.UTC(2021, 0, 1, 0, 30, 10 + i * 7),
  tpep_dropoff_datetime: Date.UTC(2021, 0, 1, 0, 36, 10 + i * 7),
});

for (const codec of ["snappy", "zstd"]) {
  Deno.test(`readParquet() reads every row of a file packed with ${codec}`, async () => {
    const rows = await Array.fromAsync(readParquet(testdata(`rides_${codec}.parquet`)));
    assert.equal(rows.length, 120);
    for (const [i, row] of rows.entries()) {
      assert.equal(row.line, i + 1);
      if (i !== 100) assert.deepEqual(row.ride, expected(i));
    }
  });

  Deno.test(`readParquet() reports a row without a pickup time (${codec})`, async () => {
    const rows = await Array.fromAsync(readParquet(testdata(`rides_${codec}.parquet`)));
    assert.deepEqual(rows.filter((row) => !row.ride), [{
      line: 101,
      reason: "tpep_pickup_datetime is empty or no number",
      text: "2,0,10,1,45,,2021-01-01 00:47:50",
    }]);
  });
}

Deno.test("readParquet() says what a file that is not Parquet is for", async () => {
  const csv = fileURLToPath(new URL("../../data/rides.csv", import.meta.url));
  await assert.rejects(readParquet(csv).next(), {
    name: "SyntaxError",
    message: /data\/rides\.csv" as Parquet: .*\(fetch the file again; a CSV file is read by --csv/,
  });
});

Deno.test("readParquet() refuses a file cut short", async () => {
  const bytes = await Deno.readFile(testdata("rides_zstd.parquet"));
  const path = await Deno.makeTempFile({ suffix: ".parquet" });
  try {
    await Deno.writeFile(path, bytes.slice(0, 6_000));
    await assert.rejects(readParquet(path).next(), { name: "SyntaxError", message: /as Parquet/ });
    // The footer is whole but says more than the file holds: a hole in the middle.
    await Deno.writeFile(path, bytes.fill(0xff, 100, 3_000));
    await assert.rejects(readParquet(path).next(), {
      name: "SyntaxError",
      message: /Cannot read column "VendorID" of .* \(the file is damaged: fetch it again\)/,
    });
  } finally {
    await Deno.remove(path);
  }
});

Deno.test("readParquet() refuses a page that a decoder would read for ever", async () => {
  const bytes = await Deno.readFile(testdata("rides_zstd.parquet"));
  // The last VendorID page: RLE in place of the dictionary's numbers, and no word on which cells are empty.
  const header = [0x15, 0x28, 0x15, 0x10, 0x15, 0x04];
  const at = bytes.findLastIndex((_, at) => header.every((byte, i) => bytes[at + i] === byte));
  bytes.set([0x15, 0x28, 0x15, 0x06, 0x15, 0x00], at);
  const path = await Deno.makeTempFile();
  try {
    await Deno.writeFile(path, bytes);
    await assert.rejects(Array.fromAsync(readParquet(path)), {
      name: "SyntaxError",
      message: /Cannot read column "[^"]*" of .* \(the file is damaged: fetch it again\)/,
    });
  } finally {
    await Deno.remove(path);
  }
});

Deno.test("readParquet() names a file that is not there", async () => {
  await assert.rejects(readParquet("nowhere.parquet").next(), {
    message: /"nowhere\.parquet": there is no such file/,
  });
});

Deno.test("readParquet() closes the file when the reader stops early", async () => {
  for await (const row of readParquet(testdata("rides_snappy.parquet"))) {
    assert.equal(row.line, 1);
    break;
  }
});
