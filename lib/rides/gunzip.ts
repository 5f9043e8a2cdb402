import { Buffer } from "node:buffer";
import { crc32, createInflateRaw, type InflateRaw } from "node:zlib";

/** Flags in a member's header. @see RFC 1952, section 2.3.1 */
const HEADER_CRC = 2, EXTRA = 4, NAME = 8, COMMENT = 16;
const FIXED_HEADER_BYTES = 10, TRAILER_BYTES = 8;

/**
 * Unpacks gzip as `gzip -dc` and Python do: one member after another, with zeros between them and at the end.
 *
 * A `DecompressionStream` reads one member alone; `createGunzip` stops at a zero, and what comes after it is lost.
 *
 * @throws {SyntaxError} If it is damaged or cut short.
 * @see RFC 1952
 */
export async function* gunzip(packed: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const input = new Input(packed[Symbol.asyncIterator]());
  try {
    for (let first = true; await input.skipZeros(!first); first = false) {
      await readHeader(input);
      let crc = 0, size = 0;
      for await (const bytes of inflated(input)) {
        crc = crc32(bytes, crc);
        size += bytes.length;
        yield bytes;
      }
      const trailer = await input.take(TRAILER_BYTES);
      if (trailer.readUInt32LE(0) !== crc) throw new SyntaxError("the checksum is another");
      if (trailer.readUInt32LE(4) !== size % 2 ** 32) {
        throw new SyntaxError("the length is another");
      }
    }
  } finally {
    await input.close();
  }
}

async function readHeader(input: Input): Promise<void> {
  const header = await input.take(FIXED_HEADER_BYTES), flags = header[3]!;
  if (header.readUInt16BE(0) !== 0x1f8b || header[2] !== 8) {
    throw new SyntaxError("what follows is no gzip");
  }
  if (flags & EXTRA) await input.take((await input.take(2)).readUInt16LE(0));
  for (const text of [NAME, COMMENT]) {
    if (flags & text) { while ((await input.take(1))[0] !== 0); }
  }
  if (flags & HEADER_CRC) await input.take(2);
}

/** Unpacks to the end of a member's data; what follows stays in the input. */
async function* inflated(input: Input): AsyncGenerator<Uint8Array> {
  const inflate = createInflateRaw();
  const fed = feed(inflate, input).catch((error) => void inflate.destroy(error));
  try {
    yield* inflate;
  } finally {
    inflate.destroy();
    await fed;
  }
}

async function feed(inflate: InflateRaw, input: Input): Promise<void> {
  const closed = new Promise<void>((resolve) => inflate.once("close", resolve));
  while (!inflate.destroyed) {
    const bytes = await input.next(), before = inflate.bytesWritten;
    const written = new Promise<void>((resolve, reject) =>
      inflate.write(bytes, (error) => error ? reject(error) : resolve())
    );
    await Promise.race([written, closed]);
    // A trailer always follows: bytes that are left over are how the end shows.
    const used = inflate.bytesWritten - before;
    if (used === bytes.length) continue;
    input.unread(bytes.subarray(used));
    return void inflate.end();
  }
}

/** Pieces of a stream, some of which can be put back. */
class Input {
  readonly #pieces: AsyncIterator<Uint8Array>;
  #left: Uint8Array | undefined;

  constructor(pieces: AsyncIterator<Uint8Array>) {
    this.#pieces = pieces;
  }

  unread(bytes: Uint8Array): void {
    this.#left = bytes;
  }

  /** The next piece. @throws {SyntaxError} At the end */
  async next(): Promise<Uint8Array> {
    const piece = await this.#piece();
    if (piece === undefined) throw new SyntaxError("it is cut short");
    return piece;
  }

  /** Exactly so many bytes. @throws {SyntaxError} If there are less */
  async take(bytes: number): Promise<Buffer> {
    const pieces: Uint8Array[] = [];
    for (let missing = bytes; missing > 0;) {
      const piece = await this.next();
      pieces.push(piece.subarray(0, missing));
      if (piece.length > missing) this.unread(piece.subarray(missing));
      missing -= Math.min(missing, piece.length);
    }
    return Buffer.concat(pieces);
  }

  /** Goes on to the first byte that is no zero; false at the end. */
  async skipZeros(mayBeZeros: boolean): Promise<boolean> {
    for (let piece = await this.#piece(); piece; piece = await this.#piece()) {
      const at = mayBeZeros ? piece.findIndex((byte) => byte !== 0) : 0;
      if (at < 0) continue;
      this.unread(piece.subarray(at));
      return true;
    }
    return false;
  }

  async close(): Promise<void> {
    await this.#pieces.return?.();
  }

  async #piece(): Promise<Uint8Array | undefined> {
    const left = this.#left;
    this.#left = undefined;
    if (left?.length) return left;
    const { done, value } = await this.#pieces.next();
    return done ? undefined : value;
  }
}
