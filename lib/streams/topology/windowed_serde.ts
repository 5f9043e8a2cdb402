/**
 * Windowed keys: a key, and the window it was counted in.
 *
 * @module
 */
import { type AnySerde, declareSynchronous, type Serde } from "./serde.ts";
import { decodeJson, encodeText } from "./text.ts";
import type { WindowKeyFormat } from "./store_spec.ts";

/**
 * A key in a window. Times are epoch milliseconds; `end` is exclusive for tumbling and hopping windows, inclusive for
 * sessions and sliding windows.
 */
export interface Windowed<K> {
  /** The bare key. */
  readonly key: K;
  /** First instant of the window, Unix epoch ms. */
  readonly start: number;
  /** End of the window, Unix epoch ms. */
  readonly end: number;
}

/** A serde of windowed keys; it can tell the bare key's bytes, which decide the partition. */
export interface WindowedSerde<K> extends Serde<Windowed<K>> {
  /** How the bare key is written. */
  readonly inner: Serde<K>;
  /** The bytes of the key without its window. */
  bareBytes(value: Windowed<K>, topic: string): Uint8Array | null;
}

/** Options of {@linkcode windowed}. */
export interface WindowedOptions {
  /** `{"key","start","end"}`, `[key,[start,end]]` (epoch milliseconds) or Kafka Streams' bytes. @default "json" */
  readonly format?: WindowKeyFormat;
  /** Size of a window, needed to decode Java bytes of tumbling and hopping windows. */
  readonly sizeMs?: number;
  /** Whether the windows are sessions (Java bytes differ). @default false */
  readonly session?: boolean;
}

/**
 * A serde of windowed keys.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { string, windowed } from "lib/streams/mod.ts";
 * const bytes = windowed(string).encode({ key: "1", start: 0, end: 60_000 }, "counts") as Uint8Array;
 * assert.equal(new TextDecoder().decode(bytes), '{"key":"1","start":0,"end":60000}');
 * ```
 * See: Kafka Streams' `TimeWindowedSerde` and `SessionWindowedSerde` for format "java".
 */
export function windowed<K>(inner: Serde<K>, options: WindowedOptions = {}): WindowedSerde<K> {
  const format = options.format ?? "json";
  const code = format === "java" ? javaKeys(inner, options) : jsonKeys<K>(format);
  return declareSynchronous<WindowedSerde<K>>({
    inner,
    bareBytes: (value, topic) => now(inner.encode(value.key, topic), topic),
    encode: code.encode,
    decode: code.decode,
  });
}

/** Whether a serde is one of windowed keys. */
export function isWindowed(serde: AnySerde): serde is WindowedSerde<unknown> {
  return "bareBytes" in serde;
}

function jsonKeys<K>(format: "json" | "faust") {
  return {
    encode: ({ key, start, end }: Windowed<K>) =>
      encodeText(JSON.stringify(format === "json" ? { key, start, end } : [key, [start, end]])),
    decode: (bytes: Uint8Array | null): Windowed<K> => {
      const parsed = decodeJson(bytes!) as Windowed<K> | [K, [number, number]];
      if (!Array.isArray(parsed)) return parsed;
      const [key, [start, end]] = parsed;
      return { key, start, end };
    },
  };
}

function javaKeys<K>(inner: Serde<K>, { sizeMs = 0, session = false }: WindowedOptions) {
  const tail = session ? 16 : 8;
  return {
    encode: ({ key, start, end }: Windowed<K>, topic: string) => {
      const bare = now(inner.encode(key, topic), topic)!;
      const bytes = new Uint8Array(bare.length + tail);
      bytes.set(bare);
      const view = new DataView(bytes.buffer);
      if (session) view.setBigInt64(bare.length, BigInt(end));
      view.setBigInt64(bytes.length - 8, BigInt(start));
      return bytes;
    },
    decode: (bytes: Uint8Array | null, topic: string): Windowed<K> => {
      const view = new DataView(bytes!.buffer, bytes!.byteOffset, bytes!.length);
      const start = Number(view.getBigInt64(bytes!.length - 8));
      const end = session ? Number(view.getBigInt64(bytes!.length - 16)) : start + sizeMs;
      return { key: now(inner.decode(bytes!.slice(0, -tail), topic), topic), start, end };
    },
  };
}

function now<T>(answer: T | Promise<T>, topic: string): T {
  if (!(answer instanceof Promise)) return answer;
  answer.catch(() => {});
  throw new TypeError(
    `Cannot use a windowed key of "${topic}": its serde answers with a promise (use a synchronous serde for keys)`,
  );
}
