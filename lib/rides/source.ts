// deno-lint-ignore-file no-control-regex -- files are told apart by their first bytes.
import { Buffer } from "node:buffer";
import { gunzip } from "./gunzip.ts";

/** A file's path, or its bytes: a request's body, a file already open. */
export type Source = string | ReadableStream<Uint8Array>;

const GZIP = [0x1f, 0x8b];
/** So many bytes at the beginning say what a file is. */
const HEAD_BYTES = 64;

/** What a file is that is no CSV, by its beginning, and the fix. */
const OTHERS: readonly (readonly [begin: RegExp, what: string, fix: string])[] = [
  [/^PAR1/, "a Parquet file", "use --parquet, or readParquet()"],
  [/^PK\x03\x04[^]*(\[Content_Types\]|xl\/)/, "an Excel workbook", "save it as CSV"],
  [/^PK\x03\x04/, "a zip archive", "unzip it first"],
  [/^BZh/, "packed with bzip2", "unpack it first, or pack it with gzip"],
  [/^\xfd7zXZ/, "packed with xz", "unpack it first, or pack it with gzip"],
  [/^\(\xb5\/\xfd/, "packed with zstd", "unpack it first, or pack it with gzip"],
  [/^7z\xbc\xaf/, "packed with 7z", "unpack it first, or pack it with gzip"],
  [/^(\xff\xfe|\xfe\xff|[ -~]\0|\0[ -~])/, "UTF-16 text", "save it as UTF-8"],
  [/^\xd0\xcf\x11\xe0/, "an Excel workbook", "save it as CSV"],
  [/^SQLite format 3/, "an SQLite database", "export the table as CSV"],
  [/^(ARROW1|FEA1)/, "an Arrow file", "save it as Parquet or CSV"],
  [/^Obj\x01/, "an Avro file", "save it as Parquet or CSV"],
  [/^ORC/, "an ORC file", "save it as Parquet or CSV"],
  [/^%PDF/, "a PDF document", "fetch the rides themselves"],
  [/^version https:\/\/git-lfs/, "a pointer that Git LFS left", 'run "git lfs pull" in its folder'],
  [/^\s*<(!doctype html|html)/i, "a web page", "fetch the file that the page links to"],
  [
    /^\s*<\?xml/i,
    "XML, as servers write their errors",
    "open it to see why, and fetch the file again",
  ],
  [/^\s*(\{\s*"|\[\s*[[{])/, "JSON", "save it as CSV with the TLC's columns"],
];

/** What to call a source in an error. */
export function nameOf(source: Source): string {
  return typeof source === "string" ? source : "the stream";
}

/**
 * Opens a CSV file and takes gzip off it.
 *
 * @throws {TypeError} If the first bytes are those of a zip archive, of Parquet or of UTF-16.
 */
export async function* csvBytes(source: Source): AsyncGenerator<Uint8Array> {
  const raw = typeof source === "string" ? (await openFile(source)).readable : source;
  const head = await headOf(raw);
  if (head.length === 0) return;
  try {
    refuseOtherFormats(head, nameOf(source));
  } catch (error) {
    await raw.cancel();
    throw error;
  }
  const whole = startingWith(head, raw);
  yield* GZIP.every((byte, i) => head[i] === byte) ? unzipped(whole, nameOf(source)) : whole;
}

/** The first pieces together, however small a stream cuts them. */
async function headOf(raw: ReadableStream<Uint8Array>): Promise<Uint8Array> {
  const reader = raw.getReader(), pieces: Uint8Array[] = [];
  let bytes = 0;
  try {
    while (bytes < HEAD_BYTES) {
      const { done, value } = await reader.read();
      if (done) break;
      pieces.push(value);
      bytes += value.length;
    }
  } finally {
    reader.releaseLock();
  }
  return pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces);
}

/**
 * Opens a file for reading.
 *
 * @throws {Error} If there is no such file, if it is a folder, or if it may not be read.
 */
export async function openFile(path: string): Promise<Deno.FsFile> {
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(path)) {
    throw new Error(
      `Cannot read rides from "${path}": it is an address, not a file (fetch it first: curl -LO ${path})`,
    );
  }
  try {
    const file = await Deno.open(path);
    if (!(await file.stat()).isDirectory) return file;
    file.close();
  } catch (error) {
    throw new Error(`Cannot read rides from "${path}": ${whyNot(error)}`, { cause: error });
  }
  throw new Error(`Cannot read rides from "${path}": it is a folder (name a file in it)`);
}

function whyNot(error: unknown): string {
  if (error instanceof Deno.errors.NotFound) {
    return "there is no such file (check the path; data/README.md says where rides come from)";
  }
  if (error instanceof Deno.errors.PermissionDenied) {
    return "the system does not let you read it (check the file's permissions)";
  }
  return error instanceof Error ? error.message : String(error);
}

function refuseOtherFormats(head: Uint8Array, name: string): void {
  const begin = new TextDecoder("latin1").decode(head.subarray(0, HEAD_BYTES)).replace(/^ï»¿/, "");
  const other = OTHERS.find(([mark]) => mark.test(begin));
  if (other) {
    throw new TypeError(`Cannot read rides from "${name}": it is ${other[1]} (${other[2]})`);
  }
}

async function* startingWith(
  first: Uint8Array,
  rest: ReadableStream<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  let begun = false;
  try {
    yield first;
    begun = true;
    yield* rest;
  } finally {
    // A reader that stops during the first piece leaves before `yield*` could close the file.
    if (!begun) await rest.cancel();
  }
}

async function* unzipped(
  bytes: AsyncIterable<Uint8Array>,
  name: string,
): AsyncGenerator<Uint8Array> {
  try {
    yield* gunzip(bytes);
  } catch (error) {
    throw new Error(
      `Cannot read rides from "${name}": the gzip file is damaged or cut short (fetch it again)`,
      { cause: error },
    );
  }
}
