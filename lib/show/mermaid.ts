import { escapeHtml } from "./markup.ts";
import { type Picture, picture } from "./picture.ts";

/** JupyterLab draws a diagram once, as an image: its colours must do on a white page and on a black one. */
const COLORS = {
  background: "transparent",
  primaryColor: "#e6eeff",
  primaryTextColor: "#1c1c1e",
  primaryBorderColor: "#5b86dd",
  secondaryColor: "#fdeedd",
  tertiaryColor: "#e3f4f1",
  lineColor: "#767b84",
  textColor: "#767b84",
  titleColor: "#767b84",
  nodeTextColor: "#1c1c1e",
  edgeLabelBackground: "#e9ecf2",
  clusterBkg: "#8a8f9822",
  clusterBorder: "#8a8f98",
  fontSize: "14px",
} as const;

/** Text on an edge lies on its own light ground, so it is dark in both themes. */
const CSS = ".edgeLabel,.edgeLabel p,.edgeLabel span{color:#1c1c1e !important}";

const THEME = `%%{init: ${
  JSON.stringify({ theme: "base", themeCSS: CSS, themeVariables: COLORS })
}}%%\n`;

/**
 * A Mermaid diagram, drawn by JupyterLab in colours that both themes can show; elsewhere its source.
 *
 * @param source Mermaid's own language; a `%%{init …}%%` of yours is kept as it is.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { mermaid } from "./mermaid.ts";
 * assert.equal(mermaid("flowchart LR; a --> b").text, "flowchart LR; a --> b");
 * ```
 */
export function mermaid(source: string): Picture {
  const drawn = themed(source);
  return picture(`<pre>${escapeHtml(source)}</pre>`, source, { "text/vnd.mermaid": drawn });
}

/** A diagram's source with this course's colours, unless it sets its own. */
export function themed(source: string): string {
  return /^\s*(%%\{|---)/.test(source) ? source : THEME + source;
}
