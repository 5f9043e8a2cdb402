import { escapeHtml, hex, short, tag } from "./markup.ts";
import { type Picture, picture } from "./picture.ts";
import { frame, hue } from "./theme.ts";

/** A field of a binary format: bytes `[start, end)` mean `value`. */
export interface ByteField {
  /** Name of the field, as the format calls it. */
  readonly label: string;
  /** Index of its first byte, from 0. */
  readonly start: number;
  /** Index after its last byte. */
  readonly end: number;
  /** What the bytes mean, decoded. */
  readonly value?: unknown;
}

const CSS = `.taxi .taxi-fields{display:flex;flex-wrap:wrap;gap:10px 8px}` +
  `.taxi .taxi-field{border:1px solid var(--taxi-line);border-top-width:3px;border-radius:6px;padding:5px 10px 6px}` +
  `.taxi .taxi-field .at{font-size:10.5px;color:var(--taxi-soft)}` +
  `.taxi .taxi-field .label{font-size:12px;font-weight:600;margin-right:8px}` +
  `.taxi .taxi-field .hex{font-size:14px;letter-spacing:.02em;margin:3px 0 2px;overflow-wrap:anywhere;max-width:47ch}` +
  `.taxi .taxi-field .value{font-size:12.5px}`;

/**
 * Bytes in hexadecimal under the fields they belong to, with what each field means.
 *
 * Bytes that no field names are drawn as "not named": nothing on the wire goes missing.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { bytesView } from "./bytes.ts";
 * const view = bytesView(Uint8Array.of(0, 0, 7), [{ label: "magic", start: 0, end: 1, value: 0 }]);
 * assert.equal(view.text, "0  magic  00 = 0\n1–2  not named  00 07");
 * ```
 * @throws {RangeError} If a field lies outside the bytes or overlaps the one before.
 */
export function bytesView(
  bytes: Uint8Array,
  fields: readonly ByteField[] = [],
  { title }: { readonly title?: string } = {},
): Picture {
  const all = complete(bytes, fields);
  const cards = all.map((field, index) => card(bytes, field, index));
  const text = all.map((field) => {
    const means = field.value === undefined ? "" : ` = ${short(field.value)}`;
    return `${place(field)}  ${field.label}  ${
      hex(bytes.subarray(field.start, field.end))
    }${means}`;
  }).join("\n");
  const note = `${bytes.length} bytes`;
  const body = tag("div", { class: "taxi-fields" }, ...cards);
  return picture(frame(body, { kind: "bytes", title, note, css: CSS }), text);
}

/** Fields in order, with the stretches between them that no field names. */
function complete(bytes: Uint8Array, fields: readonly ByteField[]): ByteField[] {
  const all: ByteField[] = [];
  let at = 0;
  const rest = (end: number) => {
    if (end > at) all.push({ label: "not named", start: at, end });
  };
  for (const field of [...fields].sort((a, b) => a.start - b.start)) {
    if (field.start < at || field.end < field.start || field.end > bytes.length) {
      throw new RangeError(
        `Cannot draw field "${field.label}" as [${field.start}, ${field.end}): the free bytes are [${at}, ${bytes.length})`,
      );
    }
    rest(field.start);
    all.push(field);
    at = field.end;
  }
  rest(bytes.length);
  return all;
}

function card(bytes: Uint8Array, field: ByteField, index: number): string {
  const named = field.label !== "not named";
  const style = named
    ? `border-top-color:${hue(index)}`
    : "border-style:dashed;border-top-width:1px;padding-top:7px";
  return tag(
    "div",
    { class: "taxi-field", style },
    tag("span", { class: "label" }, escapeHtml(field.label)),
    tag("span", { class: "at" }, `byte ${place(field)}`),
    tag("div", { class: "hex mono" }, hex(bytes.subarray(field.start, field.end)) || "–"),
    field.value === undefined
      ? ""
      : tag("div", { class: "value" }, `= ${escapeHtml(short(field.value))}`),
  );
}

function place({ start, end }: ByteField): string {
  return end - start <= 1 ? `${start}` : `${start}–${end - 1}`;
}
