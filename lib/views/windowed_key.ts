/**
 * A key in a window. Times are epoch milliseconds; `end` is exclusive for tumbling and hopping windows, inclusive for
 * sessions and sliding windows.
 */
export interface WindowedKey<K = unknown> {
  /** The bare key. */
  readonly key: K;
  /** First instant of the window, Unix epoch ms. */
  readonly start: number;
  /** End of the window, Unix epoch ms. */
  readonly end: number;
}

/**
 * Writes a windowed key as JSON: `{"key","start","end"}`, or as Faust does `[key,[start,end]]`, both in epoch ms.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { windowedKeyText } from "./windowed_key.ts";
 * const key = { key: 1, start: 0, end: 60_000 };
 * assert.equal(windowedKeyText(key, "json"), '{"key":1,"start":0,"end":60000}');
 * assert.equal(windowedKeyText(key, "faust"), "[1,[0,60000]]");
 * ```
 */
export function windowedKeyText(
  { key, start, end }: WindowedKey,
  format: "json" | "faust",
): string {
  return JSON.stringify(format === "json" ? { key, start, end } : [key, [start, end]]);
}

/**
 * Reads either form of {@linkcode windowedKeyText} from parsed JSON.
 *
 * @returns undefined when it is neither.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { windowedKeyIn } from "./windowed_key.ts";
 * assert.deepEqual(windowedKeyIn([1, [0, 60_000]]), { key: 1, start: 0, end: 60_000 });
 * assert.equal(windowedKeyIn([1, 2]), undefined);
 * ```
 */
export function windowedKeyIn(value: unknown): WindowedKey | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  if (!Array.isArray(value)) {
    const { key, start, end } = value as Partial<WindowedKey>;
    return key === undefined ? undefined : spanned(key, start, end);
  }
  const [key, span] = value;
  const isFaust = value.length === 2 && Array.isArray(span) && span.length === 2;
  return isFaust ? spanned(key, span[0], span[1]) : undefined;
}

/** Bytes of a time as Java writes a long. */
const TIME_BYTES = 8;

/**
 * Writes a windowed key as Kafka Streams does: the bare key, for sessions the end, and the start.
 *
 * @param options.session Whether the window is a session. @default false
 * See: Kafka Streams' `WindowKeySchema.toBinary` (without its sequence number) and `SessionKeySchema.toBinary`
 */
export function javaWindowedKey(
  { key, start, end }: WindowedKey<Uint8Array>,
  options: { readonly session?: boolean } = {},
): Uint8Array {
  const bytes = new Uint8Array(key.length + TIME_BYTES * (options.session ? 2 : 1));
  bytes.set(key);
  const view = new DataView(bytes.buffer);
  if (options.session) view.setBigInt64(key.length, BigInt(end));
  view.setBigInt64(bytes.length - TIME_BYTES, BigInt(start));
  return bytes;
}

/**
 * Reads what {@linkcode javaWindowedKey} has written.
 *
 * @param options.sizeMs Size of a window that is no session: its end is not written. @default 0
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { javaWindowedKey, readJavaWindowedKey } from "./windowed_key.ts";
 * const session = { key: Uint8Array.of(7), start: 5, end: 9 };
 * const bytes = javaWindowedKey(session, { session: true });
 * assert.deepEqual([...bytes], [7, 0, 0, 0, 0, 0, 0, 0, 9, 0, 0, 0, 0, 0, 0, 0, 5]);
 * assert.deepEqual(readJavaWindowedKey(bytes, { session: true }), session);
 * ```
 * @throws {RangeError} If the bytes are too few
 */
export function readJavaWindowedKey(
  bytes: Uint8Array,
  { session = false, sizeMs = 0 }: { readonly session?: boolean; readonly sizeMs?: number } = {},
): WindowedKey<Uint8Array> {
  const { length } = bytes, tail = TIME_BYTES * (session ? 2 : 1);
  const view = new DataView(bytes.buffer, bytes.byteOffset, length);
  const start = Number(view.getBigInt64(length - TIME_BYTES));
  const end = session ? Number(view.getBigInt64(length - tail)) : start + sizeMs;
  return { key: bytes.slice(0, -tail), start, end };
}

function spanned(key: unknown, start: unknown, end: unknown): WindowedKey | undefined {
  return typeof start === "number" && typeof end === "number" ? { key, start, end } : undefined;
}
