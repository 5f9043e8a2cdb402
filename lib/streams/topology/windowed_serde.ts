/**
 * Windowed keys: a key, and the window it was counted in.
 *
 * @module
 */
import {
  javaWindowedKey,
  readJavaWindowedKey,
  type WindowedKey as Windowed,
  windowedKeyIn,
  windowedKeyText,
} from "../../views/mod.ts";
import { decodeJson, encodeText, type Serde } from "../../serde/mod.ts";
import { type AnySerde, declareSynchronous } from "./serde.ts";
import type { WindowKeyFormat } from "./store_spec.ts";

export type { Windowed };

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
    ...(inner.ready ? { ready: (topic: string) => inner.ready!(topic) } : {}),
  });
}

/** Whether a serde is one of windowed keys. */
export function isWindowed(serde: AnySerde): serde is WindowedSerde<unknown> {
  return "bareBytes" in serde;
}

function jsonKeys<K>(format: "json" | "faust") {
  return {
    encode: (windowed: Windowed<K>) => encodeText(windowedKeyText(windowed, format)),
    decode: (bytes: Uint8Array | null): Windowed<K> => {
      const windowed = windowedKeyIn(decodeJson(bytes!));
      if (windowed) return windowed as Windowed<K>;
      throw new SyntaxError("Cannot read a windowed key: it is JSON without a window");
    },
  };
}

function javaKeys<K>(inner: Serde<K>, { sizeMs = 0, session = false }: WindowedOptions) {
  return {
    encode: ({ key, start, end }: Windowed<K>, topic: string) => {
      const bare = now(inner.encode(key, topic), topic)!;
      return javaWindowedKey({ key: bare, start, end }, { session });
    },
    decode: (bytes: Uint8Array | null, topic: string): Windowed<K> => {
      const { key, start, end } = readJavaWindowedKey(bytes!, { session, sizeMs });
      return { key: now(inner.decode(key, topic), topic), start, end };
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
