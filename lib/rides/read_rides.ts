import { readCsv } from "./read_csv.ts";
import { readParquet } from "./read_parquet.ts";
import type { MalformedRow, Row, TaxiRide } from "./ride.ts";
import { nameOf, openFile, type Source } from "./source.ts";

/** How many malformed rows are borne before their share counts: a small file may be mostly exercises. */
const BORNE_ROWS = 100;

/** What to do while reading. */
export interface ReadRidesOptions {
  /** Ends after this many rides. @default all */
  readonly limit?: number;
  /** Called for each malformed row, in the file's order. @default the first one throws */
  readonly onMalformed?: (row: MalformedRow) => void;
  /**
   * Gives up when more than 100 rows and more than this share of the rows read are malformed: such a
   * file is something else. 1 reads on whatever comes. @default 0.01
   */
  readonly maxMalformedShare?: number;
}

/**
 * Reads the rides of a TLC file of yellow rides: CSV, CSV gzipped, or Parquet, told by its first bytes.
 *
 * @example Two rides of the sample
 * ```ts
 * import assert from "node:assert/strict";
 * import { readRides, sampleFile } from "./mod.ts";
 * const rides = await Array.fromAsync(readRides(sampleFile(), { limit: 2 }));
 * assert.equal(rides.length, 2);
 * ```
 * @param source Path of a file, or a stream of CSV bytes.
 * @throws {SyntaxError} If a row is malformed and nobody listens, if too many are, or if the file is no TLC file.
 * @throws {Error} If the file cannot be opened.
 */
export async function* readRides(
  source: Source,
  options: ReadRidesOptions = {},
): AsyncGenerator<TaxiRide> {
  const { limit = Infinity, onMalformed, maxMalformedShare = 0.01 } = options;
  let rides = 0, malformed = 0;
  if (limit < 1) return;
  for await (const row of await rowsOf(source)) {
    if (row.ride) {
      yield row.ride;
      if (++rides >= limit) return;
      continue;
    }
    malformed += 1;
    if (!onMalformed) throw new SyntaxError(refusal(source, row));
    onMalformed(row);
    const rows = rides + malformed;
    if (malformed > BORNE_ROWS && malformed > maxMalformedShare * rows) {
      throw new SyntaxError(
        `Cannot go on with "${
          nameOf(source)
        }": ${malformed} of its first ${rows} rows are malformed, ` +
          `more than ${maxMalformedShare * 100} % (is it a TLC file of yellow rides?)`,
      );
    }
  }
}

function refusal(source: Source, { line, reason }: MalformedRow): string {
  return `Cannot read line ${line} of "${
    nameOf(source)
  }": ${reason} (pass onMalformed to go on without it)`;
}

async function rowsOf(source: Source): Promise<AsyncGenerator<Row>> {
  return typeof source === "string" && await isParquet(source)
    ? readParquet(source)
    : readCsv(source);
}

async function isParquet(path: string): Promise<boolean> {
  using file = await openFile(path);
  const start = new Uint8Array(4);
  return await file.read(start) === 4 && new TextDecoder().decode(start) === "PAR1";
}
