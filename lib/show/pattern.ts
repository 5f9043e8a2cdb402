import { HUES } from "../views/mod.ts";
import { hue } from "./theme.ts";
import { tag } from "./markup.ts";

/** Lines or dots over a tint, so that owners differ in print and without colour, too. */
const MARKS: readonly string[] = [
  "",
  "M-2,2L2,-2M0,8L8,0M6,10L10,6",
  "M2,2h1.6v1.6h-1.6zM6,6h1.6v1.6h-1.6z",
  "M-2,6L2,10M0,0L8,8M6,-2L10,2",
  "M0,2H8M0,6H8",
  "M0,0H8M0,0V8M4,0V8M0,4H8",
];

/** A drawing's fills: their definitions, and how to name one. */
export interface Fills {
  /** Goes into the SVG once. */
  readonly defs: string;
  /** The `fill` of owner `index`: a tint of its hue with its own pattern. */
  fill(index: number): string;
}

/**
 * Makes fills for the first `count` owners.
 *
 * @param scope Anything that differs between drawings on one page; ids come from it, so equal input gives equal bytes.
 */
export function fills(count: number, scope: string): Fills {
  const id = (index: number) => `taxi-${fingerprint(scope)}-${index}`;
  const one = (index: number) => {
    const mark = MARKS[(index + Math.floor(index / HUES.length)) % MARKS.length]!;
    return tag(
      "pattern",
      { id: id(index), width: 8, height: 8, patternUnits: "userSpaceOnUse" },
      tag("rect", { width: 8, height: 8, fill: hue(index), "fill-opacity": 0.22 }),
      mark === "" ? "" : tag("path", {
        d: mark,
        stroke: hue(index),
        "stroke-width": 1.2,
        "stroke-opacity": 0.75,
        fill: "none",
      }),
    );
  };
  return {
    defs: tag("defs", {}, ...Array.from({ length: count }, (_, index) => one(index))),
    fill: (index) => `url(#${id(index)})`,
  };
}

/** A short name made from text (FNV-1a, 32 bits): the same text always gives the same name. */
export function fingerprint(text: string): string {
  let hash = 0x811c9dc5;
  for (const char of text) hash = Math.imul(hash ^ char.codePointAt(0)!, 0x01000193);
  return (hash >>> 0).toString(36);
}
