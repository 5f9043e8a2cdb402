import { HUES, shades } from "../views/mod.ts";
import { cut, escapeHtml, tag } from "./markup.ts";

/** The CSS colour of hue `index`; after the last hue they start again, with another pattern. */
export function hue(index: number): string {
  return `var(--taxi-${index % HUES.length})`;
}

/** Colours follow JupyterLab's theme switch, at once and without drawing again. */
const THEME = `.taxi{${shades("light")};--taxi-text:var(--jp-content-font-color1,#1c1c1e);` +
  `--taxi-soft:var(--jp-content-font-color2,#5b5f66);--taxi-line:#8a8f9855;--taxi-wash:#8a8f9818;` +
  `--taxi-page:var(--jp-layout-color0,#fff);--taxi-good:#13743a;--taxi-bad:#b3261e;--taxi-cab:#f2b50c}` +
  `[data-jp-theme-light="false"] .taxi{${shades("dark")};` +
  `--taxi-text:var(--jp-content-font-color1,#f2f2f4);--taxi-soft:var(--jp-content-font-color2,#b4b8c0);` +
  `--taxi-page:var(--jp-layout-color0,#111);--taxi-good:#6fd08c;--taxi-bad:#ff8d85}`;

const BASE = `.taxi{display:block;margin:8px 0 10px;color:var(--taxi-text);` +
  `font:13px/1.45 var(--jp-ui-font-family,system-ui,sans-serif)}` +
  `.taxi .taxi-title{font-size:13.5px;font-weight:600;margin:0 0 8px;color:var(--taxi-text)}` +
  `.taxi .taxi-note{font-size:12px;color:var(--taxi-soft);margin:6px 0 0}` +
  `.taxi .taxi-scroll{overflow-x:auto;padding-bottom:2px}` +
  `.taxi svg{display:block;max-width:100%;height:auto;overflow:visible;background:none}` +
  `.taxi svg text{fill:currentColor;font-family:var(--jp-ui-font-family,system-ui,sans-serif)}` +
  `.taxi svg .mono,.taxi .mono{font-family:var(--jp-code-font-family,ui-monospace,Menlo,Consolas,monospace)}` +
  `.taxi svg .soft{fill:var(--taxi-soft)}`;

/** Parts of a framed picture. */
export interface Frame {
  /** One word for the CSS class `taxi-<kind>`. */
  readonly kind: string;
  /** Written above; plain text. */
  readonly title?: string | undefined;
  /** Written below, smaller; plain text. */
  readonly note?: string | undefined;
  /** CSS that only this kind needs. */
  readonly css?: string;
}

/** Puts markup into a figure with title, note and the colours of both themes. */
export function frame(body: string, { kind, title, note, css }: Frame): string {
  return tag(
    "div",
    { class: `taxi taxi-${kind}` },
    `<style>${THEME}${BASE}${css ?? ""}</style>`,
    title === undefined ? "" : tag("div", { class: "taxi-title" }, escapeHtml(title)),
    body,
    note === undefined ? "" : tag("div", { class: "taxi-note" }, escapeHtml(note)),
  );
}

/** Size and spoken description of a drawing. */
export interface Canvas {
  readonly width: number;
  readonly height: number;
  /** What a person who cannot see it should hear. */
  readonly label: string;
}

/** Columns of a spoken description. */
const LONGEST_LABEL = 2_000;

/**
 * The widest that a drawing is made. A cell of 560 pixels, as beside an open sidebar, draws it smaller, and a reader can
 * still make out its words.
 */
export const WIDEST = 800;

/** An inline SVG that gets smaller where its cell is narrow, so that nothing is cut off. */
export function drawing({ width, height, label }: Canvas, ...children: readonly string[]): string {
  const attributes = {
    role: "img",
    "aria-label": cut(label, LONGEST_LABEL),
    viewBox: `0 0 ${width} ${height}`,
  };
  const root = tag(
    "svg",
    { xmlns: "http://www.w3.org/2000/svg", width, height, ...attributes },
    ...children,
  );
  return tag("div", { class: "taxi-scroll" }, root);
}
