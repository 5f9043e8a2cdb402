import { type FileHandle, open } from "node:fs/promises";
import {
  type AsyncBuffer,
  type ColumnChunk,
  parquetMetadataAsync,
  parquetRead,
  parquetSchema,
  type RowGroup,
  type SchemaElement,
} from "hyparquet";
import { compressors } from "./decompress.ts";
import { COLUMNS, findColumns, isEmpty, numberOf, ride, wholeNumber } from "./cells.ts";
import type { Row } from "./ride.ts";
import { checkPages } from "./parquet_pages.ts";
import { openFile } from "./source.ts";
import { tlcTime, tlcTimeMs } from "./tlc_time.ts";

/** How many rows are held at a time: seven numbers each, 14 MiB. A row group of the TLC's can be a month. */
const BATCH_ROWS = 262_144;

/** Columns where an empty cell is legal and becomes 0: vendor, passengers, payment. */
const MAY_BE_EMPTY = [0, 1, 3];
/** Columns that hold times. */
const TIMES = [5, 6];

type Metadata = Awaited<ReturnType<typeof parquetMetadataAsync>>;

interface OpenParquet {
  readonly path: string;
  readonly file: AsyncBuffer;
  readonly metadata: Metadata;
  /** The file's own `COLUMNS`. */
  readonly columns: readonly SchemaElement[];
}

/**
 * Reads a TLC file of yellow rides in Parquet, some rows of one column at a time, in bounded memory.
 *
 * The file's times are microseconds without a zone; they are taken as UTC, as in CSV.
 *
 * @example The first ride of a file
 * ```ts
 * import assert from "node:assert/strict";
 * import { fileURLToPath } from "node:url";
 * import { readParquet } from "./read_parquet.ts";
 * const file = new URL("testdata/rides_snappy.parquet", import.meta.url);
 * const { value } = await readParquet(fileURLToPath(file)).next();
 * assert.deepEqual([value!.line, value!.ride!.vendorId], [1, 1]);
 * ```
 * @param path A Parquet file of any codec.
 * @returns Every row in the file's order; `line` is the row's number, from 1.
 * @throws {SyntaxError} If the file is not Parquet, is cut short, or lacks a column of a ride.
 * @throws {Error} If the file cannot be opened.
 */
export async function* readParquet(path: string): AsyncGenerator<Row> {
  (await openFile(path)).close();
  const handle = await open(path);
  try {
    const parquet = await openParquet(path, handle);
    let start = 0;
    for (const group of parquet.metadata.row_groups) {
      await checkGroup(parquet, group);
      const end = start + Number(group.num_rows);
      for (; start < end; start = Math.min(start + BATCH_ROWS, end)) {
        yield* await batch(parquet, start, Math.min(start + BATCH_ROWS, end));
      }
    }
  } finally {
    await handle.close();
  }
}

async function openParquet(path: string, handle: FileHandle): Promise<OpenParquet> {
  const { size } = await handle.stat();
  const slice = async (start: number, end: number) => {
    if (!(0 <= start && start <= end && end <= size)) {
      throw new SyntaxError("it points to places outside the file");
    }
    const bytes = new Uint8Array(end - start);
    await handle.read(bytes, 0, bytes.length, start);
    return bytes.buffer;
  };
  const file: AsyncBuffer = {
    byteLength: size,
    slice: (start, end = size) => {
      const bytes = slice(start, end);
      // hyparquet asks for several at once and waits for one: the others' errors would end the process.
      bytes.catch(() => {});
      return bytes;
    },
  };
  let metadata: Metadata, all: ReturnType<typeof parquetSchema>["children"];
  try {
    metadata = await parquetMetadataAsync(file);
    // Top level alone: a struct may have fields of the same names.
    all = parquetSchema(metadata).children;
  } catch (error) {
    throw new SyntaxError(
      `Cannot read "${path}" as Parquet: ${
        error instanceof Error ? error.message : error
      } (fetch the file again; a CSV file is read by --csv, or readCsv())`,
      { cause: error },
    );
  }
  const found = findColumns(all.map(({ element: { name } }) => name ?? ""), path).map((at) =>
    all[at]!
  );
  for (const [column, { element, children }] of found.entries()) {
    const why = children.length > 0
      ? "holds structs or lists (write its values as a plain column)"
      : TIMES.includes(column)
      ? whyNoTime(element)
      : undefined;
    if (why !== undefined) {
      throw new SyntaxError(
        `Cannot read rides from "${path}": its column "${element.name}" ${why}`,
      );
    }
  }
  return { path, file, metadata, columns: found.map(({ element }) => element) };
}

/** A number that is no timestamp may count seconds, days or nanoseconds: to guess is to be wrong by years. */
function whyNoTime(
  { type, converted_type, logical_type }: SchemaElement,
): string | undefined {
  const kind = converted_type ?? logical_type?.type ?? type ?? "unknown";
  if (/^TIMESTAMP/.test(kind) || logical_type?.type === "TIMESTAMP" || kind === "INT96") {
    return undefined;
  }
  // Text says for itself what it means.
  if (type === "BYTE_ARRAY" && kind !== "DECIMAL") return undefined;
  return kind === "DATE"
    ? "holds dates without a time of day (write it as timestamps)"
    : `holds ${kind} without a unit of time (write it as timestamps, or as text such as 2021-01-01 00:30:10)`;
}

