import type { RawRecord } from "../../../kafka/mod.ts";
import type { RecordAnalysis, Sizes } from "../../contract.ts";
import { payload, type PayloadOptions } from "./payload.ts";

/** Different keys that are counted one by one; behind them it is only said that there are more. */
const KEYS = 20_000;
const SHOWN = { keys: 10, largest: 5 };

interface Counted {
  records: number;
  bytes: number;
}

/**
 * Adds up sizes, keys and nulls of records.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { Analysis } from "./analysis.ts";
 * const analysis = new Analysis();
 * const key = new TextEncoder().encode("a"), value = new Uint8Array(10);
 * const record = { topic: "t", partition: 0, offset: 0, timestamp: 5, key, value, headers: [] };
 * analysis.add(record);
 * analysis.add({ ...record, offset: 1, value: null });
 * const { records, nullValues, keys, top, values } = await analysis.result();
 * assert.deepEqual([records, nullValues, keys, top[0]?.records, values?.most], [2, 1, 1, 2, 10]);
 * ```
 */
export class Analysis {
  readonly #keys = new Map<string, Counted & { readonly key: Uint8Array }>();
  readonly #partitions = new Map<number, Counted>();
  readonly #keyBytes: number[] = [];
  readonly #valueBytes: number[] = [];
  #largest: RecordAnalysis["largest"] = [];
  #nullKeys = 0;
  #nullValues = 0;
  #unreadable = 0;
  #bytes = 0;
  #firstMs = Infinity;
  #lastMs = -Infinity;
  #hasMoreKeys = false;

  /** Bytes of all keys and values so far. */
  get bytes(): number {
    return this.#bytes;
  }

  add({ partition, offset, timestamp, key, value }: RawRecord): void {
    const bytes = (key?.length ?? 0) + (value?.length ?? 0);
    this.#bytes += bytes;
    this.#firstMs = Math.min(this.#firstMs, timestamp);
    this.#lastMs = Math.max(this.#lastMs, timestamp);
    count(this.#partitions, partition, bytes, () => ({ records: 0, bytes: 0 }));
    if (key === null) this.#nullKeys++;
    else this.#addKey(key, bytes);
    if (value === null) this.#nullValues++;
    else this.#valueBytes.push(value.length);
    const last = this.#largest.at(-1);
    if (this.#largest.length < SHOWN.largest || bytes > last!.bytes) {
      this.#largest = [...this.#largest, { partition, offset, bytes }]
        .sort((a, b) => b.bytes - a.bytes).slice(0, SHOWN.largest);
    }
  }

  /** Counts something in the log that is no record to be read. */
  addUnreadable(): void {
    this.#unreadable++;
  }

  async result(options: PayloadOptions = {}): Promise<Omit<RecordAnalysis, "isWhole">> {
    const records = [...this.#partitions.values()].reduce((sum, one) => sum + one.records, 0);
    const top = [...this.#keys.values()].sort((a, b) => b.records - a.records)
      .slice(0, SHOWN.keys);
    return {
      records,
      unreadable: this.#unreadable,
      nullKeys: this.#nullKeys,
      nullValues: this.#nullValues,
      firstMs: records === 0 ? null : this.#firstMs,
      lastMs: records === 0 ? null : this.#lastMs,
      keys: this.#hasMoreKeys ? null : this.#keys.size,
      top: await Promise.all(
        top.map(async ({ key, ...one }) => ({ ...one, key: await payload(key, options) })),
      ),
      keySizes: sizesOf(this.#keyBytes),
      values: sizesOf(this.#valueBytes),
      partitions: [...this.#partitions].map(([partition, one]) => ({ partition, ...one }))
        .sort((a, b) => a.partition - b.partition),
      largest: this.#largest,
    };
  }

  #addKey(key: Uint8Array, bytes: number): void {
    this.#keyBytes.push(key.length);
    let name = "";
    // Two keys that are alike in their first bytes and length count as one.
    for (const byte of key.subarray(0, 256)) name += String.fromCharCode(byte);
    name += key.length;
    if (!this.#keys.has(name) && this.#keys.size >= KEYS) this.#hasMoreKeys = true;
    else {
      count(this.#keys, name, bytes, () => ({ records: 0, bytes: 0, key: key.slice() }));
    }
  }
}

function count<K, V extends Counted>(of: Map<K, V>, name: K, bytes: number, first: () => V): void {
  const counted = of.get(name) ?? first();
  counted.records++;
  counted.bytes += bytes;
  of.set(name, counted);
}

function sizesOf(bytes: number[]): Sizes | null {
  if (bytes.length === 0) return null;
  const sorted = bytes.sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.floor((sorted.length - 1) * share)]!;
  return {
    ...{ least: at(0), median: at(0.5), p95: at(0.95), most: at(1) },
    sum: sorted.reduce((sum, one) => sum + one, 0),
  };
}
