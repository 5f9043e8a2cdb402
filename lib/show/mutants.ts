import { cut, escapeHtml, tag } from "./markup.ts";
import { fills } from "./pattern.ts";
import { type Picture, picture } from "./picture.ts";
import { drawing, frame, hue } from "./theme.ts";

/** Tests, and programs with one mistake each. */
export interface Mutants {
  /** Names of the tests. */
  readonly tests: readonly string[];
  /** One row each. */
  readonly mutants: readonly {
    /** What is wrong with it; a few words. */
    readonly name: string;
    /** The tests that failed on it. */
    readonly killedBy: readonly string[];
  }[];
}

const LEFT = 132, TOP = 34, ROW = 26, RIGHT = 88, WIDTH = 556;
/** Tests and mutants of one drawing; more would not be read. */
const MOST = { tests: 8, mutants: 24 };

/**
 * A grid of tests and mutants: ✕ where a test killed a mutant, and who killed how many at the edges.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { mutantsView } from "./mutants.ts";
 * const view = mutantsView({
 *   tests: ["typical", "border"],
 *   mutants: [{ name: "> for >=", killedBy: ["border"] }, { name: "no grace", killedBy: [] }],
 * });
 * assert.equal(view.text, "> for >=: killed by border\nno grace: survives\ntypical kills 0, border kills 1");
 * ```
 */
export function mutantsView(
  data: Mutants,
  { title }: { readonly title?: string } = {},
): Picture {
  const tests = data.tests.slice(0, MOST.tests), mutants = data.mutants.slice(0, MOST.mutants);
  const kills = (test: string) =>
    data.mutants.filter(({ killedBy }) => killedBy.includes(test)).length;
  const text = [
    ...data.mutants.map(({ name, killedBy }) =>
      `${name}: ${killedBy.length === 0 ? "survives" : `killed by ${killedBy.join(", ")}`}`
    ),
    data.tests.map((test) => `${test} kills ${kills(test)}`).join(", "),
  ].join("\n");
  const wide = (WIDTH - LEFT - RIGHT) / Math.max(1, tests.length);
  const x = (at: number) => LEFT + at * wide, y = (at: number) => TOP + at * ROW;
  const paint = fills(1, "mutants"), bottom = y(mutants.length);
  const middle = (at: number) => ({ x: x(at) + wide / 2, "text-anchor": "middle" });
  const body = drawing(
    { width: WIDTH, height: bottom + 28, label: text.replaceAll("\n", "; ") },
    paint.defs,
    ...tests.map((test, at) =>
      word(cut(test, Math.floor((wide - 6) / 7.2)), { ...middle(at), y: 22, "font-weight": 600 }) +
      word(`${kills(test)}`, { ...middle(at), y: bottom + 18 })
    ),
    word("kills", { x: LEFT - 10, y: bottom + 18, "text-anchor": "end", class: "soft" }),
    ...mutants.map(({ name, killedBy }, row) =>
      word(cut(name, 17), {
        x: LEFT - 10,
        y: y(row) + 17,
        "text-anchor": "end",
        "font-weight": 600,
      }) +
      tests.map((test, at) => {
        const killed = killedBy.includes(test);
        return tag("rect", {
          ...{ x: x(at) + 2, y: y(row) + 2, width: wide - 4, height: ROW - 4, rx: 3 },
          ...{
            fill: killed ? paint.fill(0) : "none",
            stroke: killed ? hue(0) : "var(--taxi-line)",
          },
        }) + (killed ? word("✕", { ...middle(at), y: y(row) + 17, "font-weight": 700 }) : "");
      }).join("") +
      word(killedBy.length === 0 ? "survives" : `killed by ${killedBy.length}`, {
        ...{ x: WIDTH - RIGHT + 10, y: y(row) + 17 },
        "font-weight": killedBy.length === 0 ? 700 : undefined,
      })
    ),
  );
  const more = data.mutants.length - mutants.length + data.tests.length - tests.length;
  const note = "✕ the test fails on the mutant" + (more > 0 ? ` · … and ${more} more` : "");
  return picture(frame(body, { kind: "mutants", title, note }), text);
}

function word(text: string, place: Readonly<Record<string, string | number | undefined>>): string {
  return tag("text", { "font-size": 12, ...place }, escapeHtml(text));
}
