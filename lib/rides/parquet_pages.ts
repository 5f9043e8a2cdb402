/**
 * Looks at the page headers of a Parquet file before anything is decoded: a damaged one may announce billions of
 * values, which a decoder would make room for.
 *
 * A Worker with a deadline is no way round this: one that runs out of memory ends the whole process.
 *
 * @module
 */
import type { AsyncBuffer, ColumnChunk, ColumnMetaData, RowGroup } from "hyparquet";
import { compressors } from "./decompress.ts";
import { checkRuns, differences } from "./parquet_runs.ts";
import { varint } from "./varint.ts";

/** A header is a few dozen bytes; statistics may make it longer. */
const HEADER_BYTES = 4_096;
/** Data pages of both kinds, by the format's numbers, and the number of the field that describes each. */
const V1 = { type: 0, field: 5 }, V2 = { type: 3, field: 8 };
const DICTIONARY = { type: 2, field: 7 };
/** Encodings by the format's numbers: values as they are, or their bytes apart; numbers of dictionary entries, in runs; differences; texts by what they share with the one before. */
const PLAIN = [0, 9], BY_DICTIONARY = [2, 8], BY_DIFFERENCE = [5, 6], BY_PREFIX = 7;
/**
 * A page is decoded as a whole. Those of pyarrow before 2021 end at a megabyte, which are eight million values of a bit;
 * a damaged one may say in a few bytes that a billion are alike.
 */
const MOST_PAGE_VALUES = 10_000_000;
/** Bytes of a text that may be a time or a number. */
const LONGEST_TEXT = 1_024;

/**
 * Makes sure that the pages of a column hold as many values as its group has rows, and lie where the footer says.
 *
 * @param options.optional Whether cells may be empty
 * @throws {SyntaxError} If they do not
 * See: parquet.thrift, PageHeader
 */
export async function checkPages(
  file: AsyncBuffer,
  { num_rows }: RowGroup,
  column: ColumnChunk,
  options: { readonly optional: boolean },
): Promise<void> {
  const meta = column.meta_data;
  if (!meta) return;
  const refuse = (what: string): never => {
    throw new SyntaxError(what);
  };
  const data = Number(meta.data_page_offset);
  // Without a dictionary some writers leave its offset out, others write 0.
  const first = Math.min(Number(meta.dictionary_page_offset) || data, data);
  const end = first + Number(meta.total_compressed_size);
  if (!(first >= 0 && end <= file.byteLength)) refuse("its pages lie outside the file");
  let values = 0;
  for (let at = first; at < end && values < num_rows;) {
    const bytes = await file.slice(at, Math.min(at + HEADER_BYTES, end));
    const { fields, length } = thriftStruct(new DataView(bytes));
    const page = [V1, V2, DICTIONARY].find(({ type }) => type === fields.get(1));
    const size = fields.get(3), unpacked = fields.get(2);
    const header = page && fields.get(page.field), count = header instanceof Map && header.get(1);
    if (typeof size !== "number" || typeof unpacked !== "number" || typeof count !== "number") {
      return refuse("a page has no proper header");
    }
    const most = Math.max(Number(meta.total_uncompressed_size), 0);
    if (count < 0 || count > num_rows || size < 0 || unpacked < 0 || unpacked > most) {
      refuse("the sizes in a page's header are wrong");
    }
    if (count > MOST_PAGE_VALUES) {
      refuse(`a page claims ${count} values, and more than ${MOST_PAGE_VALUES} are not read`);
    }
    if (page !== DICTIONARY) {
      const packed = new Uint8Array(await file.slice(at + length, at + length + size));
      const place = { unpacked, codec: meta.codec, ...options };
      if (page === V1) checkV1(packed, header as Fields, place);
      else checkV2(packed, header as Fields, place);
      values += count;
    }
    at += length + size;
  }
  if (BigInt(values) !== num_rows) {
    refuse(`its pages hold ${values} values, the footer says ${num_rows}`);
  }
}

interface Packed {
  readonly optional: boolean;
  readonly unpacked: number;
  readonly codec: ColumnMetaData["codec"];
}

/** Which cells are empty stands at the beginning of what is packed, after its length. */
function checkV1(packed: Uint8Array, header: Fields, { optional, unpacked, codec }: Packed): void {
  const bytes = unpack(packed, codec, unpacked), count = header.get(1) as number;
  let at = 0, cells = count;
  if (optional) {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    if (bytes.length < 4) throw new SyntaxError("a page is too short");
    at = 4 + view.getUint32(0, true);
    cells = checkRuns({ bytes, from: 4, to: Math.min(at, bytes.length), width: 1, count });
  }
  checkValues(header.get(2) as number, { bytes, at, count: cells });
}

