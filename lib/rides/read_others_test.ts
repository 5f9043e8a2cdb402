/** Files as other tools write them: each is read as what it says, or refused in one true sentence. */
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { type MalformedRow, readRides, type TaxiRide } from "./mod.ts";

const FIRST = Date.UTC(2021, 0, 1, 0, 30, 10);
const RIDES: readonly TaxiRide[] = [
  [1, 1, 2.1, 2, 11.8],
  [2, 2, 0.2, 1, 59.48],
  [2, 0, 9.3, 2, 39.99],
  [6, 1, 5, 2, 40],
].map(([vendor, passengers, miles, payment, total], i) => ({
  vendorId: vendor!,
  passenger_count: passengers!,
  trip_distance: miles!,
  payment_type: payment!,
  total_amount: total!,
  tpep_pickup_datetime: FIRST + i * 420_000,
  tpep_dropoff_datetime: FIRST + i * 420_000 + 360_000,
}));

const other = (name: string) => fileURLToPath(new URL(`testdata/others/${name}`, import.meta.url));
const read = (source: string | ReadableStream<Uint8Array>) => Array.fromAsync(readRides(source));

const readable: Readonly<Record<string, string>> = {
  "decimals.parquet":
    "DECIMAL(10,2) as DuckDB and pyarrow write money: 59.48, not 59.480000000000004",
  "decimals_as_integers.parquet": "DECIMAL in 64 and 32 bits",
  "floats_of_32_bits.parquet": "floats as they were written: 11.8, not 11.800000190734863",
  "texts_by_prefix.parquet": "every column as text, DELTA_BYTE_ARRAY and DELTA_LENGTH_BYTE_ARRAY",
  "struct_of_the_same_names.parquet": "a struct before it with fields of the same names",
};
for (const [name, what] of Object.entries(readable)) {
  Deno.test(`readRides() reads ${name}: ${what}`, async () => {
    assert.deepEqual(await read(other(name)), RIDES);
  });
}

