import { escapeHtml } from "./markup.ts";

/** What the Jupyter protocol calls a MIME bundle: one thing in several formats. */
export type Bundle = Readonly<Record<string, string | object>>;

/** Something drawn: HTML for a notebook, text for a terminal. Pure data, equal input gives equal bytes. */
export interface Picture {
  /** Complete by itself: styles inside, nothing loaded. */
  readonly html: string;
  /** The same said in plain text, for terminals and screen readers. */
  readonly text: string;
  /** Lets a picture be the last line of a cell, too. `show()` is safer: it cannot come too late. */
  readonly [Symbol.toStringTag]: "Picture";
}

/** The name under which Deno's kernel looks for a value's own way to be displayed. */
export const DISPLAY: unique symbol = Symbol.for("Jupyter.display") as never;

/**
 * Makes a picture from HTML and its text form.
 *
 * @param formats More formats for the front end, such as `text/vnd.mermaid`; they win over HTML.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { picture } from "./picture.ts";
 * assert.equal(picture("<b>3</b>", "3").text, "3");
 * ```
 */
export function picture(html: string, text: string, formats?: Bundle): Picture {
  if (html.length > MOST_HTML) return tooLarge(html.length, text);
  const bundle: Bundle = formats ?? { "text/html": html };
  return Object.freeze({
    html,
    text,
    [Symbol.toStringTag]: "Picture" as const,
    [DISPLAY]: () => ({ ...bundle, "text/plain": text }),
  });
}

/** A notebook keeps each picture in its file and draws it again each time it is opened. */
const MOST_HTML = 200_000;

function tooLarge(length: number, text: string): Picture {
  const said = text.length > 20_000 ? `${text.slice(0, 20_000)}…` : text;
  const note = `The drawing would take ${Math.round(length / 1_000)} kB: here it is in words.`;
  return picture(`<div>${note}</div><pre>${escapeHtml(said)}</pre>`, said);
}

/** The formats of anything that says how to display itself; undefined for plain values. */
export async function bundleOf(value: unknown): Promise<Bundle | undefined> {
  if (typeof value !== "object" || value === null) return undefined;
  const display = (value as Record<symbol, unknown>)[DISPLAY];
  return typeof display === "function" ? await display.call(value) as Bundle : undefined;
}
