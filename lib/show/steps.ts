import type { DebugEvent, DebugRow, DebugStep, DebugSteps } from "../views/mod.ts";
import { windowedKeyIn } from "../views/mod.ts";
import { cut, escapeHtml, short, tag } from "./markup.ts";
import { fingerprint } from "./pattern.ts";
import { type Picture, picture } from "./picture.ts";
import { frame } from "./theme.ts";
import { topologyMap } from "./topology_map.ts";

/** How to draw the steps of a program. */
export interface StepsOptions {
  /** Written above. */
  readonly title?: string;
  /** How to write a time. @default the number */
  readonly time?: (timeMs: number) => string;
}

/** A step in words: what both forms of the picture say. */
interface Said {
  /** Where the record lies, or that time alone did something. */
  readonly from: string;
  readonly record: string;
  readonly times: string;
  readonly events: readonly { readonly text: string; readonly lost: boolean }[];
  readonly rows: readonly { readonly store: string; readonly lines: readonly SaidRow[] }[];
  readonly closed: readonly string[];
}

interface SaidRow {
  /** What the step did to the row: one sign, so that it is not said by colour. */
  readonly sign: string;
  readonly text: string;
}

/** Characters of a key or value; and bytes of all steps, so that a notebook stays small. */
const LONGEST = 72, MOST_BYTES = 180_000;

const bytesOf = (markup: string) => new TextEncoder().encode(markup).length;

/**
 * A program's way through some records, to be stepped through: forward and back with buttons, ticks or arrow keys.
 *
 * All steps are drawn once. They are radio buttons, and a style shows the step of the one that is checked: nothing runs
 * in the page, so it works in a saved notebook, too. Without that style all steps stand below each other.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { stepsView } from "./steps.ts";
 * const topology = { app: "empty", boxes: [], arrows: [], stores: [], partitions: {} };
 * assert.equal(stepsView({ topology, steps: [], leftOut: 0 }).text, "empty: no steps");
 * ```
 */
export function stepsView(data: DebugSteps, options: StepsOptions = {}): Picture {
  const { title, time = String } = options, { topology, steps } = data;
  const labels = new Map(topology.boxes.map(({ id, label }) => [id, label]));
  const said = steps.map((step) => sayStep(step, { labels, time }));
  const text = asText(data, said);
  if (steps.length === 0) {
    return picture(frame("no steps", { kind: "steps", title: title ?? topology.app }), text);
  }
  const map = topologyMap(topology), scope = `w${fingerprint(JSON.stringify(text))}`;
  const drawn = { ticks: "", rules: "", panels: "", count: 0, bytes: bytesOf(map.svg) };
  for (const [at, step] of steps.entries()) {
    const tick = tickOf(step, said[at]!, { at, of: steps.length });
    const rule = ruleOf(step, { at, scope, classes: map.classes });
    const panel = panelOf(said[at]!, { at, of: steps.length });
    drawn.bytes += bytesOf(tick + rule + panel);
    if (drawn.bytes > MOST_BYTES) break;
    drawn.ticks += tick;
    drawn.rules += rule;
    drawn.panels += panel;
    drawn.count += 1;
  }
  const more = steps.length - drawn.count + data.leftOut;
  const note = (more > 0 ? `… and ${more.toLocaleString("en")} more steps, not drawn · ` : "") +
    "← → step · ● the record came here · ✕ it was dropped · + new row, ~ changed, − removed · ⊟ window closed";
  const body = tag(
    "form",
    // "dialog": Enter sends nothing anywhere.
    { class: `taxi-walk ${scope}`, method: "dialog" },
    `<style>${drawn.rules}</style>`,
    tag(
      "fieldset",
      { class: "taxi-ticks", "aria-label": `Steps of ${topology.app}` },
      tag("span", { class: "taxi-go back", "aria-hidden": "true" }, "‹ back"),
      tag("span", { class: "taxi-go on", "aria-hidden": "true" }, "forward ›"),
      drawn.ticks,
    ),
    tag(
      "div",
      { class: "taxi-stage" },
      tag("div", { class: "taxi-map" }, map.svg),
      tag("div", { class: "taxi-panels", "aria-live": "polite" }, drawn.panels),
    ),
  );
  return picture(frame(body, { kind: "steps", title, note, css: CSS }), text);
}

const GO =
  `position:absolute;top:0;width:84px;height:26px;line-height:24px;box-sizing:border-box;` +
  `left:0;text-align:center;border:1px solid var(--taxi-soft);border-radius:4px;`;