/** Which cells are empty stands before what is packed. */
function checkV2(packed: Uint8Array, header: Fields, { optional, unpacked, codec }: Packed): void {
  const [count, nulls, encoding, levels, repeated] = [1, 2, 4, 5, 6].map((id) =>
    Number(header.get(id) ?? 0)
  ) as [number, number, number, number, number];
  const from = repeated + levels;
  if (nulls < 0 || nulls > count || levels < 0 || repeated < 0 || from > packed.length) {
    throw new SyntaxError("the sizes in a page's header are wrong");
  }
  if (optional) checkRuns({ bytes: packed, from: repeated, to: from, width: 1, count });
  if (PLAIN.includes(encoding)) return;
  const rest = packed.subarray(from), isPlain = header.get(7) === 0;
  const bytes = isPlain ? rest : unpack(rest, codec, unpacked - from);
  checkValues(encoding, { bytes, at: 0, count: count - nulls });
}

/** Makes sure that a decoder gets through values; one that looks for more than there are may look for ever. */
function checkValues(
  encoding: number,
  { bytes, at, count }: { readonly bytes: Uint8Array; readonly at: number; readonly count: number },
): void {
  if (PLAIN.includes(encoding)) return;
  if (at >= bytes.length) throw new SyntaxError("a page is too short");
  if (BY_DICTIONARY.includes(encoding)) {
    // A byte that says how wide they are, then runs.
    const width = bytes[at]!;
    if (width > 0) checkRuns({ bytes, from: at + 1, to: bytes.length, width, count });
  } else if (BY_DIFFERENCE.includes(encoding)) {
    checkDifferences(bytes, at);
  } else if (encoding === BY_PREFIX) {
    checkTexts({ bytes, at, count });
  } else {throw new SyntaxError(
      `its values are encoded in a way that is not known here (${encoding})`,
    );}
}

/** Blocks of differences, each in so many parts of at least 32: with parts of none a decoder would go round for ever. */
function checkDifferences(bytes: Uint8Array, from: number): void {
  let at = from;
  const next = () => bytes[at++] ?? 0;
  const part = varint(next) / varint(next);
  if (!(part >= 32 && part % 32 === 0)) throw new SyntaxError("the sizes in a page are wrong");
}

/** Texts of which each may take over all of the one before: a few bytes may stand for gigabytes. */
function checkTexts(
  { bytes, at, count }: { readonly bytes: Uint8Array; readonly at: number; readonly count: number },
): void {
  if (count === 0) return;
  const shared = differences({ bytes, from: at, count });
  const own = differences({ bytes, from: shared.end, count });
  let length = 0, left = bytes.length - own.end;
  for (let i = 0; i < count; i++) {
    const prefix = shared.values[i]!, suffix = own.values[i]!;
    left -= suffix;
    if (prefix < 0 || prefix > length || suffix < 0 || left < 0) {
      throw new SyntaxError("the sizes in a page are wrong");
    }
    length = prefix + suffix;
    if (length > LONGEST_TEXT) throw new SyntaxError(`a text has more than ${LONGEST_TEXT} bytes`);
  }
}

function unpack(packed: Uint8Array, codec: Packed["codec"], bytes: number): Uint8Array {
  if (codec === "UNCOMPRESSED") return packed;
  const decompress = compressors[codec];
  if (!decompress) throw new SyntaxError(`it is packed as ${codec}`);
  return decompress(packed, bytes);
}

type Fields = Map<number, number | Fields>;

/** Numbers and structs of a struct in Thrift's compact protocol, by their field numbers, and how long it is. */
function thriftStruct(view: DataView): { readonly fields: Fields; readonly length: number } {
  let at = 0;
  const next = () => view.getUint8(at++);
  const skip = (bytes: number) => void (at += bytes);
  const zigzag = (number: number) => number % 2 === 0 ? number / 2 : -(number + 1) / 2;
  const struct = (depth: number): Fields => {
    const fields: Fields = new Map();
    if (depth > 8) throw new SyntaxError("a page has no proper header");
    for (let id = 0;;) {
      const head = view.getUint8(at++), type = head & 15;
      if (type === 0) return fields;
      id = head >> 4 ? id + (head >> 4) : zigzag(varint(next));
      // 1 and 2: the two truths; 3: a byte; 4 to 6: whole numbers; 7: a double; 8: bytes; 12: a struct.
      if (type <= 2) fields.set(id, type === 1 ? 1 : 0);
      else if (type === 3) at++;
      else if (type >= 4 && type <= 6) fields.set(id, zigzag(varint(next)));
      else if (type === 7) at += 8;
      else if (type === 8) skip(varint(next));
      else if (type === 12) fields.set(id, struct(depth + 1));
      else throw new SyntaxError("a page has no proper header");
    }
  };
  try {
    return { fields: struct(0), length: at };
  } catch (error) {
    throw error instanceof RangeError ? new SyntaxError("a page has no proper header") : error;
  }
}
