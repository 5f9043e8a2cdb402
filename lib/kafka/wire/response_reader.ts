const utf8 = new TextDecoder();

/**
 * Reads the body of a response; counterpart of `RequestWriter`. Brokers write records of their own topics in the same form.
 *
 * @throws {RangeError} From every method, when the response ends too early.
 */
export class ResponseReader {
  /** Whether the version is a flexible one (KIP-482). */
  readonly flexible: boolean;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = 0;

  /** Begins at the first of `bytes`, which is a response without its header. */
  constructor(bytes: Uint8Array, flexible: boolean) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    this.flexible = flexible;
  }

  /** How many bytes are left. */
  get left(): number {
    return this.#bytes.length - this.#at;
  }

  /** A signed number of one byte. */
  int8(): number {
    return this.#view.getInt8(this.#skip(1));
  }

  /** A signed number of two bytes, such as an error code. */
  int16(): number {
    return this.#view.getInt16(this.#skip(2));
  }

  /** A signed number of four bytes, such as a partition. */
  int32(): number {
    return this.#view.getInt32(this.#skip(4));
  }

  /** For offsets, times and sizes, which are far below 2^53. */
  int64(): number {
    return Number(this.bigint64());
  }

  /** For producer ids. */
  bigint64(): bigint {
    return this.#view.getBigInt64(this.#skip(8));
  }

  /** One byte; true when it is not 0. */
  bool(): boolean {
    return this.int8() !== 0;
  }

  /** A string in UTF-8, or null. */
  string(): string | null {
    const length = this.flexible ? this.uvarint() - 1 : this.int16();
    return length < 0 ? null : utf8.decode(this.raw(length));
  }

  /** A string that is never null. */
  text(): string {
    return this.string() ?? "";
  }

  /** A view into the response: copy what you keep. */
  bytes(): Uint8Array | null {
    const length = this.flexible ? this.uvarint() - 1 : this.int32();
    return length < 0 ? null : this.raw(length);
  }

  /** As many items as the response says, each read by `read`; none for a null array. */
  array<T>(read: () => T): T[] {
    const length = this.flexible ? this.uvarint() - 1 : this.int32(), items: T[] = [];
    for (let i = 0; i < length; i++) items.push(read());
    return items;
  }

  /** Partitions by topic, as most responses name them. */
  topics<T>(read: (topic: string) => T): T[] {
    return this.array(() => {
      const topic = this.text();
      const items = this.array(() => {
        const item = read(topic);
        this.tags();
        return item;
      });
      this.tags();
      return items;
    }).flat();
  }

  /** Skips the tagged fields that end every structure of a flexible version. */
  tags(): void {
    if (!this.flexible) return;
    for (let left = this.uvarint(); left > 0; left--) {
      this.uvarint();
      this.raw(this.uvarint());
    }
  }

  /** The next `length` bytes, a view into the response: copy what you keep. */
  raw(length: number): Uint8Array {
    const from = this.#skip(length);
    return this.#bytes.subarray(from, from + length);
  }

  /** At most 32 bits: with more of them a length would be no number any more, and reading would never end. */
  uvarint(): number {
    let value = 0;
    for (let scale = 1; scale <= 128 ** 4; scale *= 128) {
      const byte = this.#view.getUint8(this.#skip(1));
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
    }
    throw new RangeError(`Cannot read a number at ${this.#at}: it is longer than 32 bits`);
  }

  #skip(size: number): number {
    const from = this.#at;
    if (!(size >= 0 && from + size <= this.#bytes.length)) {
      throw new RangeError(
        `Cannot read ${size} bytes at ${from}: the response has ${this.#bytes.length}`,
      );
    }
    this.#at += size;
    return from;
  }
}