const CSS =
  `.taxi .taxi-ticks{position:relative;border:0;margin:0 0 8px;padding:34px 0 0;min-width:0;` +
  `display:flex;flex-wrap:wrap;gap:3px}` +
  `.taxi .taxi-go{${GO}opacity:.45;pointer-events:none}.taxi .taxi-go.on{left:92px}` +
  `.taxi .taxi-ticks label{display:block;cursor:pointer}` +
  `.taxi .taxi-ticks input{position:absolute;opacity:0;margin:0;width:1px;height:1px}` +
  `.taxi .taxi-ticks label>span{display:block;min-width:18px;padding:1px 4px;text-align:center;font-size:12px;` +
  `border:1px solid var(--taxi-line);border-radius:4px;font-variant-numeric:tabular-nums}` +
  `.taxi .taxi-ticks :checked+span{font-weight:700;border:2px solid var(--taxi-text);padding:0 3px;` +
  `background:var(--taxi-wash)}` +
  `.taxi .taxi-ticks :focus-visible+span{outline:2px solid var(--taxi-0);outline-offset:2px}` +
  `.taxi .taxi-ticks label:has(+label>:checked)::before,.taxi .taxi-ticks label:has(>:checked)+label::before{` +
  `${GO}background:var(--taxi-page);color:var(--taxi-text);content:"‹ back"}` +
  `.taxi .taxi-ticks label:has(>:checked)+label::before{content:"forward ›";left:92px}` +
  `.taxi .taxi-stage{display:flex;flex-wrap:wrap;gap:10px 22px;align-items:flex-start}` +
  `.taxi .taxi-map{flex:0 1 auto;min-width:0}.taxi .taxi-panels{flex:1 1 260px;min-width:0}` +
  `.taxi .taxi-map .here,.taxi .taxi-map .lost{visibility:hidden}` +
  `.taxi .taxi-map .lost{fill:var(--taxi-bad)}` +
  `.taxi .taxi-step{border-top:1px solid var(--taxi-line);padding:4px 0}` +
  `@supports selector(:has(*)){.taxi .taxi-step{display:none;border:0;padding:0}}` +
  `.taxi .taxi-step p{margin:0 0 4px;overflow-wrap:anywhere}.taxi .taxi-step .soft{color:var(--taxi-soft)}` +
  `.taxi .taxi-step ol,.taxi .taxi-step ul{margin:2px 0 6px;padding:0 0 0 20px}` +
  `.taxi .taxi-step ul{list-style:none;padding:0}.taxi .taxi-step li{margin:0;overflow-wrap:anywhere}` +
  `.taxi .taxi-step i{display:inline-block;width:14px;font-style:normal;font-weight:700}` +
  `.taxi .taxi-step .lost{font-weight:600;color:var(--taxi-bad)}` +
  `.taxi .taxi-step b{font-weight:600}`;

interface Timed {
  readonly time: (timeMs: number) => string;
}

interface Words extends Timed {
  readonly labels: ReadonlyMap<string, string>;
}

function sayStep(step: DebugStep, { labels, time }: Words): Said {
  const { record, task, streamTimeMs, tables } = step;
  const stream = streamTimeMs < 0 ? "no stream time yet" : `stream time ${time(streamTimeMs)}`;
  return {
    from: record
      ? `${record.topic}, partition ${record.partition}, offset ${record.offset}`
      : "a timer, by the wall clock",
    record: record ? pair(record, time) : "no record",
    times: `${record ? `time ${time(record.timestamp)} · ` : ""}${stream} · task ${task}`,
    events: step.events.map((event) => ({
      text: sayEvent(event, { node: labels.get(event.node) ?? event.node, time }),
      lost: event.what === "dropped",
    })),
    rows: tables.map(({ store, rows, more }) => ({
      store,
      lines: [
        ...rows.map((row) => sayRow(row, time)),
        ...(more > 0 ? [{ sign: "", text: `… and ${more.toLocaleString("en")} more rows` }] : []),
      ],
    })),
    closed: step.closed.map(({ store, key, start, end }) =>
      `${store}: the window ${keyText({ key, start, end }, time)} is closed`
    ),
  };
}

function sayEvent(event: DebugEvent, { node, time }: { readonly node: string } & Timed): string {
  const { what, detail } = event;
  switch (what) {
    case "wrote":
      return `written to ${detail}: ${pair(event, time)}`;
    case "dropped":
      return `${node} drops it: ${detail}`;
    case "held":
      return `${node} holds it back: ${pair(event, time)}`;
    case "passed":
      return `${node} passes on${detail === "" ? "" : ` to ${detail}`}: ${pair(event, time)}`;
  }
}

const SIGNS = { new: "+", changed: "~", removed: "−" } as const;

function sayRow(row: DebugRow, time: (timeMs: number) => string): SaidRow {
  const { key, window, fromMs, value, change, before, closed } = row;
  const known = keyText(window ? { key, ...window } : key, time);
  const from = fromMs === null ? "" : ` from ${time(fromMs)}`;
  const was = change === "changed" ? `${written(before)} → ` : "";
  const state = closed ? " ⊟ closed" : change === "removed" ? ", removed" : "";
  return {
    sign: change === null ? "" : SIGNS[change],
    text: `${known}${from}: ${was}${written(value)}${state}`,
  };
}

