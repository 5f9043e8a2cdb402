import assert from "node:assert/strict";
import { readCsv } from "./mod.ts";
import { seeded } from "./random.ts";
import type { Row } from "./mod.ts";

const H = "VendorID,tpep_pickup_datetime,tpep_dropoff_datetime,passenger_count,trip_distance," +
  "payment_type,total_amount";
const G = "1,2021-01-01 00:30:10,2021-01-01 00:36:12,1,2.10,2,11.8";
const OPEN = '1,"2021-01-01 00:30:10,2021-01-01 00:36:12,1,2.10,2,11.8';

const bytes = (text: string) => new TextEncoder().encode(text);
const stream = (data: Uint8Array | string) => new Blob([data as BlobPart]).stream();
const rowsOf = (data: Uint8Array | string): Promise<Row[]> =>
  Array.fromAsync(readCsv(stream(data)));
/** What became of each row: `2 ok`, or its line and reason. */
const told = (rows: readonly Row[]) =>
  rows.map((row) => row.ride ? `${row.line} ok` : `${row.line} ${row.reason}`);

/** The corpus of broken files (R20): what each row of the file must become. */
const BROKEN: Record<string, readonly [file: string | Uint8Array, rows: readonly string[]]> = {
  "a good file": [`${H}\n${G}\n`, ["2 ok"]],
  "an open quote": [
    `${H}\n${G}\n${OPEN}\n${G}\n${G}\n`,
    ["2 ok", "3 a quote is opened and not closed", "4 ok", "5 ok"],
  ],
  "a quote inside a field": [
    `${H}\n${G.replace("2.10", '2"10')}\n${G}\n`,
    ["2 a quote stands inside a field", "3 ok"],
  ],
  "a missing field": [
    `${H}\n${G.slice(0, -5)}\n${G}\n`,
    ["2 has 6 fields where the header has 7", "3 ok"],
  ],
  "a field too many": [
    `${H}\n${G},6\n${G}\n`,
    ["2 has 8 fields where the header has 7", "3 ok"],
  ],
  "empty fields too many, as in late 2016": [`${H}\n${G},,\n${G}\n`, ["2 ok", "3 ok"]],
  "blank lines": [`${H}\n\n${G}\n \n\n${G}\n`, ["3 ok", "6 ok"]],
  "only a header": [`${H}\n`, []],
  "CRLF": [`${H}\r\n${G}\r\n`, ["2 ok"]],
  "mixed line ends": [`${H}\n${G}\r\n${G}\n`, ["2 ok", "3 ok"]],
  "a byte order mark": [`\ufeff${H}\n${G}\n`, ["2 ok"]],
  "a NUL": [`${H}\n${G.replace("2021", "20\0")}\n${G}\n`, ["2 holds a NUL byte", "3 ok"]],
  "no line end at the end": [`${H}\n${G}`, ["2 ok"]],
  "spaces and quotes around fields": [
    `${H}\n${G.split(",").map((field) => ` "${field}" `).join(",")}\n`,
    ["2 ok"],
  ],
  "every field quoted": [`"${H.replaceAll(",", '","')}"\n"${G.replaceAll(",", '","')}"\n`, [
    "2 ok",
  ]],
  "Latin-1": [
    new Uint8Array([...bytes(`${H}\n1`), 0xe9, ...bytes(`${G}\n${G}\n`)]),
    ["2 holds bytes that are not UTF-8", "3 ok"],
  ],
  "a line break in quotes": [
    `${H}\n1,"2021-01-01\n00:30:10",2021-01-01 00:36:12,1,2.10,2,11.8\n${G}\n`,
    ["2 a quote is opened and not closed", "3 a quote stands inside a field", "4 ok"],
  ],
  "a line without end": [
    `${H}\n${"9".repeat(200_000)}\n${G}\n`,
    ["2 longer than 65536 characters", "3 ok"],
  ],
  "a date that does not exist": [
    `${H}\n${G.replace("01-01 00:30", "02-30 00:30")}\n`,
    [
      '2 tpep_pickup_datetime "2021-02-30 00:30:10" is not a time such as 2021-01-01 00:30:10',
    ],
  ],
  "words for numbers": [
    `${H}\n${G.replace("11.8", "free")}\n${G.replace("2.10", "0x10")}\n${G.replace("11.8", "")}\n`,
    [
      '2 total_amount "free" is not a number',
      '3 trip_distance "0x10" is not a number',
      "4 total_amount is empty",
    ],
  ],
  "Excel's line about the separator": [`sep=,\r\n${H}\r\n${G}\r\n`, ["3 ok"]],
  "characters that show nothing": [
    `${H}\n${G}\u0085\n${G.replace("01 00:30", "01\u00a000:30")}\n`,
    [
      '2 total_amount "11.8\\u{85}" is not a number',
      '3 tpep_pickup_datetime "2021-01-01\\u{A0}00:30:10" is not a time such as 2021-01-01 00:30:10',
    ],
  ],
  "halves of the day": [
    `${H}\n${G.replace("00:30:10", "00:30:10 AM")}\n${G.replace("00:30:10", "00:30:10 EST")}\n`,
    [
      '2 tpep_pickup_datetime "2021-01-01 00:30:10 AM" is not a time such as 2021-01-01 00:30:10',
      '3 tpep_pickup_datetime "2021-01-01 00:30:10 EST" has a zone that is not UTC',
    ],
  ],
  "codes that are no int": [
    `${H}\n1.5${G.slice(1)}\n3000000000${G.slice(1)}\n1.0${G.slice(1)}\n`,
    [
      '2 VendorID "1.5" is not a whole number',
      '3 VendorID "3000000000" is beyond 32 bits',
      "4 ok",
    ],
  ],
};

