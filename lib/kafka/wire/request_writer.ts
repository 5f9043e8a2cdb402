import type { TopicPartition } from "../../serde/mod.ts";

const utf8 = new TextEncoder();

/**
 * Writes the body of a request. The same calls write old versions and flexible ones (KIP-482), in which lengths are
 * varints one larger and every structure ends with tagged fields.
 */
export class RequestWriter {
  /** Whether the version is a flexible one. */
  readonly flexible: boolean;
  #bytes = new Uint8Array(256);
  #view = new DataView(this.#bytes.buffer);
  #at = 0;

  constructor(flexible: boolean) {
    this.flexible = flexible;
  }

  /** What was written. */
  get bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#at);
  }

  int8(value: number): void {
    const at = this.#room(1);
    this.#view.setInt8(at, value);
  }

  int16(value: number): void {
    const at = this.#room(2);
    this.#view.setInt16(at, value);
  }

  int32(value: number): void {
    const at = this.#room(4);
    this.#view.setInt32(at, value);
  }

  int64(value: number | bigint): void {
    const at = this.#room(8);
    this.#view.setBigInt64(at, BigInt(value));
  }

  bool(value: boolean): void {
    this.int8(value ? 1 : 0);
  }

  string(text: string | null): void {
    const bytes = text === null ? null : utf8.encode(text);
    if (this.flexible) return this.#compact(bytes);
    this.int16(bytes === null ? -1 : bytes.length);
    if (bytes) this.raw(bytes);
  }

  bytesField(bytes: Uint8Array | null): void {
    if (this.flexible) return this.#compact(bytes);
    this.int32(bytes === null ? -1 : bytes.length);
    if (bytes) this.raw(bytes);
  }

  array<T>(items: readonly T[] | null, write: (item: T) => void): void {
    if (this.flexible) this.uvarint(items === null ? 0 : items.length + 1);
    else this.int32(items === null ? -1 : items.length);
    for (const item of items ?? []) write(item);
  }

  /** Partitions by topic, as most requests name them. */
  topics<T extends TopicPartition>(partitions: readonly T[], write: (item: T) => void): void {
    this.array([...Map.groupBy(partitions, ({ topic }) => topic)], ([topic, found]) => {
      this.string(topic);
      this.array(found, (item) => {
        write(item);
        this.tags();
      });
      this.tags();
    });
  }

  /** The empty list of tagged fields that ends every structure of a flexible version. */
  tags(): void {
    if (this.flexible) this.uvarint(0);
  }

  raw(bytes: Uint8Array): void {
    const at = this.#room(bytes.length);
    this.#bytes.set(bytes, at);
  }

  uvarint(value: number): void {
    let rest = value;
    for (; rest > 0x7f; rest = Math.floor(rest / 128)) this.#byte(rest % 128 | 0x80);
    this.#byte(rest);
  }

  #byte(value: number): void {
    const at = this.#room(1);
    this.#bytes[at] = value;
  }

  #compact(bytes: Uint8Array | null): void {
    this.uvarint(bytes === null ? 0 : bytes.length + 1);
    if (bytes) this.raw(bytes);
  }

  /** Makes room for so many bytes, and returns where it begins. The view before may be too small afterwards. */
  #room(size: number): number {
    const from = this.#at;
    this.#at += size;
    if (this.#at > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(2 * this.#bytes.length, this.#at));
      larger.set(this.#bytes.subarray(0, from));
      this.#bytes = larger;
      this.#view = new DataView(larger.buffer);
    }
    return from;
  }
}
