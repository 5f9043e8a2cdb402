import { decodeText, encodeText } from "./utf8.ts";

/** A record's header as it stands on the wire: a name may come again, a value may be null. */
export type RecordHeader = readonly [name: string, value: Uint8Array | null];

/** A record's headers in their order; `new Map(headers)` keeps the last value of each name. */
export type RecordHeaders = readonly RecordHeader[];

/** Headers to write: an object, or pairs where order, repeats or null matter. Text is written as UTF-8. */
export type HeadersInput =
  | Readonly<Record<string, string | Uint8Array>>
  | readonly (readonly [name: string, value: string | Uint8Array | null])[];

/**
 * Turns headers to write into what stands on the wire.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { headerText, wireHeaders } from "./headers.ts";
 * const headers = wireHeaders([["retry", "1"], ["retry", "2"], ["trace", null]]);
 * assert.equal(headers.length, 3);
 * assert.equal(headerText(headers, "retry"), "2");
 * ```
 */
export function wireHeaders(headers: HeadersInput): RecordHeaders {
  const pairs = Array.isArray(headers)
    ? headers as Exclude<HeadersInput, Record<string, unknown>>
    : Object.entries(headers);
  return pairs.map((
    [name, value],
  ) => [name, typeof value === "string" ? encodeText(value) : value]);
}

/**
 * The last value of a name, as Java's `lastHeader` gives it; undefined where there is none of that name.
 */
export function headerBytes(
  headers: RecordHeaders | undefined,
  name: string,
): Uint8Array | null | undefined {
  return headers?.findLast(([one]) => one === name)?.[1];
}

/**
 * The last value of a name as text; undefined where there is none of that name, null where it is null.
 *
 * @throws {SyntaxError} If the bytes are not UTF-8 text.
 */
export function headerText(
  headers: RecordHeaders | undefined,
  name: string,
): string | null | undefined {
  const bytes = headerBytes(headers, name);
  return bytes && decodeText(bytes);
}
