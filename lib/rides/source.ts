import { Readable } from "node:stream";
import { createGunzip } from "node:zlib";

/** A file's path, or its bytes: a request's body, a file already open. */
export type Source = string | ReadableStream<Uint8Array>;

const GZIP = [0x1f, 0x8b];
const ZIP = [0x50, 0x4b, 0x03, 0x04];
const PARQUET = [0x50, 0x41, 0x52, 0x31];
/** First bytes of what is packed otherwise, and its name. */
const PACKED: readonly (readonly [readonly number[], string])[] = [
  [[0x42, 0x5a, 0x68], "bzip2"],
  [[0xfd, 0x37, 0x7a, 0x58, 0x5a], "xz"],
  [[0x28, 0xb5, 0x2f, 0xfd], "zstd"],
  [[0x37, 0x7a, 0xbc, 0xaf], "7z"],
];
const UTF16 = [[0xff, 0xfe], [0xfe, 0xff]];

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
  const reader = raw.getReader();
  const first = await reader.read();
  reader.releaseLock();
  if (first.done) return;
  try {
    refuseOtherFormats(first.value, nameOf(source));
  } catch (error) {
    await raw.cancel();
    throw error;
  }
  const whole = startingWith(first.value, raw);
  yield* startsWith(first.value, GZIP) ? unzipped(whole, nameOf(source)) : whole;
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

function refuseOtherFormats(bytes: Uint8Array, name: string): void {
  const refuse = (what: string, fix: string) => {
    throw new TypeError(`Cannot read "${name}" as CSV: it is ${what} (${fix})`);
  };
  if (startsWith(bytes, PARQUET)) refuse("a Parquet file", "use --parquet, or readParquet()");
  if (startsWith(bytes, ZIP)) refuse("a zip archive", "unzip it first");
  const packed = PACKED.find(([mark]) => startsWith(bytes, mark));
  if (packed) refuse(`packed with ${packed[1]}`, "unpack it first, or pack it with gzip");
  if (UTF16.some((mark) => startsWith(bytes, mark))) refuse("UTF-16 text", "save it as UTF-8");
}

function startsWith(bytes: Uint8Array, mark: readonly number[]): boolean {
  return bytes.length >= mark.length && mark.every((byte, i) => bytes[i] === byte);
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
  // A DecompressionStream reads one member alone; files of `cat a.gz b.gz`, bgzip and pigz have several, or padding.
  const packed = Readable.from(bytes);
  const gzip = createGunzip();
  packed.on("error", (error) => gzip.destroy(error));
  try {
    yield* packed.pipe(gzip);
  } catch (error) {
    throw new Error(
      `Cannot read rides from "${name}": the gzip file is damaged or cut short (fetch it again)`,
      { cause: error },
    );
  } finally {
    packed.destroy();
  }
}
