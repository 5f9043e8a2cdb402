/**
 * How the records of a batch are packed: gzip and zstd by the runtime, snappy and lz4 by the two packages that most of npm
 * uses for them. What lz4js reads is checked here, as it checks nothing itself. Snappy is unpacked here: snappyjs takes a
 * length above 2 GB for a negative one and goes back, which 14 bytes can make last for seconds.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import {
  gunzipSync,
  gzipSync,
  inflateRawSync,
  zstdCompressSync,
  zstdDecompressSync,
} from "node:zlib";
import lz4 from "lz4js";
import snappy from "snappyjs";

/** A way to pack the records of a batch. */
export type Compression = "none" | "gzip" | "snappy" | "lz4" | "zstd";

/** By Kafka's numbers for them. */
export const CODECS: readonly Compression[] = ["none", "gzip", "snappy", "lz4", "zstd"];

/** No batch unpacks to more: a megabyte of zeros, packed, could stand for gigabytes. */
export const MOST_UNPACKED_BYTES = 64 << 20;

/** Packs the records of a batch. */
export function pack(bytes: Uint8Array, codec: Compression): Uint8Array {
  switch (codec) {
    case "none":
      return bytes;
    case "gzip":
      return gzipSync(bytes);
    case "zstd":
      return zstdCompressSync(bytes);
    case "lz4":
      return packLz4(bytes);
    case "snappy":
      return packSnappy(bytes);
  }
}

/**
 * Unpacks the records of a batch.
 *
 * @throws {SyntaxError} If the bytes are damaged, or would unpack to more than `mostBytes`.
 */
export function unpack(
  bytes: Uint8Array,
  codec: Compression,
  mostBytes: number = MOST_UNPACKED_BYTES,
): Uint8Array {
  try {
    switch (codec) {
      case "none":
        return bytes;
      case "gzip":
        return gunzip(bytes, mostBytes);
      case "zstd":
        return zstdDecompressSync(bytes, { maxOutputLength: mostBytes });
      case "lz4":
        return unpackLz4(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length), mostBytes);
      case "snappy":
        return unpackSnappy(
          Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length),
          mostBytes,
        );
    }
  } catch (error) {
    const { message, code } = error as Error & { code?: string };
    const tooMuch = error instanceof TooMuch || code === "ERR_BUFFER_TOO_LARGE" ||
      /too big/.test(message);
    throw new SyntaxError(
      `Cannot unpack a record batch from ${codec}: ` +
        (tooMuch
          ? `it would take more than ${mostBytes} bytes`
          : `it is damaged (${message.replace(/\.$/, "")})`),
      { cause: error },
    );
  }
}

class TooMuch extends Error {}

const GZIP_HEADER_BYTES = 10;

/** Java ends where the packed bytes end, and passes over what follows; the runtime takes that for damage. */
function gunzip(bytes: Uint8Array, maxOutputLength: number): Uint8Array {
  try {
    return gunzipSync(bytes, { maxOutputLength });
  } catch (error) {
    const hasPlainHeader = bytes[3] === 0;
    if (!hasPlainHeader || (error as { code?: string }).code === "ERR_BUFFER_TOO_LARGE") {
      throw error;
    }
    return inflateRawSync(bytes.subarray(GZIP_HEADER_BYTES), { maxOutputLength });
  }
}

/** What Java's snappy library puts in front: its name, its version, and the oldest that can read it. */
const XERIAL = Buffer.from("82534e41505059000000000100000001", "hex");
const XERIAL_NAME_BYTES = 8, SNAPPY_BLOCK_BYTES = 32 << 10;

/** In blocks, each behind its length, as Java writes it. */
function packSnappy(bytes: Uint8Array): Uint8Array {
  const parts: Uint8Array[] = [XERIAL];
  for (let at = 0; at < bytes.length; at += SNAPPY_BLOCK_BYTES) {
    const packed = snappy.compress(bytes.subarray(at, at + SNAPPY_BLOCK_BYTES));
    const length = Buffer.alloc(4);
    length.writeInt32BE(packed.length);
    parts.push(length, packed);
  }
  return Buffer.concat(parts);
}

/** In blocks, or all in one as librdkafka writes it. */
function unpackSnappy(bytes: Buffer, mostBytes: number): Uint8Array {
  if (!bytes.subarray(0, XERIAL_NAME_BYTES).equals(XERIAL.subarray(0, XERIAL_NAME_BYTES))) {
    return unpackSnappyBlock(bytes, mostBytes);
  }
  const parts: Uint8Array[] = [];
  let left = mostBytes;
  for (let at = XERIAL.length; at < bytes.length;) {
    const length = bytes.readUInt32BE(at), packed = bytes.subarray(at += 4, at += length);
    if (packed.length < length) throw new Error("a block is cut off");
    const block = unpackSnappyBlock(packed, left);
    left -= block.length;
    parts.push(block);
  }
  return Buffer.concat(parts);
}

