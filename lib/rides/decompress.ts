import type { Compressors } from "hyparquet";
import { compressors as others } from "hyparquet-compressors";
import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from "node:zlib";

/** What unpacks the pages of a Parquet file. The runtime's own where it has one: damaged input never keeps it busy. */
export const compressors: Compressors = {
  ...others,
  GZIP: (input, maxOutputLength) => gunzipSync(input, { maxOutputLength }),
  BROTLI: (input, maxOutputLength) => brotliDecompressSync(input, { maxOutputLength }),
  ZSTD: (input, maxOutputLength) => zstdDecompressSync(input, { maxOutputLength }),
};
