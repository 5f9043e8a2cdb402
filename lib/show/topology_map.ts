import type { TopologyArrow, TopologyBox, TopologyView } from "../views/mod.ts";
import { cut, escapeHtml, tag } from "./markup.ts";
import { drawing } from "./theme.ts";

/** A program as a small map, from top to bottom. */
export interface TopologyMap {
  /** The SVG; a box has the class `taxi-box` and {@linkcode classes}. */
  readonly svg: string;
  /** Id of a box -> the class by which a style finds it. */
  readonly classes: ReadonlyMap<string, string>;
}

const HIGH = 28, DOWN = 20, ACROSS = 14, WIDE = { most: 124, all: 520 };
/** Boxes of one map; more would not be read. */
const MOST_BOXES = 80;

interface Place {
  readonly x: number;
  readonly y: number;
}

/** Draws a topology in layers: topics with round ends, steps as boxes, stores with a dashed edge beside their step. */
export function topologyMap({ app, boxes, arrows }: TopologyView): TopologyMap {
  const shown = boxes.slice(0, MOST_BOXES);
  const layers = layersOf(shown, arrows);
  const most = Math.max(1, ...layers.map((layer) => layer.length));
  const wide = Math.min(WIDE.most, (WIDE.all - (most - 1) * ACROSS) / most);
  const places = new Map(
    layers.flatMap((layer, down) =>
      layer.map(({ id }, nth): readonly [string, Place] => [id, {
        x: 2 + nth * (wide + ACROSS),
        y: 2 + down * (HIGH + DOWN),
      }])
    ),
  );
  const classes = new Map(shown.map(({ id }, at) => [id, `b${at}`]));
  const width = most * (wide + ACROSS) - ACROSS + 4;
  const height = layers.length * (HIGH + DOWN) - DOWN + 4;
  const label = [
    `${app}:`,
    ...arrows.map((one) =>
      `${named(boxes, one.from)} ${one.kind === "flow" ? "to" : "uses"} ${named(boxes, one.to)},`
    ),
  ].join(" ").replace(/,$/, "");
  const svg = drawing(
    { width, height, label },
    ...arrows.map((one) => line(one, { places, wide })),
    ...shown.map((box) =>
      drawn(box, { at: places.get(box.id)!, wide, name: classes.get(box.id)! })
    ),
  );
  return { svg, classes };
}

function named(boxes: readonly TopologyBox[], id: string): string {
  return boxes.find((box) => box.id === id)?.label ?? id;
}

/** Boxes by their longest way from a beginning; arrows come in the order of the program, so one pass is enough. */
function layersOf(
  boxes: readonly TopologyBox[],
  arrows: readonly TopologyArrow[],
): TopologyBox[][] {
  const depth = new Map<string, number>(), left = new Set<string>();
  for (const { from, to, kind } of arrows) {
    const at = (depth.get(from) ?? 0) + (kind === "flow" ? 1 : 0);
    if (!depth.has(from)) depth.set(from, 0);
    // A topic that is written back to stays where it was first.
    if (!left.has(to) && (kind === "flow" || !depth.has(to))) {
      depth.set(to, Math.max(depth.get(to) ?? 0, at));
    }
    if (kind === "flow") left.add(from);
  }
  const layers: TopologyBox[][] = [];
  const rank = ({ kind }: TopologyBox) => kind === "store" ? 1 : 0;
  for (const box of boxes.toSorted((a, b) => rank(a) - rank(b))) {
    (layers[depth.get(box.id) ?? 0] ??= []).push(box);
  }
  return layers.filter(Boolean);
}

interface Layout {
  readonly places: ReadonlyMap<string, Place>;
  readonly wide: number;
}

function line({ from, to, kind }: TopologyArrow, { places, wide }: Layout): string {
  const start = places.get(from), end = places.get(to);
  if (!start || !end) return "";
  const soft = { fill: "none", stroke: "var(--taxi-soft)" };
  if (kind === "state") {
    const beside = start.y === end.y;
    const d = beside
      ? `M${start.x + wide},${start.y + HIGH / 2}H${end.x}`
      : `M${start.x + wide / 2},${start.y + HIGH / 2}L${end.x + wide / 2},${end.y + HIGH / 2}`;
    return tag("path", { d, ...soft, "stroke-dasharray": "3 3" });
  }
  const [x, y] = [start.x + wide / 2, start.y + HIGH], [toX, toY] = [end.x + wide / 2, end.y];
  const half = (toY - y) / 2;
  return tag("path", {
    d: `M${x},${y}C${x},${y + half} ${toX},${toY - half} ${toX},${toY - 3}`,
    ...soft,
  }) +
    tag("path", { d: `M${toX - 4},${toY - 6}h8l-4,6z`, fill: "var(--taxi-soft)" });
}

function drawn(
  { kind, label }: TopologyBox,
  { at: { x, y }, wide, name }: {
    readonly at: Place;
    readonly wide: number;
    readonly name: string;
  },
): string {
  // Names that the library makes are in capitals, which are wider.
  const words = cut(label, Math.floor((wide - 30) / (/[A-Z]{4}/.test(label) ? 8.4 : 6.6)));
  const dash = kind === "store" ? "5 3" : undefined;
  return tag(
    "g",
    { class: `taxi-box ${name}` },
    tag("title", {}, escapeHtml(`${kind}: ${label}`)),
    tag("rect", {
      ...{ x, y, width: wide, height: HIGH, rx: kind === "topic" ? HIGH / 2 : 4 },
      ...{ fill: "var(--taxi-page)", stroke: "var(--taxi-soft)", "stroke-dasharray": dash },
    }),
    tag("text", { class: "here", x: x + 7, y: y + 18, "font-size": 11 }, "●"),
    tag("text", { class: "lost", x: x + 6, y: y + 18, "font-size": 12, "font-weight": 700 }, "✕"),
    tag(
      "text",
      { x: x + wide / 2 + 5, y: y + 18, "font-size": 12, "text-anchor": "middle" },
      escapeHtml(words),
    ),
  );
}