/** No element of a block makes more bytes of each of its own: a copy of 64 bytes takes three. */
const MOST_SNAPPY_RATIO = 22;

/**
 * One block: its length, then bytes as they are, and copies of bytes that were written before.
 *
 * @see Snappy's format description
 */
function unpackSnappyBlock(bytes: Buffer, mostBytes: number): Uint8Array {
  let at = 0, to = 0, size = 0;
  const number = (width: number) => {
    if (at + width > bytes.length) throw new Error("it is cut off");
    return bytes.readUIntLE((at += width) - width, width);
  };
  for (let scale = 1, byte = 0x80; byte & 0x80; scale *= 128) {
    if (scale > 128 ** 4) throw new Error("its size is too long");
    byte = number(1);
    size += (byte & 0x7f) * scale;
  }
  if (size > mostBytes) throw new TooMuch();
  if (size > MOST_SNAPPY_RATIO * bytes.length) throw new Error(`it claims ${size} bytes`);
  const out = new Uint8Array(size);
  const room = (length: number) => {
    if (to + length > size) throw new Error("it is longer than it says");
  };
  while (at < bytes.length) {
    const tag = number(1), kind = tag & 3;
    if (kind === 0) {
      const short = tag >>> 2, length = (short < 60 ? short : number(short - 59)) + 1;
      room(length);
      if (at + length > bytes.length) throw new Error("it is cut off");
      out.set(bytes.subarray(at, at += length), to);
      to += length;
      continue;
    }
    const length = kind === 1 ? (tag >>> 2 & 7) + 4 : (tag >>> 2) + 1;
    const back = kind === 1 ? (tag >>> 5) * 256 + number(1) : number(kind === 2 ? 2 : 4);
    if (back === 0 || back > to) throw new Error("it copies from outside");
    room(length);
    // A copy may reach into what it writes.
    if (back >= length) out.copyWithin(to, to - back, to - back + length);
    else for (let i = to; i < to + length; i++) out[i] = out[i - back]!;
    to += length;
  }
  if (to < size) throw new Error("it is shorter than it says");
  return out;
}

const LZ4_MAGIC = 0x184d2204, CONTENT_SIZE = 0x08, BLOCK_CHECKSUM = 0x10, IS_PLAIN = 0x80000000;

/** A frame of blocks of up to 4 MB that know nothing of each other, as Java wants them: magic, flags, size, checksum. */
const LZ4_HEADER = Buffer.from("04224d18607073", "hex"), LZ4_END_BYTES = 4;
const LZ4_BLOCK_BYTES = 4 << 20;

/** lz4js would let blocks refer to those before, so each is packed alone and taken out of its frame. */
function packLz4(bytes: Uint8Array): Uint8Array {
  const parts: Uint8Array[] = [LZ4_HEADER];
  for (let at = 0; at < bytes.length; at += LZ4_BLOCK_BYTES) {
    const frame = lz4.compress(bytes.subarray(at, at + LZ4_BLOCK_BYTES));
    parts.push(frame.subarray(LZ4_HEADER.length, frame.length - LZ4_END_BYTES));
  }
  parts.push(new Uint8Array(LZ4_END_BYTES));
  return Buffer.concat(parts);
}

/** @see The LZ4 frame format */
function unpackLz4(bytes: Buffer, mostBytes: number): Uint8Array {
  if (bytes.readUInt32LE(0) !== LZ4_MAGIC) throw new Error("it is no LZ4 frame");
  const flags = bytes[4]!, blockBytes = 1 << 2 * ((bytes[5]! >> 4 & 7) + 4);
  let at = flags & CONTENT_SIZE ? 15 : 7, end = 0;
  let out = new Uint8Array(Math.min(Math.max(4 * bytes.length, blockBytes), mostBytes));
  for (let size = bytes.readUInt32LE(at); size !== 0; size = bytes.readUInt32LE(at)) {
    const length = size & ~IS_PLAIN, block = at + 4;
    if (block + length > bytes.length || length > 4 << 20) throw new Error("a block is cut off");
    // Blocks may refer to those before, so that all of them stand in one piece.
    if (end + blockBytes > out.length) out = larger(out, end + blockBytes, mostBytes);
    if (size & IS_PLAIN) {
      if (end + length > out.length) throw new TooMuch();
      out.set(bytes.subarray(block, block + length), end);
      end += length;
    } else end = lz4.decompressBlock(bytes, out, block, length, end);
    if (end > out.length) throw new TooMuch();
    at = block + length + (flags & BLOCK_CHECKSUM ? 4 : 0);
  }
  return out.subarray(0, end);
}

function larger(bytes: Uint8Array<ArrayBuffer>, size: number, most: number) {
  const room = new Uint8Array(Math.min(Math.max(2 * bytes.length, size), most));
  room.set(bytes);
  return room;
}
