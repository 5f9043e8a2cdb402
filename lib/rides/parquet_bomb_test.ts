/** A file whose pages hold a few bytes and any number of equal rows. */
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { gunzipSync } from "node:zlib";
import { readParquet } from "./mod.ts";

/** Seven columns of one page each, in which one run says that 100,000,000 rows are the first entry of a dictionary. */
const EQUAL_ROWS = gunzipSync(Buffer.from(
  "H4sIALfsCGsC/82ToU/DUBDGr13XLEuBil1Dk9lVYeAfICQISBALArnmpXuFZrR9ad/EEkQFAoFAI5EYJAaJg78BB5Jg" +
    "8Nz20vBK5kBw7t73+77cXfKGO4ebaKGL7gGaCAAGqEJAB50NrM7vQpJttEmbN/AbXNXH9r9Ih+p18nTfhr/DTf9yzy6j" +
    "E54yXCX3ANY7Rzwb58X+rmrXBCtLnh3zIozyaSYBu/S6IotEhOOklCyLuCIdwWYpz2QoZ4IrzJG5ZKchS5VzTvWk4CIU" +
    "STSZUgCTXCYpH/SUiAtxXOQij2Nd9ebj+n3/LOj00fLR9b/nRKV6I28UbAUdgCCumZ/D6+iVEcTEPhp97C7g5k46+m4Q" +
    "RuyNWQc3dtXRZ5MoQqtWHdu4gY7etogi9KVVpy69jW65sIgmy4NVW5ZfTPe8WYQDeNftxRvAJ60ypF/0BeA7UZNKAwAA",
  "base64",
));
const CLAIMED = 100_000_000;

/** In four bytes, whatever it is. */
function varint(number: number): Buffer {
  const sevens = [0, 7, 14, 21].map((shift) => number >> shift & 127);
  return Buffer.from(sevens.map((seven, at) => at < 3 ? seven | 128 : seven));
}

/** The same file with another number of rows, and with other bytes in place of some. */
function equalRows(rows: number, replace: (hex: string) => string = (hex) => hex): Uint8Array {
  const hex = EQUAL_ROWS.toString("hex")
    .replaceAll(varint(2 * CLAIMED).toString("hex"), varint(2 * rows).toString("hex"));
  return Buffer.from(replace(hex), "hex");
}

async function read(bytes: Uint8Array): Promise<number> {
  const path = await Deno.makeTempFile({ suffix: ".parquet" });
  try {
    await Deno.writeFile(path, bytes);
    let rows = 0;
    for await (const { ride } of readParquet(path)) rows += Number(ride !== undefined);
    return rows;
  } finally {
    await Deno.remove(path);
  }
}

/** The run of a page: its values are a bit wide, so many are alike, and they are 0. */
const run = (rows: number) => `01${varint(2 * rows).toString("hex")}00`;
/** Values of no bits need no runs: all of them are the first entry. */
const noBits = (rows: number) => (hex: string) =>
  hex.replaceAll(run(rows), `00${run(rows).slice(2)}`);

Deno.test("readParquet() reads equal rows from a run, and from a dictionary of one entry", async () => {
  assert.equal(await read(equalRows(1_000)), 1_000);
  assert.equal(await read(equalRows(1_000, noBits(1_000))), 1_000);
});

for (const rows of [10_000_001, CLAIMED]) {
  const refused = {
    name: "SyntaxError",
    message: new RegExp(
      `column "VendorID" .*: a page claims ${rows} values, and more than 10000000 are not read`,
    ),
  };
  Deno.test(`readParquet() refuses a page of ${rows} values before it makes room for them`, async () => {
    await assert.rejects(read(equalRows(rows)), refused);
    await assert.rejects(read(equalRows(rows, noBits(rows))), refused);
  });
}

Deno.test("readParquet() refuses a dictionary that claims more entries than it has room for", async () => {
  // The header of a dictionary page: its count is the 1 behind 4c15.
  const claims = (hex: string) =>
    hex.replaceAll("4c1502", `4c15${varint(2 * 900).toString("hex")}`);
  await assert.rejects(read(equalRows(1_000, claims)), { name: "SyntaxError" });
});
