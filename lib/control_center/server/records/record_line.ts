import type { RawRecord } from "../../../kafka/mod.ts";
import type { TailRecord } from "./tail.ts";
import type { Payload, ReadAs, RecordLine } from "../../contract.ts";
import { fieldFilter, recordMatches } from "./field_filter.ts";
import { hexOf, payload, type PayloadOptions, wholeText } from "./payload.ts";
import { visible } from "./visible.ts";

const HEADERS = 50;

/** How the two parts of a record are read. */
export interface LineOptions extends Omit<PayloadOptions, "readAs"> {
  /** @default "auto" */
  readonly keyAs?: ReadAs;
  /** @default "auto" */
  readonly valueAs?: ReadAs;
}

/** Makes a record readable; keys and values are cut unless the whole of them is asked for. */
export async function recordLine(
  record: TailRecord,
  { keyAs = "auto", valueAs = "auto", ...options }: LineOptions = {},
): Promise<RecordLine> {
  const { partition, offset, timestamp, unreadable, producer, marker } = record;
  const headers = await Promise.all(
    record.headers.slice(0, HEADERS).map(async ([name, bytes]) => ({
      name: visible(name).slice(0, 200),
      text: inHeader(await payload(bytes)),
    })),
  );
  const raw = (bytes: Uint8Array | null) => bytes === null ? "" : hexOf(bytes.subarray(0, 1_024));
  return {
    partition,
    offset,
    timestamp,
    key: await payload(record.key, { ...options, readAs: keyAs }),
    value: {
      ...await payload(
        record.value,
        unreadable ? { readAs: "hex" } : { ...options, readAs: valueAs },
      ),
      ...(unreadable && { trouble: unreadable.error.message }),
    },
    headers,
    ...(producer === undefined ? {} : { producer }),
    ...(marker && { marker }),
    ...(options.chars ? { raw: { key: raw(record.key), value: raw(record.value) } } : {}),
  };
}

/** Nothing says that four bytes of a header are a number. */
function inHeader({ text, as, bytes }: Payload): string {
  return as ? `${text} (${bytes} bytes, as ${as})` : text;
}

/**
 * Whether a record contains a text, in any case, or has the field that the text asks for (`vendorId = 2`): plain
 * matching, never a pattern or code, in the whole of it.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { contains } from "./record_line.ts";
 * const value = new TextEncoder().encode(`a Ride${" ".repeat(600)}to the end`);
 * const record = { topic: "t", partition: 0, offset: 0, timestamp: 0, key: null, value, headers: [] };
 * assert.equal(await contains(record, "ride"), true);
 * assert.equal(await contains(record, "to the end"), true);
 * assert.equal(await contains(record, "r.de"), false);
 * ```
 */
export async function contains(
  record: RawRecord,
  wanted: string,
  { keyAs = "auto", valueAs = "auto", ...options }: LineOptions = {},
): Promise<boolean> {
  const low = wanted.toLowerCase(), field = fieldFilter(wanted);
  const { key, value, headers } = record;
  if (field && await recordMatches(record, field, options)) return true;
  const has = async (bytes: Uint8Array | null, how: PayloadOptions) =>
    (await wholeText(bytes, how)).toLowerCase().includes(low);
  if (await has(value, { ...options, readAs: valueAs })) return true;
  if (await has(key, { ...options, readAs: keyAs })) return true;
  for (const [name, bytes] of headers) {
    if (visible(name).toLowerCase().includes(low) || await has(bytes, {})) return true;
  }
  return false;
}