function written(value: unknown): string {
  return cut(short(value ?? null), LONGEST);
}

/** A key in a window tells its window's times as all others are told. */
function keyText(key: unknown, time: (timeMs: number) => string): string {
  const windowed = windowedKeyIn(key);
  if (windowed === undefined) return written(key);
  return `${written(windowed.key)} (${time(windowed.start)} to ${time(windowed.end)})`;
}

function pair(
  { key, value }: { readonly key: unknown; readonly value: unknown },
  time: (timeMs: number) => string,
): string {
  return `${keyText(key, time)} → ${written(value)}`;
}

interface Nth {
  readonly at: number;
  readonly of: number;
}

function tickOf({ closed }: DebugStep, said: Said, { at, of }: Nth): string {
  const signs = (said.events.some(({ lost }) => lost) ? "✕" : "") + (closed.length > 0 ? "⊟" : "");
  const label = `step ${at + 1} of ${of}: ${said.from}`;
  return tag(
    "label",
    { title: label },
    tag("input", {
      ...{ type: "radio", name: "step", value: at + 1, "aria-label": label },
      checked: at === 0 ? "" : undefined,
      // JupyterLab leaves the keys to an element that says so itself: its own shortcuts look for what has the focus.
      "data-lm-suppress-shortcuts": "true",
    }).replace("</input>", ""),
    tag("span", {}, `${at + 1}${signs}`),
  );
}

/** What the style shows while a step's button is checked. */
function ruleOf(
  { visited, dropped, tables }: DebugStep,
  { at, scope, classes }: {
    readonly at: number;
    readonly scope: string;
    readonly classes: ReadonlyMap<string, string>;
  },
): string {
  const checked = `.${scope}:has(label:nth-of-type(${at + 1})>:checked)`;
  const changed = tables.filter(({ rows }) => rows.some(({ change }) => change !== null))
    .map(({ store }) => `store ${store}`);
  const find = (ids: readonly string[]) =>
    ids.flatMap((id) => classes.get(id) ?? []).map((name) => `.${name}`).join();
  const here = find([...visited, ...changed]), lost = find(dropped);
  const came = find([...visited, ...changed].filter((id) => !dropped.includes(id)));
  return `${checked} .taxi-step:nth-of-type(${at + 1}){display:block}` +
    (here === "" ? "" : `${checked} :is(${here})>rect{stroke:var(--taxi-text);stroke-width:2.5}`) +
    (came === "" ? "" : `${checked} :is(${came})>.here{visibility:visible}`) +
    (lost === "" ? "" : `${checked} :is(${lost})>.lost{visibility:visible}`);
}

function panelOf(said: Said, { at, of }: Nth): string {
  const sign = (text: string) => tag("i", {}, text);
  const rows = said.rows.map(({ store, lines }) =>
    tag("p", {}, tag("b", {}, escapeHtml(store)), lines.length === 0 ? ": no rows" : "") +
    (lines.length === 0 ? "" : tag(
      "ul",
      { class: "mono" },
      ...lines.map((one) => tag("li", {}, sign(one.sign), escapeHtml(one.text))),
    ))
  );
  return tag(
    "section",
    { class: "taxi-step" },
    tag("p", {}, tag("b", {}, `Step ${at + 1} of ${of}`), escapeHtml(` · ${said.from}`)),
    tag("p", { class: "mono" }, escapeHtml(said.record)),
    tag("p", { class: "soft" }, escapeHtml(said.times)),
    said.events.length === 0 ? "" : tag(
      "ol",
      {},
      ...said.events.map(({ text, lost }) =>
        tag("li", { class: lost ? "lost" : undefined }, escapeHtml(lost ? `✕ ${text}` : text))
      ),
    ),
    ...rows,
    ...said.closed.map((text) => tag("p", {}, sign("⊟"), escapeHtml(text))),
  );
}

function asText({ topology, steps, leftOut }: DebugSteps, said: readonly Said[]): string {
  if (steps.length === 0) return `${topology.app}: no steps`;
  const lines = said.flatMap((one, at) => [
    `step ${at + 1} of ${steps.length} · ${one.from} · ${one.record} · ${one.times}`,
    ...one.events.map(({ text, lost }) => `  ${lost ? "✕ " : ""}${text}`),
    ...one.rows.flatMap(({ store, lines }) =>
      lines.filter(({ sign }) => sign !== "").map(({ sign, text }) => `  ${store} ${sign} ${text}`)
    ),
    ...one.closed.map((text) => `  ⊟ ${text}`),
  ]);
  if (leftOut > 0) lines.push(`… and ${leftOut.toLocaleString("en")} more steps`);
  return lines.join("\n");
}
