// A topology with what flows along its arrows now.
import { count, html, many, to, useWidth } from "./parts.ts";
import type { AppPage } from "../contract.ts";
import { layout, lines, type Placed } from "./topology_layout.ts";

/** A box with what its table and its topic are known by. */
type Box = AppPage["boxes"][number] & {
  readonly known?: boolean;
  readonly table?: string | undefined;
  readonly rows?: number | null;
};
type Arrow = AppPage["arrows"][number];
type PlacedBox = Placed<Box>;

export interface TopologyProps {
  readonly page: {
    readonly app: string;
    readonly boxes: readonly Box[];
    readonly arrows: readonly Arrow[];
  };
}

const short = (number: number) =>
  number >= 10_000
    ? number.toLocaleString("en", { notation: "compact", maximumFractionDigits: 1 })
    : count(number >= 10 ? Math.round(number) : number);

export function Topology({ page }: TopologyProps) {
  const [ref, wide] = useWidth(900);
  const { boxes, frames, width, height, isAcross } = layout(page, wide);
  const placed = new Map(boxes.map((box) => [box.id, box]));
  const drawn = page.arrows.filter((one) => placed.has(one.from) && placed.has(one.to));
  const name = (id: string) => placed.get(id)!.label;
  return html`
    <div class="scroll" ref=${ref}>
      <svg class="topology" width=${width} height=${height} viewBox=${`0 0 ${width} ${height}`}
        role="group" aria-label=${`Topology of ${page.app}`}>
        <defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7"
          orient="auto"><path d="M0,0L8,4L0,8z" /></marker></defs>
        ${frames.map((one) =>
          html`
            <g key=${one.sub} class="frame" aria-hidden="true">
              <rect x=${one.x} y=${one.y} width=${one.wide} height=${one.high} rx="10" />
              <text x=${one.x + 9} y=${one.y + 13}>${!isAcross && (boxes[0]?.wide ?? 0) < 190
                ? "sub"
                : "sub-topology"} ${one.sub}</text>
            </g>
          `
        )}
        ${drawn.map((one) =>
          html`<${Line} arrow=${one} from=${placed.get(one.from)} to=${
            placed.get(
              one.to,
            )
          } isAcross=${isAcross} />`
        )}
        ${boxes.map((box) => html`<${BoxDrawing} key=${box.id} box=${box} app=${page.app} />`)}
      </svg>
    </div>
    <ul class="unseen">${drawn.filter((one) => one.kind === "flow").map((one) =>
      html`<li>${name(one.from)} to ${name(one.to)}${one.output ? ` (${one.output})` : ""}${
        one.perSecond === null ? "" : `: ${many(one.perSecond, "record")} a second`
      }${one.lag === null ? "" : `, lag ${one.lag}`}</li>`
    )}</ul>
  `;
}

interface LineProps {
  readonly arrow: Arrow;
  readonly from: PlacedBox;
  readonly to: PlacedBox;
  readonly isAcross: boolean;
}

