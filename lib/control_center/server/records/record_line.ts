import type { RawRecord } from "../../../kafka/mod.ts";
import { hexOf, type Payload, payload, type PayloadOptions } from "./payload.ts";
import { visible } from "./visible.ts";

/** A record as a page shows it. */
export interface RecordLine {
  readonly partition: number;
  readonly offset: number;
  readonly timestamp: number;
  readonly key: Payload;
  readonly value: Payload;
  readonly headers: readonly { readonly name: string; readonly text: string }[];
  /** With `whole`: the value's bytes, the first 1,024. */
  readonly raw?: { readonly key: string; readonly value: string };
}

const HEADERS = 50;

/** Makes a record readable; keys and values are cut unless the whole of them is asked for. */
export async function recordLine(
  record: RawRecord,
  options: PayloadOptions = {},
): Promise<RecordLine> {
  const { partition, offset, timestamp } = record;
  const headers = await Promise.all(
    record.headers.slice(0, HEADERS).map(async ([name, bytes]) => ({
      name: visible(name).slice(0, 200),
      text: (await payload(bytes)).text,
    })),
  );
  const raw = (bytes: Uint8Array | null) => bytes === null ? "" : hexOf(bytes.subarray(0, 1_024));
  return {
    partition,
    offset,
    timestamp,
    key: await payload(record.key, options),
    value: await payload(record.value, options),
    headers,
    ...(options.whole ? { raw: { key: raw(record.key), value: raw(record.value) } } : {}),
  };
}

/**
 * Whether a readable record contains a text, in any case: plain matching, never a pattern or code.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { contains, recordLine } from "./record_line.ts";
 * const value = new TextEncoder().encode("a Ride");
 * const line = await recordLine({ topic: "t", partition: 0, offset: 0, timestamp: 0, key: null, value, headers: [] });
 * assert.equal(contains(line, "ride"), true);
 * assert.equal(contains(line, "r.de"), false);
 * ```
 */
export function contains({ key, value, headers }: RecordLine, wanted: string): boolean {
  const texts = [
    key.kind === "null" ? "" : key.text,
    value.kind === "null" ? "" : value.text,
    ...headers.flatMap(({ name, text }) => [name, text]),
  ];
  return texts.some((text) => text.toLowerCase().includes(wanted.toLowerCase()));
}