for (const [name, [file, expected]] of Object.entries(BROKEN)) {
  Deno.test(`readCsv() reports or keeps every row of a file with ${name}`, async () => {
    assert.deepEqual(told(await rowsOf(file)), expected);
  });
}

/** Files that are refused as a whole, before a single row. */
const REFUSED: Record<string, readonly [file: string | Uint8Array, message: RegExp]> = {
  "an empty file": ["", /"the stream": it is empty \(fetch it again\)/],
  "a column twice": [`${H},vendorid\n`, /the column "vendorid" twice \(remove one\)/],
  "semicolons": [`${H}\n${G}\n`.replaceAll(",", ";"), /parted by ";" \(save it with commas\)/],
  "tabs": [`${H}\n${G}\n`.replaceAll(",", "\t"), /parted by "\t"/],
  "no header": [`${G}\n${G}\n`, /its first line is a row, not a header/],
  "a header of something else": [
    "__proto__,b\n1,2\n",
    /its header lacks VendorID, passenger_count/,
  ],
  "an open quote in the header": [
    `"${H}\n${G}\n`,
    /its header is broken: a quote is opened and not closed/,
  ],
  "CR alone": [`${H}\r${G}\r`, /its lines end in CR alone/],
  "Parquet": ["PAR1....", /it is a Parquet file \(use --parquet, or readParquet\(\)\)/],
  "zip": ["PK\x03\x04....", /it is a zip archive \(unzip it first\)/],
  "UTF-16": [new Uint8Array([0xff, 0xfe, 0x56, 0x00]), /it is UTF-16 text \(save it as UTF-8\)/],
  "UTF-16 without a mark": ["V\0e\0n\0d\0o\0r\0I\0D\0", /it is UTF-16 text/],
  "an Excel workbook": ["PK\x03\x04...[Content_Types].xml", /an Excel workbook \(save it as CSV\)/],
  "an old Excel workbook": [new Uint8Array([0xd0, 0xcf, 0x11, 0xe0]), /an Excel workbook/],
  "xz": [new Uint8Array([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0]), /packed with xz/],
  "zstd": [new Uint8Array([0x28, 0xb5, 0x2f, 0xfd]), /packed with zstd/],
  "JSON": ['[{"VendorID":1}]', /it is JSON \(save it as CSV/],
  "JSON lines": ['\ufeff{"VendorID":1}\n{"VendorID":2}\n', /it is JSON/],
  "a web page": ["\n<!DOCTYPE html><html>404</html>", /it is a web page \(fetch the file that/],
  "a server's error": [
    '<?xml version="1.0"?><Error><Code>AccessDenied</Code></Error>',
    /it is XML/,
  ],
  "a pointer of Git LFS": [
    "version https://git-lfs.github.com/spec/v1\noid sha256:0\n",
    /run "git lfs pull" in its folder/,
  ],
  "an SQLite database": ["SQLite format 3\0", /an SQLite database/],
  "yellow rides of before 2015": [
    "vendor_id, pickup_datetime, dropoff_datetime, passenger_count\n",
    /as the TLC wrote them before 2015 \(use CSV of 2015 or later/,
  ],
  "damaged gzip": [
    new Uint8Array([0x1f, 0x8b, 8, 0, 1, 2, 3]),
    /the gzip file is damaged or cut short/,
  ],
};

for (const [name, [file, message]] of Object.entries(REFUSED)) {
  Deno.test(`readCsv() refuses a file with ${name}, and says what to do`, async () => {
    await assert.rejects(rowsOf(file), { message });
  });
}

Deno.test("readCsv() names a file that is not there", async () => {
  await assert.rejects(readCsv("nowhere.csv").next(), {
    message: 'Cannot read rides from "nowhere.csv": there is no such file ' +
      "(check the path; data/README.md says where rides come from)",
  });
});

Deno.test("readCsv() names a folder", async () => {
  await assert.rejects(readCsv("data").next(), { message: /"data": it is a folder/ });
});

Deno.test("readCsv() reads a ride, its times as UTC", async () => {
  const [row] = await rowsOf(`${H}\n${G}\n`);
  assert.deepEqual(row!.ride, {
    vendorId: 1,
    passenger_count: 1,
    trip_distance: 2.1,
    payment_type: 2,
    total_amount: 11.8,
    tpep_pickup_datetime: Date.UTC(2021, 0, 1, 0, 30, 10),
    tpep_dropoff_datetime: Date.UTC(2021, 0, 1, 0, 36, 12),
  });
});

Deno.test("readCsv() takes the empty vendor, passengers and payment of official files as 0", async () => {
  const [row] = await rowsOf(`${H}\n,2021-01-01 00:30:10,2021-01-01 00:36:12,,2.10,,-4.3\n`);
  const { vendorId, passenger_count, payment_type, total_amount } = row!.ride!;
  assert.deepEqual([vendorId, passenger_count, payment_type, total_amount], [0, 0, 0, -4.3]);
});

Deno.test("readCsv() finds the columns of newer and older files, in any case", async () => {
  const wide = `${H.toLowerCase()},Airport_fee,cbd_congestion_fee\n${G},,0.75\n`;
  const turned = `total_amount,${H.replace(",total_amount", "")}\n11.8,${G.slice(0, -5)}\n`;
  for (const file of [wide, turned]) {
    assert.equal((await rowsOf(file))[0]!.ride!.total_amount, 11.8);
  }
});

Deno.test("readCsv() reads a gzipped file", async () => {
  const gzipped = stream(`${H}\n${G}\n`).pipeThrough(new CompressionStream("gzip"));
  assert.deepEqual(told(await Array.fromAsync(readCsv(gzipped))), ["2 ok"]);
});

Deno.test("readCsv() knows what a file is, however small the pieces are in which it comes", async () => {
  const gzipped = stream(`${H}\n${G}\n`).pipeThrough(new CompressionStream("gzip"));
  const packed = new Uint8Array(await new Response(gzipped).arrayBuffer());
  const pieces = Array.from(packed, (byte) => Uint8Array.of(byte));
  assert.deepEqual(told(await Array.fromAsync(readCsv(ReadableStream.from(pieces)))), ["2 ok"]);
});

Deno.test("readCsv() closes its source when the reader stops early", async () => {
  for (const pieces of [[`${H}\n${G}\n`], [`${H}\n${G}\n`, `${G}\n`]]) {
    let closed = false;
    const source = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.enqueue(bytes(pieces.shift() ?? `${G}\n`)),
      cancel: () => void (closed = true),
    });
    for await (const _ of readCsv(source)) break;
    assert.ok(closed);
  }
});

Deno.test("readCsv() loses nothing, whatever order good and bad rows come in", async () => {
  const kinds = [G, OPEN, `${G},x`, "", G.replace("11.8", "x"), '"', ",,,,,,"];
  const random = seeded(7);
  for (let round = 0; round < 50; round++) {
    const lines = Array.from({ length: 40 }, () => kinds[Math.floor(random() * kinds.length)]!);
    const rows = await rowsOf(`${H}\n${lines.join("\n")}\n`);
    const good = lines.flatMap((line, i) => line === G ? [i + 2] : []);
    assert.deepEqual(rows.flatMap((row) => row.ride ? [row.line] : []), good);
    assert.equal(rows.length, lines.filter((line) => line !== "").length);
  }
});

Deno.test("readCsv() reads pieces cut anywhere as it reads the whole", async () => {
  const file = bytes(`\ufeff${H}\r\n${G}\r\n${OPEN}\n${G.replace("2.10", "2.10é")}\n${G}`);
  const whole = told(await rowsOf(file));
  for (const size of [1, 2, 3, 7]) {
    const pieces = Array.from(
      { length: Math.ceil(file.length / size) },
      (_, i) => file.slice(i * size, (i + 1) * size),
    );
    const rows = await Array.fromAsync(readCsv(ReadableStream.from(pieces)));
    assert.deepEqual(told(rows), whole);
  }
});

Deno.test("readCsv() reads a file no faster than its rows are taken", async () => {
  let pulled = 0;
  const piece = bytes(`${G}\n`.repeat(1_000));
  const source = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(bytes(`${H}\n`)),
    pull: (controller) => (pulled++, controller.enqueue(piece)),
  });
  let rows = 0;
  for await (const _ of readCsv(source)) if (++rows === 10_000) break;
  assert.ok(pulled <= 12, `${pulled} pieces of 1,000 rows were read for 10,000 rows`);
});

Deno.test("readCsv() keeps no rows in memory, however many there are", async () => {
  const piece = bytes(`${G}\n`.repeat(1_000));
  let left = 600;
  const source = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(bytes(`${H}\n`)),
    pull: (controller) => left-- > 0 ? controller.enqueue(piece) : controller.close(),
  });
  const before = Deno.memoryUsage().heapUsed;
  let rows = 0, peak = 0;
  for await (const _ of readCsv(source)) {
    if (rows++ % 10_000 === 0) peak = Math.max(peak, Deno.memoryUsage().heapUsed);
  }
  assert.equal(rows, 600_000);
  // Kept, these rides would take 90 MiB; what is left of the last few pieces takes far less.
  assert.ok(peak - before < 2 ** 20 * 45, `${(peak - before) / 2 ** 20} MiB`);
});
