/**
 * Reads a tar archive as it arrives. By hand, as the package that writes it is one of the things in it.
 *
 * @module
 */

/** A file of an archive; its bytes must be read before the next one is asked for, or they are passed over. */
export interface TarFile {
  /** As the archive writes it. */
  readonly path: string;
  readonly bytes: number;
  /** The file's content, once. */
  content(): AsyncGenerator<Uint8Array>;
}

/** An archive ended inside a file. */
export class TarEndsEarly extends Error {
  override readonly name = "TarEndsEarly";
}

const BLOCK = 512;

/** Longest name of a file in one of the records that hold long names. */
const LONGEST_NAME_BYTES = 64 * 1024;

/**
 * The regular files of an archive, in their order; links and folders are passed over.
 *
 * @throws {TarEndsEarly} If it ends inside a file.
 * @throws {SyntaxError} If it is no tar archive.
 */
export async function* readTar(archive: AsyncIterable<Uint8Array>): AsyncGenerator<TarFile> {
  const input = new ByteReader(archive);
  let longName: string | null = null;
  for (;;) {
    const header = await input.block();
    if (header === null || header.every((byte) => byte === 0)) return;
    checkSum(header);
    const type = String.fromCharCode(header[156]!), bytes = octal(header, 124, 12);
    const padding = (BLOCK - bytes % BLOCK) % BLOCK;
    if (type === "x" || type === "L") {
      if (bytes > LONGEST_NAME_BYTES) throw new SyntaxError("a name has no end");
      const text = new TextDecoder().decode(await input.whole(bytes));
      longName = type === "L" ? text.replace(/\0.*$/s, "") : paxPath(text) ?? longName;
      await input.whole(padding);
      continue;
    }
    const body = input.next(bytes);
    if (type === "0" || type === "\0") {
      yield { path: longName ?? nameIn(header), bytes, content: () => body };
    }
    for await (const _ of body);
    await input.whole(padding);
    if (type !== "g") longName = null;
  }
}

/** Hands out bytes in the pieces that are asked for, however they arrive. */
class ByteReader {
  readonly #source: AsyncIterator<Uint8Array>;
  #rest: Uint8Array = new Uint8Array(0);

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  /** The next block; null at the end. */
  async block(): Promise<Uint8Array | null> {
    if (this.#rest.length === 0 && !await this.#more()) return null;
    return await this.whole(BLOCK);
  }

  /** So many bytes, as one. */
  async whole(count: number): Promise<Uint8Array> {
    const bytes = new Uint8Array(count);
    let at = 0;
    for await (const piece of this.next(count)) {
      bytes.set(piece, at);
      at += piece.length;
    }
    return bytes;
  }

  /** So many bytes, in pieces. */
  async *next(count: number): AsyncGenerator<Uint8Array> {
    for (let left = count; left > 0;) {
      if (this.#rest.length === 0 && !await this.#more()) {
        throw new TarEndsEarly(`${left} bytes are missing`);
      }
      const piece = this.#rest.subarray(0, left);
      this.#rest = this.#rest.subarray(piece.length);
      left -= piece.length;
      yield piece;
    }
  }

  async #more(): Promise<boolean> {
    for (;;) {
      const { value, done } = await this.#source.next();
      if (done) return false;
      if (value.length === 0) continue;
      this.#rest = value;
      return true;
    }
  }
}

/** Every archive has this sum; what is none has not. */
function checkSum(header: Uint8Array): void {
  const sum = header.reduce((total, byte, at) => total + (at >= 148 && at < 156 ? 32 : byte), 0);
  if (sum !== octal(header, 148, 8)) throw new SyntaxError("it is no tar archive");
}

function octal(header: Uint8Array, at: number, length: number): number {
  const text = textAt(header, at, length).trim(), number = parseInt(text || "0", 8);
  if (/^[0-7]*$/.test(text) && Number.isSafeInteger(number)) return number;
  throw new SyntaxError("it is no tar archive");
}

function nameIn(header: Uint8Array): string {
  const prefix = textAt(header, 257, 5) === "ustar" ? textAt(header, 345, 155) : "";
  return (prefix && `${prefix}/`) + textAt(header, 0, 100);
}

function textAt(header: Uint8Array, at: number, length: number): string {
  return new TextDecoder().decode(header.subarray(at, at + length)).replace(/\0.*$/s, "");
}

/** The path among records like `23 path=a/long/name\n`. */
function paxPath(text: string): string | null {
  return text.match(/(?:^|\n)\d+ path=([^\n]*)\n/)?.[1] ?? null;
}