// ClickHouse/ClickHouse#8280, #57833 (DateTime as UInt32 seconds), ClickBench#7.
const refused: Readonly<Record<string, RegExp>> = {
  "seconds_as_uint32.parquet":
    /"tpep_pickup_datetime" holds UINT_32 without a unit of time \(write/,
  "micros_as_int64.parquet": /"tpep_pickup_datetime" holds INT64 without a unit of time/,
  "seconds_as_double.parquet": /"tpep_dropoff_datetime" holds DOUBLE without a unit of time/,
  "dates.parquet": /"tpep_pickup_datetime" holds dates without a time of day/,
  "vendor_in_a_struct.parquet": /"VendorID" holds structs or lists/,
};
for (const [name, why] of Object.entries(refused)) {
  Deno.test(`readRides() refuses ${name} with the column named`, async () => {
    await assert.rejects(read(other(name)), { name: "SyntaxError", message: why });
  });
}

Deno.test("readRides() rounds nanoseconds down, before 1970 too", async () => {
  const times = (await read(other("nanos_before_1970.parquet")))
    .map((ride) => ride.tpep_pickup_datetime);
  assert.deepEqual(times, [-1, -2, 0, RIDES[3]!.tpep_pickup_datetime]);
});

const HEADER = "VendorID,tpep_pickup_datetime,tpep_dropoff_datetime,passenger_count," +
  "trip_distance,payment_type,total_amount";
const row = (ride: TaxiRide, { passengers = "", zone = "" } = {}) => {
  const time = (ms: number) => new Date(ms).toISOString().slice(0, 19).replace("T", " ") + zone;
  const { vendorId, trip_distance, payment_type, total_amount } = ride;
  return [
    ...[vendorId, time(ride.tpep_pickup_datetime), time(ride.tpep_dropoff_datetime)],
    ...[ride.passenger_count || passengers, trip_distance, payment_type, total_amount],
  ].join(",");
};
const csv = (options?: Parameters<typeof row>[1]) =>
  [HEADER, ...RIDES.map((ride) => row(ride, options))].join("\n") + "\n";
const stream = (...parts: (string | Uint8Array)[]) => new Blob(parts as BlobPart[]).stream();

// pandas, DuckDB, Polars, BigQuery; and others that mean the same.
for (const zone of ["+00:00", "+00", "+0000", " UTC", "Z", "z", " +00:00", "-00:00", " GMT"]) {
  Deno.test(`readRides() takes "${zone}" behind a time for what it is, UTC`, async () => {
    assert.deepEqual(await read(stream(csv({ zone }))), RIDES);
  });
}

Deno.test("readRides() names a zone that is not UTC", async () => {
  for (const zone of ["+01:00", "-0500", "-05", " EST", " America/New_York"]) {
    await assert.rejects(read(stream(csv({ zone }))), {
      message: new RegExp(
        `tpep_pickup_datetime "2021-01-01 00:30:10\\${zone}" has a zone that is not`,
      ),
    });
  }
});

// R writes NA, MySQL \N, pandas NaN and <NA>, Python None.
for (const word of ["", "NA", "NULL", "null", "NaN", "nan", "\\N", "None", "<NA>", "N/A", "#N/A"]) {
  Deno.test(`readRides() takes "${word}" for an empty cell where one is legal`, async () => {
    assert.deepEqual(await read(stream(csv({ passengers: word }))), RIDES);
    const malformed: MalformedRow[] = [];
    const text = csv().replace("2.1", word).replace("2021-01-01 00:37:10", word);
    const onMalformed = (row: MalformedRow) => malformed.push(row);
    await Array.fromAsync(readRides(stream(text), { onMalformed }));
    assert.deepEqual(malformed.map(({ reason }) => reason), [
      "trip_distance is empty",
      "tpep_pickup_datetime is empty",
    ]);
  });
}

// whatwg/compression#42, nodejs/node#64023; RFC 1952, section 2.2: a file has one member after another.
Deno.test("readRides() reads gzip of several members, blocks as bgzip's, and zeros behind them", async () => {
  const text = csv(), half = text.length >> 1;
  const parts = [text.slice(0, half), text.slice(half)].map((part) => gzipSync(part));
  assert.deepEqual(await read(stream(...parts)), RIDES);
  assert.deepEqual(await read(stream(...parts, gzipSync(""))), RIDES);
  assert.deepEqual(await read(stream(...parts, new Uint8Array(1_000))), RIDES);
  const padded = [...parts, gzipSync("")].flatMap((part) => [part, new Uint8Array(700)]);
  assert.deepEqual(await read(stream(...padded)), RIDES, "zeros between them");
  const all = Buffer.concat(padded), pieces = Array.from(all, (_, at) => all.subarray(at, at + 1));
  assert.deepEqual(await read(ReadableStream.from(pieces)), RIDES, "byte by byte");
  const bytes = [...text].map((letter) => gzipSync(letter));
  assert.deepEqual(await read(stream(...bytes)), RIDES);
});

Deno.test("readRides() still refuses gzip that is damaged or cut short", async () => {
  const whole = gzipSync(csv());
  const damaged = whole.slice().fill(0, 20, 60);
  const zeros = (from: number) =>
    Buffer.from(whole).fill(0, whole.length - from, whole.length - from + 4);
  const behind = Buffer.concat([whole, Buffer.from("more")]);
  const cut = [12, 1].map((bytes) => whole.subarray(0, whole.length - bytes));
  for (const bytes of [...cut, damaged, zeros(8), zeros(4), behind]) {
    await assert.rejects(read(stream(bytes)), { message: /gzip file is damaged or cut short/ });
  }
});

Deno.test("readRides() says what a file of other rides is", async () => {
  const files: Readonly<Record<string, RegExp>> = {
    "VendorID,lpep_pickup_datetime,lpep_dropoff_datetime,trip_distance":
      /it is of green taxis \(use/,
    "hvfhs_license_num,dispatching_base_num,pickup_datetime": /it is of high-volume for-hire/,
    "dispatching_base_num,pickup_datetime,dropOff_datetime": /it is of for-hire vehicles/,
    "vendor_name,Trip_Pickup_DateTime,Trip_Dropoff_DateTime": /wrote them in 2009/,
    "vendor_id,pickup_datetime,dropoff_datetime": /wrote them before 2015/,
  };
  for (const [header, message] of Object.entries(files)) {
    await assert.rejects(read(stream(`${header}\n1,2,3\n`)), { name: "SyntaxError", message });
  }
});

Deno.test("readRides() says how a file is packed that it cannot unpack", async () => {
  for (const [mark, name] of [["BZh91AY", "bzip2"], ["\u00fd7zXZ\0", "xz"]] as const) {
    const bytes = Uint8Array.from(mark, (letter) => letter.charCodeAt(0));
    await assert.rejects(read(stream(bytes)), {
      message:
        `Cannot read rides from "the stream": it is packed with ${name} (unpack it first, or pack it with gzip)`,
    });
  }
});

Deno.test("readRides() names an address as what it is", async () => {
  const address = "https://example.org/yellow_tripdata_2021-01.parquet";
  await assert.rejects(read(address), {
    message:
      `Cannot read rides from "${address}": it is an address, not a file (fetch it first: curl -LO ${address})`,
  });
});