/** Rows `start` to `end` (exclusive); the columns are read one after another, so only one is in the making. */
async function batch(parquet: OpenParquet, start: number, end: number): Promise<Iterable<Row>> {
  const columns: Float64Array[] = [];
  for (const column of COLUMNS.keys()) columns.push(await readColumn(parquet, column, start, end));
  return rowsOf(columns, start);
}

function* rowsOf(columns: readonly Float64Array[], start: number): Generator<Row> {
  for (let i = 0; i < columns[0]!.length; i++) {
    const numbers = columns.map((column) => column[i]!);
    const result = ride(numbers.map(cell));
    const line = start + i + 1;
    yield typeof result === "string"
      ? { line, reason: result, text: numbers.map(shown).join(",") }
      : { line, ride: result };
  }
}

/** The numbers of one column; NaN where the file holds no number. */
async function readColumn(
  { path, file, metadata, columns }: OpenParquet,
  column: number,
  start: number,
  end: number,
): Promise<Float64Array> {
  const numbers = new Float64Array(end - start).fill(NaN), element = columns[column]!;
  try {
    await parquetRead({
      file,
      metadata,
      compressors,
      columns: [element.name],
      rowStart: start,
      rowEnd: end,
      parsers: TIME_PARSERS,
      onChunk: ({ columnData, rowStart }) => {
        for (let i = Math.max(start, rowStart); i < end && i - rowStart < columnData.length; i++) {
          numbers[i - start] = toNumber(columnData[i - rowStart], column, element);
        }
      },
    });
  } catch (error) {
    throw damaged(path, element.name, error);
  }
  return numbers;
}

/** Makes sure that what a group's columns hold can be decoded in bounded time and memory. */
async function checkGroup(
  { path, file, columns }: OpenParquet,
  group: RowGroup,
): Promise<void> {
  for (const { name, repetition_type } of columns) {
    const isIts = ({ meta_data }: ColumnChunk) =>
      meta_data?.path_in_schema.length === 1 && meta_data.path_in_schema[0] === name;
    try {
      const column = group.columns.find(isIts);
      if (!column) throw new SyntaxError("a group of rows lacks it");
      await checkPages(file, group, column, { optional: repetition_type === "OPTIONAL" });
    } catch (error) {
      throw damaged(path, name, error);
    }
  }
}

function damaged(path: string, column: string, cause: unknown): SyntaxError {
  return new SyntaxError(
    `Cannot read column "${column}" of "${path}": ${
      cause instanceof Error ? cause.message : cause
    } (the file is damaged: fetch it again)`,
    { cause },
  );
}

/** Times as epoch ms, without a Date for each. */
const TIME_PARSERS = {
  timestampFromMilliseconds: (millis: bigint) => Number(millis),
  timestampFromMicroseconds: (micros: bigint) => Math.floor(Number(micros) / 1_000),
  timestampFromNanoseconds: (nanos: bigint) =>
    Number((nanos - mod(nanos, 1_000_000n)) / 1_000_000n),
};

/** What is left above the next smaller multiple, before 1970 too. */
function mod(number: bigint, by: bigint): bigint {
  return ((number % by) + by) % by;
}

/** A cell as the file has it: null, a number, 64 bits as bigint, text in files of other tools. */
function toNumber(value: unknown, column: number, element: SchemaElement): number {
  if (typeof value === "number") {
    const { scale = 0, converted_type, type } = element;
    if (type === "FLOAT") return shortest(value);
    // hyparquet multiplies by a power of ten, which leaves 59.480000000000004.
    return converted_type === "DECIMAL" && scale > 0 ? Number(value.toFixed(scale)) : value;
  }
  if (typeof value === "bigint") return Number(value);
  if (value === null || value === undefined || (typeof value === "string" && isEmpty(value))) {
    return MAY_BE_EMPTY.includes(column) ? 0 : NaN;
  }
  if (typeof value !== "string") return NaN;
  return TIMES.includes(column) ? tlcTimeMs(value.trim()) ?? NaN : numberOf(value);
}

/** The shortest number that has this float of 32 bits: as a double, the 11.8 that was written is 11.800000190734863. */
function shortest(float: number): number {
  for (let digits = 6; digits < 9; digits++) {
    const number = Number(float.toPrecision(digits));
    if (Math.fround(number) === float) return number;
  }
  return float;
}

function cell(number: number, column: number): number | string {
  if (!Number.isFinite(number)) return `${COLUMNS[column]} is empty or no number`;
  if (!MAY_BE_EMPTY.includes(column)) return number;
  return wholeNumber(number, column) ?? `${COLUMNS[column]} "${number}" is not a whole number`;
}

function shown(number: number, column: number): string {
  if (!Number.isFinite(number)) return "";
  return TIMES.includes(column) && Math.abs(number) < 8e15 ? tlcTime(number) : `${number}`;
}
