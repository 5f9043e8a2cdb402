import * as observablePlot from "@observablehq/plot";
import type { PlotOptions } from "@observablehq/plot";
import { parseHTML } from "linkedom";
import { cut, tag } from "./markup.ts";
import { type Picture, picture } from "./picture.ts";
import { frame } from "./theme.ts";

/** Observable Plot itself, for the marks of a chart of your own. */
export const Plot: typeof observablePlot = observablePlot;
export type { PlotOptions };

/** What is written around a chart. */
export interface PlotLook {
  /** Written above. @default nothing */
  readonly title?: string | undefined;
  /** Said to who cannot see the chart, and printed in a terminal. @default the title */
  readonly text?: string | undefined;
  /** Markup below the chart, such as a legend; escaped already. */
  readonly below?: string | undefined;
}

const CSS = `.taxi .taxi-plot svg{overflow:visible}.taxi .taxi-plot svg text{font-size:12px}` +
  `.taxi .taxi-plot svg [aria-label$="axis label"] text,` +
  `.taxi .taxi-plot svg [aria-label$="axis label"]{fill:var(--taxi-soft)}`;

/**
 * Any Observable Plot chart, in the notebook's colours and fonts.
 *
 * ```ts ignore
 * await show(plot({ marks: [Plot.ruleY([0]), Plot.dot(rides, { x: "distance", y: "total" })] }));
 * ```
 * @param options Observable Plot's own options; `document` and a transparent background are set for you.
 */
export function plot(options: PlotOptions, look: PlotLook = {}): Picture {
  const label = look.text ?? look.title ?? "chart", spoken = cut(label, 2_000);
  const chart = drawn({ width: 640, ...options, ariaLabel: options.ariaLabel ?? spoken });
  chart.setAttribute("role", "img");
  const body = tag("div", { class: "taxi-scroll taxi-plot" }, chart.outerHTML) +
    (look.below ?? "");
  return picture(frame(body, { kind: "chart", title: look.title, css: CSS }), label);
}

/** Plot's element, made without a browser. */
export function drawn(options: PlotOptions): HTMLElement | SVGSVGElement {
  const { document } = parseHTML("<!doctype html><html><body></body></html>");
  const style = {
    background: "transparent",
    color: "currentColor",
    fontSize: "12px",
    overflow: "visible",
  };
  return Plot.plot({ ...options, document: document as unknown as Document, style });
}
