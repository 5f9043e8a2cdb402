import assert from "node:assert/strict";
import { parseHTML } from "linkedom";
import type { DebugStep, DebugSteps } from "../views/mod.ts";
import { stepsView } from "./steps.ts";

const topology = {
  ...{ app: "copy", stores: [], partitions: {} },
  boxes: [
    { id: "topic in", kind: "topic", label: "in", subTopology: null },
    { id: "map", kind: "step", label: "map", subTopology: 0 },
  ],
  arrows: [{ from: "topic in", to: "map", kind: "flow" }],
} as const;

function steps(count: number, value: string): DebugSteps {
  const one = (offset: number): DebugStep => ({
    ...{ task: "0_0", streamTimeMs: offset, visited: ["topic in", "map"], dropped: [] },
    record: { topic: "in", partition: 0, offset, key: `k${offset}`, value, timestamp: offset },
    events: [{ node: "map", what: "passed", key: "k", value, detail: "" }],
    ...{ tables: [], closed: [] },
  });
  return { topology, steps: Array.from({ length: count }, (_, at) => one(at)), leftOut: 0 };
}

const documentOf = (html: string) =>
  parseHTML(`<!doctype html><html><body>${html}</body></html>`).document;

Deno.test("stepsView() has a named button for each step, one of which is chosen, and no script", () => {
  const { html, text } = stepsView(steps(3, "a"));
  const document = documentOf(html);
  const buttons = [...document.querySelectorAll("form input[type=radio]")];
  assert.deepEqual(buttons.map((one) => one.getAttribute("aria-label")), [
    "step 1 of 3: in, partition 0, offset 0",
    "step 2 of 3: in, partition 0, offset 1",
    "step 3 of 3: in, partition 0, offset 2",
  ]);
  assert.deepEqual(buttons.map((one) => one.hasAttribute("checked")), [true, false, false]);
  assert.equal(document.querySelectorAll(".taxi-step").length, 3);
  assert.equal(document.querySelectorAll("script").length, 0);
  assert.equal(text.split("\n").filter((line) => line.startsWith("step ")).length, 3);
});

Deno.test("stepsView() marks the boxes that a record came to, and the one that dropped it", () => {
  const [first] = steps(1, "a").steps;
  const lost = { ...first!, dropped: ["map"] };
  const { html } = stepsView({ topology, steps: [first!, lost], leftOut: 0 });
  const rule = (nth: number, rest: string) =>
    assert.ok(html.includes(`:has(label:nth-of-type(${nth})>:checked) ${rest}`), rest);
  rule(1, ":is(.b0,.b1)>.here{visibility:visible}");
  rule(2, ":is(.b0)>.here{visibility:visible}");
  rule(2, ":is(.b1)>.lost{visibility:visible}");
});

Deno.test("stepsView() stays under 200 kB and says how many steps are not drawn; its text has them all", () => {
  const { html, text } = stepsView({ ...steps(600, "€".repeat(300)), leftOut: 40 });
  const bytes = new TextEncoder().encode(html).length;
  assert.ok(bytes < 200_000, `${bytes} bytes`);
  const drawn = documentOf(html).querySelectorAll(".taxi-step").length;
  assert.ok(drawn > 100 && drawn < 600, `${drawn} steps are drawn`);
  assert.match(html, new RegExp(`and ${640 - drawn} more steps, not drawn`));
  assert.equal(text.split("\n").filter((line) => line.startsWith("step ")).length, 600);
  assert.match(text, /… and 40 more steps$/);
});
