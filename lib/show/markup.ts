/** Text that may stand in HTML or SVG, between tags and inside quoted attributes. */
const ENTITY: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/**
 * Escapes text for HTML, so that what a record contains is read and never run.
 *
 * Control characters that XML forbids become U+FFFD, the replacement character.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { escapeHtml } from "./markup.ts";
 * assert.equal(escapeHtml('<b onclick="x">'), "&lt;b onclick=&quot;x&quot;&gt;");
 * ```
 */
export function escapeHtml(text: string): string {
  // deno-lint-ignore no-control-regex -- these are the characters XML 1.0 (2.2) leaves out
  const printable = text.replace(/[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g, "\ufffd");
  return printable.replace(/[&<>"']/g, (char) => ENTITY[char]!);
}

/** Values of a tag's attributes; `undefined` leaves the attribute out, numbers keep two decimals. */
export type Attributes = Readonly<Record<string, string | number | undefined>>;

/**
 * Writes one element. Attributes are escaped; children are markup already (`escapeHtml` text first).
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { tag } from "./markup.ts";
 * assert.equal(tag("text", { x: 1 / 3, class: undefined }, "a"), '<text x="0.33">a</text>');
 * ```
 */
export function tag(name: string, attributes: Attributes, ...children: readonly string[]): string {
  const written = Object.entries(attributes).filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}="${escapeHtml(format(value!))}"`).join("");
  return `<${name}${written}>${children.join("")}</${name}>`;
}

function format(value: string | number): string {
  return typeof value === "number" ? String(Math.round(value * 100) / 100) : value;
}

/**
 * Cuts text to a number of columns; a wide character (CJK, emoji) counts two, what is cut becomes "…".
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { cut } from "./markup.ts";
 * assert.equal(cut("vendor", 5), "vend…");
 * assert.equal(cut("ride", 5), "ride");
 * ```
 */
export function cut(text: string, columns: number): string {
  const chars = [...text];
  if (chars.reduce((sum, char) => sum + width(char), 0) <= columns) return text;
  let kept = "", used = 1;
  for (const char of chars) {
    used += width(char);
    if (used > columns) break;
    kept += char;
  }
  return `${kept}…`;
}

function width(char: string): number {
  return /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60]/.test(
      char,
    ) ||
      char.codePointAt(0)! >= 0x1f000
    ? 2
    : 1;
}

/** What a key or value looks like in a small box: text as it is, anything else as compact JSON. */
export function short(value: unknown): string {
  if (value === undefined) return "";
  if (value === null) return "null";
  if (typeof value === "string") return value;
  if (typeof value === "bigint") return String(value);
  if (value instanceof Uint8Array) return hex(value);
  if (value instanceof Error || typeof value === "number") return String(value);
  if (value instanceof Date && Number.isNaN(value.getTime())) return "no date";
  try {
    return JSON.stringify(value, asShown) ?? String(value);
  } catch {
    // Alone JSON takes any depth; with a function it needs the stack for each level.
    return deep(value);
  }
}

function deep(value: unknown): string {
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    return "(not to be written as JSON)";
  }
}

/** What JSON would leave out or write as {}: bytes, collections, numbers it does not know. */
function asShown(_: string, part: unknown): unknown {
  if (typeof part === "bigint") return String(part);
  if (typeof part === "number" && !Number.isFinite(part)) return String(part);
  if (part instanceof Uint8Array) return textIn(part) ?? hex(part);
  if (part instanceof Map) return [...part];
  if (part instanceof Set) return [...part];
  if (part instanceof Error) return String(part);
  return part;
}

/** Bytes inside of something else, a header's for one, are mostly text. */
function textIn(bytes: Uint8Array): string | undefined {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return /^[^\p{Cc}]*$/u.test(text) ? text : undefined;
  } catch {
    return undefined;
  }
}

/**
 * What a small box has room for: an object of one property, or JSON text of one, is its value alone.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { brief } from "./markup.ts";
 * assert.equal(brief('{"number":3}'), "3");
 * assert.equal(brief({ vendorId: 1, passenger_count: 2 }), "1, 2");
 * ```
 */
export function brief(value: unknown): string {
  const parsed = typeof value === "string" && /^\s*\{/.test(value) ? parse(value) : value;
  if (typeof parsed !== "object" || parsed === null || parsed instanceof Uint8Array) {
    return short(value);
  }
  if (Array.isArray(parsed)) return short(parsed);
  return Object.values(parsed).map(short).join(", ");
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Bytes as two hexadecimal digits each, with a space between. */
export function hex(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join(" ");
}
