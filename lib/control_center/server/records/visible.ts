/**
 * Makes characters that nobody sees, or that turn the text around them, visible.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { visible } from "./visible.ts";
 * assert.equal(visible("a\u0000b"), "a␀b");
 * assert.equal(visible("\u202eabc"), "⟨U+202E⟩abc");
 * // Joiners make one letter or picture of two; elsewhere they would be invisible.
 * assert.equal(visible("👩\u200d🚀 a\u200d"), "👩\u200d🚀 a⟨U+200D⟩");
 * ```
 */
export function visible(text: string): string {
  return text
    // deno-lint-ignore no-control-regex -- these are the ones to show; tab and newline stay.
    .replace(/[\x00-\x08\x0b-\x1f]/g, (char) => String.fromCharCode(0x2400 + char.charCodeAt(0)))
    .replace(
      /[\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g,
      named,
    )
    .replace(STRAY_JOINER, named);
}

const named = (char: string) =>
  `⟨U+${char.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}⟩`;

/** A joiner (U+200D) or non-joiner (U+200C) that does not stand between two letters or emoji. */
const STRAY_JOINER =
  /(?<![\p{L}\p{M}\p{Extended_Pictographic}\p{Emoji_Modifier}])[\u200c\u200d]|[\u200c\u200d](?![\p{L}\p{M}\p{Extended_Pictographic}])/gu;

/**
 * Lays JSON text out over lines without parsing it: numbers keep every digit, any depth is fine.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { layOut } from "./visible.ts";
 * assert.equal(layOut('{"id":12345678901234567890,"a":[]}'), '{\n  "id": 12345678901234567890,\n  "a": []\n}');
 * ```
 * @param text JSON. What is none is laid out as far as it goes.
 */
export function layOut(text: string): string {
  const out: string[] = [];
  const line = () => `\n${"  ".repeat(Math.max(0, Math.min(depth, DEEPEST)))}`;
  let depth = 0, before = "", length = 0;
  for (const [part] of text.matchAll(/"(?:[^"\\]|\\.)*"|[^\s"{}[\],:]+|[{}[\],:]/g)) {
    if (part === "{" || part === "[") {
      depth++;
      out.push(part, line());
    } else if (part === "}" || part === "]") {
      depth--;
      // An empty object or array stays on its line.
      if (before === "{" || before === "[") out[out.length - 1] = part;
      else out.push(line(), part);
    } else if (part === ",") out.push(part, line());
    else out.push(part === ":" ? ": " : part);
    before = part;
    length += out.at(-1)!.length;
    if (length > LONGEST) return text;
  }
  return out.join("");
}

/** Deeper levels are not indented any further: a hundred thousand brackets would fill memory with spaces. */
const DEEPEST = 24;
const LONGEST = 1_000_000;