/** A line from side to side; a store hangs on its step without a tip. */
function Line({ arrow, from, to, isAcross }: LineProps) {
  if (arrow.kind === "state") return html`<path class="use" d=${useOf(from, to, isAcross)} />`;
  const start: readonly [number, number] = isAcross
    ? [from.x + from.wide, from.y + from.high / 2]
    : [from.x + from.wide / 2, from.y + from.high];
  const end: readonly [number, number] = isAcross
    ? [to.x, to.y + to.high / 2]
    : [to.x + to.wide / 2, to.y];
  const half = isAcross ? (end[0] - start[0]) / 2 : (end[1] - start[1]) / 2;
  const bend = isAcross
    ? `${start[0] + half},${start[1]} ${end[0] - half},${end[1]}`
    : `${start[0]},${start[1] + half} ${end[0]},${end[1] - half}`;
  // Near its end where many begin at one box, so that each number stands at its own arrow.
  const part = 0.62, x = start[0] + (end[0] - start[0]) * (isAcross ? 0.5 : part);
  const y = start[1] + (end[1] - start[1]) * (isAcross ? 0.5 : part);
  const perSecond = arrow.perSecond ?? 0, lag = arrow.lag ?? 0;
  const rate = perSecond > 0 ? `${short(perSecond)}/s` : "";
  const above = [
    arrow.output && html`<tspan class="output">${arrow.output} </tspan>`,
    html`<tspan>${rate}</tspan>`,
  ];
  const below = lag > 0 ? `lag ${short(lag)}` : "";
  return html`
    <g aria-hidden="true">
      <path class=${perSecond > 0 ? "flow live" : "flow"} marker-end="url(#tip)"
        d=${`M${start} C${bend} ${end}`} />
      ${isAcross
        ? html`
          <text class="rate" x=${x} y=${y - 7} text-anchor="middle">${above}</text>
          <text class="lag" x=${x} y=${y + 16} text-anchor="middle">${below}</text>
        `
        : html`
          <text class="rate" x=${x + 8} y=${y}>${above}</text>
          <text class="lag" x=${x - 8} y=${y} text-anchor="end">${below}</text>
        `}
    </g>
  `;
}

function useOf(from: PlacedBox, to: PlacedBox, isAcross: boolean): string {
  const middle = (box: PlacedBox) => [box.x + box.wide / 2, box.y + box.high / 2];
  const beside = isAcross ? from.x === to.x : from.y === to.y;
  if (!beside) return `M${middle(from)} L${middle(to)}`;
  return isAcross
    ? `M${from.x + from.wide / 2},${from.y + from.high} V${to.y}`
    : `M${from.x + from.wide},${from.y + from.high / 2} H${to.x}`;
}

function BoxDrawing({ box, app }: { readonly box: PlacedBox; readonly app: string }) {
  const own = box.kind === "topic" && box.label.startsWith(`${app}-`);
  const label = own ? `…${box.label.slice(app.length)}` : box.label;
  const text = lines(label, Math.floor((box.wide - 18) / 7.1));
  const meta = box.kind === "topic" && box.partitions !== null
    ? many(box.partitions, "partition")
    : box.kind === "store" && box.rows !== null && box.rows !== undefined
    ? many(box.rows, "row")
    : "";
  const all = [...text, meta].filter(Boolean);
  const y = box.y + box.high / 2 - (all.length - 1) * 8 + (box.kind === "store" ? 8 : 4);
  const drawing = html`
    <g class=${`box ${box.kind}`}>
      <title>${box.label}</title>
      <${Shape} box=${box} />
      ${all.map((line, at) =>
        html`<text x=${box.x + box.wide / 2} y=${y + at * 16} text-anchor="middle" class=${
          at === all.length - 1 && meta ? "meta" : ""
        }>${`${line} `}</text>`
      )}
    </g>
  `;
  if (box.kind === "step" || (box.kind === "topic" && box.partitions === null && !box.known)) {
    return drawing;
  }
  const href = box.kind === "topic" ? to("topics", box.label) : to("apps", app, box.table ?? "");
  // The name begins with what can be read in the box, line by line.
  return html`<a href=${href} aria-label=${`${all.join(" ")}, ${
    box.kind === "topic" ? "topic" : "table"
  } ${box.label}`}>${drawing}</a>`;
}

/** Topics with round ends, steps as boxes, tables as drums. */
function Shape({ box }: { readonly box: PlacedBox }) {
  const { x, y, wide, high, kind } = box;
  if (kind !== "store") {
    return html`<rect x=${x} y=${y} width=${wide} height=${high} rx=${
      kind === "topic" ? 26 : 8
    } />`;
  }
  const lid = 6;
  return html`
    <path d=${`M${x},${y + lid} a${wide / 2},${lid} 0 0 1 ${wide},0 v${high - 2 * lid} a${
      wide / 2
    },${lid} 0 0 1 ${-wide},0 z m0,0 a${wide / 2},${lid} 0 0 0 ${wide},0`} />
  `;
}
