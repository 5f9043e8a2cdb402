/** Files of rides: CSV, plain and gzipped, and Parquet. */
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import {
  readCsv,
  readParquet,
  rideJson,
  SAMPLE_HEADER,
  sampleRides,
} from "../../../lib/rides/mod.ts";
import { text } from "../parts.ts";
import type { Target } from "../target.ts";

const csv = text([...sampleRides({ rows: 20, seed: 1 })].join("\n"));
const NOT_RIDES = /^(SyntaxError|TypeError|Error): Cannot read (rides from|")/;
const testdata = (name: string) =>
  Deno.readFileSync(fileURLToPath(new URL(`../../../lib/rides/testdata/${name}`, import.meta.url)));

async function rowsIn(
  rows: AsyncIterable<{ readonly ride?: unknown; readonly text?: string }>,
): Promise<number> {
  let parts = 0;
  for await (const row of rows) parts += 7 + (row.text?.length ?? 0) / 8;
  return parts;
}

/** A reader of files gets a file. */
async function onDisk(bytes: Uint8Array, read: (path: string) => Promise<number>): Promise<number> {
  const path = await Deno.makeTempFile({ suffix: ".parquet" });
  try {
    await Deno.writeFile(path, bytes);
    return await read(path);
  } finally {
    await Deno.remove(path);
  }
}

export const FILES: readonly Target[] = [
  {
    name: "csv",
    seeds: [csv, text(`${SAMPLE_HEADER}\n`)],
    decode: (bytes) => rowsIn(readCsv(new Blob([new Uint8Array(bytes)]).stream())),
    errors: NOT_RIDES,
    words: [
      '"',
      '""',
      ",",
      "\r\n",
      "\r",
      "\0",
      "2021-01-01 00:30:10",
      "VendorID",
      "1e999",
      "\ufeff",
      "sep=,",
    ],
  },
  {
    name: "csv-gzip",
    seeds: [gzipSync(csv), gzipSync(text(`${SAMPLE_HEADER}\n`))],
    decode: (bytes) => rowsIn(readCsv(new Blob([new Uint8Array(bytes)]).stream())),
    errors: NOT_RIDES,
    most: (bytes) => 1_100 * bytes + 1_000,
  },
  {
    name: "parquet",
    seeds: [
      ...["rides_snappy", "rides_zstd", "others/decimals", "others/texts_by_prefix"],
      ...[
        "others/nanos_before_1970",
        "others/decimals_as_integers",
        "others/struct_of_the_same_names",
      ],
    ].map((name) => testdata(`${name}.parquet`)),
    decode: (bytes) => onDisk(bytes, (path) => rowsIn(readParquet(path))),
    errors: /^SyntaxError: Cannot read (column "|rides from "|".*" as Parquet: )/s,
    // A run says of a million rows with a few bytes that they are alike.
    most: () => 8_000_000 * 8,
  },
  {
    name: "ride-json",
    seeds: [
      text(
        '{"vendorId":2,"passenger_count":1,"trip_distance":2.1,"payment_type":2,"total_amount":11.8}',
      ),
    ],
    decode: (bytes) => {
      rideJson.decode(bytes);
      return 7;
    },
    errors: /^SyntaxError: (Cannot read a taxi ride: |.*not JSON)/,
    words: ["vendorId", "total_amount", "tpep_pickup_datetime"].map((one) => `"${one}"`),
  },
];
