/** The bytes stop making sense here; the caller adds what was being decoded. */
export function malformed(reason: string): never {
  throw new SyntaxError(reason);
}

/** Items that take no bytes (`null`, an empty record) one payload may hold; 5 bytes could claim millions. */
export const MAX_EMPTY_ITEMS = 65_536;

const encoder = new TextEncoder();
// A BOM is data here: without ignoreBOM three bytes would vanish.
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const scratch = new Uint8Array(8);
const scratchView = new DataView(scratch.buffer);

/**
 * A position in a payload, with Avro's primitives (Avro spec, "Binary Encoding").
 *
 * It has the shape that avsc's types read from and write to, and is strict where avsc's own is not: every read checks
 * the end of the bytes, integers have their declared width, a boolean is 0 or 1, text is well-formed UTF-8.
 * Writing past the end is silent, as in avsc: `pos` then tells how much room was needed.
 */
export class Tap {
  pos = 0;
  /** Empty items read so far, see {@linkcode MAX_EMPTY_ITEMS}. */
  emptyItems = 0;
  constructor(public buf: Uint8Array) {}

  /** Starts reading another payload at `pos`. */
  reset(bytes: Uint8Array, pos: number): void {
    this.buf = bytes;
    this.pos = pos;
    this.emptyItems = 0;
  }

  isValid(): boolean {
    return this.pos <= this.buf.length;
  }

  /** Moves on by `size` bytes and returns where they begin. */
  private take(size: number): number {
    const from = this.pos;
    if (size < 0) malformed(`a length of ${size} at byte ${from}`);
    this.pos = from + size;
    if (this.pos > this.buf.length) {
      malformed(
        `the bytes end too early (at ${this.buf.length}, ${this.pos - this.buf.length} short)`,
      );
    }
    return from;
  }

  readBoolean(): boolean {
    const byte = this.buf[this.take(1)];
    if (byte! > 1) malformed(`a boolean is 0 or 1, not ${byte}, at byte ${this.pos - 1}`);
    return byte === 1;
  }

  readInt(): number {
    const byte = this.buf[this.pos]!;
    if (byte < 0x80) { // Also false for undefined: past the end.
      this.pos++;
      return (byte >> 1) ^ -(byte & 1);
    }
    const n = this.readLong();
    if (n !== (n | 0)) malformed(`${n} is no 32-bit int, before byte ${this.pos}`);
    return n;
  }

  /** Zig-zag varint. Low 28 bits by integers, the rest exactly by floats; unsafe integers are refused. */
  readLong(): number {
    const from = this.pos;
    let low = 0, shift = 0, byte: number;
    do {
      byte = this.buf[this.take(1)]!;
      low |= (byte & 0x7f) << shift;
      shift += 7;
    } while (byte & 0x80 && shift < 28);
    let half = low >>> 1;
    for (let unit = 2 ** 27; byte & 0x80; unit *= 128) {
      byte = this.buf[this.take(1)]!;
      if (this.pos - from > 10) malformed(`an integer of more than 10 bytes at byte ${from}`);
      half += (byte & 0x7f) * unit;
    }
    const n = low & 1 ? -half - 1 : half;
    if (!Number.isSafeInteger(n)) {
      malformed(`a long beyond JavaScript's safe integers (±(2^53 − 1)) at byte ${from}`);
    }
    return n;
  }

  readFloat(): number {
    const { buf } = this, from = this.take(4);
    for (let i = 0; i < 4; i++) scratch[i] = buf[from + i]!;
    return scratchView.getFloat32(0, true);
  }

  readDouble(): number {
    const { buf } = this, from = this.take(8);
    for (let i = 0; i < 8; i++) scratch[i] = buf[from + i]!;
    return scratchView.getFloat64(0, true);
  }

  readFixed(size: number): Uint8Array {
    const from = this.take(size);
    return this.buf.slice(from, this.pos);
  }

  readBytes(): Uint8Array {
    return Uint8Array.prototype.slice.call(this.buf, this.take(this.readLong()), this.pos);
  }

  readString(): string {
    const { buf } = this;
    const from = this.take(this.readLong()), to = this.pos;
    if (to - from <= 24) {
      let text = "", i = from;
      for (; i < to && buf[i]! < 0x80; i++) text += String.fromCharCode(buf[i]!);
      if (i === to) return text;
    }
    try {
      return decoder.decode(buf.subarray(from, to));
    } catch {
      return malformed(`text that is not UTF-8 at byte ${from}`);
    }
  }

  skipBoolean(): void {
    this.readBoolean();
  }
  skipInt(): void {
    this.readInt();
  }
  skipLong(): void {
    this.readLong();
  }
  skipFloat(): void {
    this.take(4);
  }
  skipDouble(): void {
    this.take(8);
  }
  skipFixed(size: number): void {
    this.take(size);
  }
  skipBytes(): void {
    this.take(this.readLong());
  }
  skipString(): void {
    this.readString();
  }

  writeBoolean(value: boolean): void {
    this.buf[this.pos++] = value ? 1 : 0;
  }

  writeInt(n: number): void {
    this.writeLong(n);
  }

  writeLong(n: number): void {
    const { buf } = this;
    if (n >= -0x40000000 && n < 0x40000000) {
      let zigzag = (n << 1) ^ (n >> 31);
      while (zigzag > 0x7f) {
        buf[this.pos++] = zigzag & 0x7f | 0x80;
        zigzag >>>= 7;
      }
      buf[this.pos++] = zigzag;
      return;
    }
    if (!Number.isSafeInteger(n)) throw new RangeError(`${n} is no safe integer`);
    const half = n < 0 ? -(n + 1) : n;
    let low = (half % 64) * 2 + (n < 0 ? 1 : 0), rest = Math.floor(half / 64);
    while (rest > 0) {
      buf[this.pos++] = low | 0x80;
      low = rest % 128;
      rest = Math.floor(rest / 128);
    }
    buf[this.pos++] = low;
  }

  writeFloat(value: number): void {
    scratchView.setFloat32(0, value, true);
    this.put(4);
  }

  writeDouble(value: number): void {
    scratchView.setFloat64(0, value, true);
    this.put(8);
  }

  private put(size: number): void {
    const { buf } = this;
    let { pos } = this;
    for (let i = 0; i < size; i++) buf[pos++] = scratch[i]!;
    this.pos = pos;
  }

  writeFixed(bytes: Uint8Array): void {
    if (this.pos + bytes.length <= this.buf.length) this.buf.set(bytes, this.pos);
    this.pos += bytes.length;
  }

  writeBytes(bytes: Uint8Array): void {
    this.writeLong(bytes.length);
    this.writeFixed(bytes);
  }

  writeString(text: string): void {
    const { buf } = this, start = this.pos;
    this.writeLong(text.length);
    let i = 0;
    if (text.length <= 64) {
      for (; i < text.length; i++) {
        const code = text.charCodeAt(i);
        if (code >= 0x80) break;
        buf[this.pos++] = code;
      }
    }
    if (i === text.length) return;
    this.pos = start;
    this.writeBytes(encoder.encode(text));
  }

  /** Default values as avsc keeps them: one character a byte. */
  writeBinary(text: string, size: number): void {
    for (let i = 0; i < size; i++) this.buf[this.pos++] = text.charCodeAt(i);
  }
}
