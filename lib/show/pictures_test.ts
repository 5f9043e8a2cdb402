import assert from "node:assert/strict";
import { parseHTML } from "linkedom";
import { bars } from "./bars.ts";
import { bytesView } from "./bytes.ts";
import { filesView } from "./files.ts";
import { joinWindowView } from "./join_window.ts";
import { lagView } from "./lag.ts";
import { arrivals } from "../views/mod.ts";
import { lanes } from "./lanes.ts";
import { lateView } from "./late.ts";
import { dots, line } from "./line.ts";
import { lookupsView } from "./lookups.ts";
import { cut } from "./markup.ts";
import { mutantsView } from "./mutants.ts";
import type { Picture } from "./picture.ts";
import { positionsView } from "./positions.ts";
import { progressPicture } from "./progress.ts";
import { stepsView } from "./steps.ts";
import { table } from "./table.ts";
import { type DebugSteps, HUES } from "../views/mod.ts";
import { WIDEST } from "./theme.ts";
import { timeline } from "./timeline.ts";
import { timersView } from "./timers.ts";
import { transactionsView } from "./transactions.ts";
import { windowView } from "./windows.ts";

/** One of each, drawn with `text` wherever a record, a name or a title may hold text. */
function gallery(text: string): Readonly<Record<string, Picture>> {
  const rows = [{ name: text, n: 3, set: "a" }, { name: "b", n: 1.5, set: text }];
  return {
    lanes: lanes({
      topic: text,
      partitions: [
        { partition: 1, records: [], owner: text },
        {
          partition: 0,
          committed: 1,
          owner: "a",
          end: 2,
          records: [{ offset: 0, key: text, value: { number: 0 } }, { offset: 1n, value: text }],
        },
      ],
      members: [{ id: "a" }, { id: text }, { id: "c" }],
    }),
    lag: lagView([{ topic: text, partition: 0, committed: 1, end: 4, lag: 3, member: text }]),
    timeline: timeline({
      from: 0,
      to: 4_000,
      partitions: [text],
      members: [text],
      spans: [{ partition: text, member: text, from: 1_000, to: 3_000 }],
      marks: [{ at: 1_000, label: text }],
    }, { title: text }),
    late: lateView(
      arrivals(
        [5_000, 90_000, 30_000, 95_000].map((timeMs) => ({ timeMs, label: text })),
        { sizeMs: 60_000, graceMs: 10_000 },
      ),
      { title: text, graceMs: 10_000 },
    ),
    positions: positionsView({
      ...{ log: text, end: 10 },
      positions: [{ label: text, offset: 10 }, { label: "b", offset: 2 }],
    }, { title: text }),
    files: filesView([
      {
        label: text,
        files: [
          { firstOffset: 0, endOffset: 4, offsets: [0, 1, 2, 3] },
          { firstOffset: 4, endOffset: 6, offsets: [4, 5], active: true },
        ],
      },
      {
        label: "after",
        files: [
          { firstOffset: 0, endOffset: 4, offsets: [1, 3] },
          { firstOffset: 4, endOffset: 6, offsets: [4, 5], active: true },
        ],
      },
    ], { title: text }),
    timers: timersView({
      timers: [{ label: text, dueMs: 30, firedMs: 31 }, { label: "b", dueMs: 40, firedMs: null }],
      records: [{ timeMs: 0, label: text }, { timeMs: 31, label: "c" }],
    }, { title: text, time: (ms) => `${ms} ${text}` }),
    join: joinWindowView({
      left: [0, 60, 90].map((timeMs) => ({ key: `${text}${timeMs}`, timeMs })),
      right: [{ key: `${text}0`, timeMs: 20 }, { key: `${text}60`, timeMs: 100 }],
      ...{ beforeMs: 10, afterMs: 30 },
    }, { title: text, time: () => text }),
    lookups: lookupsView({
      rows: [
        { key: text, timeMs: 20, value: text },
        { key: text, timeMs: 40, value: null },
        { key: "2", timeMs: 5, value: "b" },
      ],
      records: [
        { key: text, timeMs: 10, label: text, found: null },
        { key: text, timeMs: 30, label: "r2", found: text },
      ],
    }, { title: text }),
    transactions: transactionsView({
      log: text,
      records: [
        { offset: 4, label: text, committed: true },
        { offset: 6, label: "b", committed: false },
        { offset: 8, label: text, committed: false },
      ],
      ...{ end: 9, stable: 8 },
    }, { title: text }),
    mutants: mutantsView({
      tests: [text, "border"],
      mutants: [{ name: text, killedBy: ["border"] }, { name: "no grace", killedBy: [] }],
    }, { title: text }),
    steps: stepsView(walk(text), { title: text, time: (ms) => `${ms} ${text}` }),
    windows: windowView([
      { key: text, start: 0, end: 60_000, value: text },
      { key: text, start: 30_000, end: 90_000, value: 2 },
      { key: 1, start: 60_000, end: 120_000, value: 3 },
    ], { title: text }),
    bars: bars(rows, { x: "name", y: "n", title: text }),
    grouped: bars(rows, { x: "name", y: "n", series: "set", title: text }),
    line: line(rows, { x: "n", y: "n", series: "set", title: text }),
    dots: dots(rows, { x: "n", y: "n", series: "set", title: text }),
    tens: dots([...rows, { name: text, n: 900, set: text }], {
      ...{ x: "n", y: "n", series: "set", title: text, log: true, joined: true },
    }),
    bytes: bytesView(Uint8Array.of(0, 7), [{ label: text, start: 0, end: 1, value: text }]),
    table: table([{ [text]: text, n: 1 }], { title: text }),
    progress: progressPicture({ label: text, max: 2, value: 1, note: text }),
  };
}

/** A program of one filter and one count, and three steps: a row, a drop and a turn of a timer that closes a window. */
function walk(text: string): DebugSteps {
  const row = { key: text, window: { start: 0, end: 60 }, fromMs: null, value: text, before: null };
  const record = { topic: text, partition: 0, offset: 0, key: text, value: { text }, timestamp: 5 };
  const event = { node: "filter", key: text, value: text };
  const rest = { task: "0_0", streamTimeMs: 5, dropped: [], closed: [], record };
  const kept = { ...row, change: null, closed: true } as const;
  return {
    topology: {
      ...{ app: text, stores: [], partitions: {} },
      boxes: [
        { id: "topic in", kind: "topic", label: text, subTopology: null },
        { id: "filter", kind: "step", label: text, subTopology: 0 },
        { id: "store rows", kind: "store", label: "rows", subTopology: 0 },
      ],
      arrows: [
        { from: "topic in", to: "filter", kind: "flow" },
        { from: "filter", to: "store rows", kind: "state" },
      ],
    },
    steps: [
      {
        ...{ ...rest, visited: ["topic in", "filter"] },
        events: [{ ...event, what: "passed", detail: text }, {
          ...{ ...event, what: "wrote", detail: text },
        }],
        tables: [{ store: "rows", rows: [{ ...row, change: "new", closed: false }], more: 0 }],
      },
      {
        ...{ ...rest, visited: ["topic in", "filter"], dropped: ["filter"] },
        events: [{ ...event, what: "dropped", detail: "late" }],
        tables: [{ store: "rows", rows: [{ ...kept, closed: false }], more: 1 }],
      },
      {
        ...{ ...rest, record: null, visited: [], events: [] },
        tables: [{ store: "rows", rows: [kept], more: 0 }],
        closed: [{ store: "rows", key: text, start: 0, end: 60 }],
      },
    ],
    leftOut: 2,
  };
}

Deno.test("a picture of equal data is byte-equal, so it can be compared", () => {
  for (const [name, one] of Object.entries(gallery("rides"))) {
    assert.equal(gallery("rides")[name]!.html, one.html, name);
  }
});

Deno.test("a picture looks as its snapshot (TAXI_SNAPSHOT=write keeps a wanted change)", async () => {
  for (const [name, { html, text }] of Object.entries(gallery("rides"))) {
    const file = new URL(`./snapshots/${name}.snap`, import.meta.url);
    const drawn = `${
      html.replace(/<style>\.taxi\{.*?<\/style>/, "").replaceAll("><", ">\n<")
    }\n\n${text}\n`;
    if (Deno.env.get("TAXI_SNAPSHOT") === "write") await Deno.writeTextFile(file, drawn);
    assert.equal(drawn, await Deno.readTextFile(file), name);
  }
});

Deno.test("a picture shows what records contain as text and never as markup", () => {
  const attack = `<img src=x onerror="alert(1)"><script>alert('2')</script>"onload='x'`;
  for (const [name, { html }] of Object.entries(gallery(attack))) {
    const { document } = parseHTML(`<!doctype html><html><body>${html}</body></html>`);
    assert.equal(document.querySelectorAll("img, script").length, 0, name);
    for (const element of document.querySelectorAll("*")) {
      const bad = [...element.attributes].filter(({ name }) => /^on/i.test(name));
      assert.deepEqual(bad, [], name);
    }
  }
});

Deno.test("a picture is never drawn by colour alone: every drawing says its content in words", () => {
  for (const [name, { html, text }] of Object.entries(gallery("rides"))) {
    assert.ok(text.length > 0, name);
    const drawings = html.match(/<svg [^>]*role="img"[^>]*>/g) ?? [];
    for (const svg of drawings) assert.match(svg, /aria-label="[^"]+"/, name);
  }
});

/** Where a text of a drawing begins and ends; a letter is taken for wider than it mostly is. */
function extents(text: Element): readonly [number, number] {
  const number = (name: string) => Number(text.getAttribute(name) ?? 0);
  const size = Number(text.getAttribute("font-size") ?? 13);
  const wide = (text.textContent ?? "").length * size * 0.56;
  let x = number("x");
  for (let up = text.parentElement; up !== null; up = up.parentElement) {
    x += Number(up.getAttribute("transform")?.match(/^translate\(([-\d.]+)/)?.[1] ?? 0);
  }
  const anchor = text.getAttribute("text-anchor");
  const from = anchor === "end" ? x - wide : anchor === "middle" ? x - wide / 2 : x;
  return [from, from + wide];
}

Deno.test("a picture fits a cell of 560 pixels: no drawing is far wider, each gets smaller, and no word stands outside", () => {
  const ours = ["lanes", "lag", "timeline", "late", "windows", "steps", "transactions", "mutants"];
  for (const words of ["a", "rides", "a name of more than forty letters, which nobody reads"]) {
    for (const [name, { html }] of Object.entries(gallery(words))) {
      const { document } = parseHTML(`<!doctype html><html><body>${html}</body></html>`);
      assert.match(html, /\.taxi svg\{display:block;max-width:100%;height:auto/);
      for (const svg of document.querySelectorAll('svg[role="img"]')) {
        const width = Number(svg.getAttribute("width"));
        assert.ok(width <= WIDEST, `${name} is ${width} wide`);
        if (!ours.includes(name)) continue;
        for (const text of svg.querySelectorAll("text")) {
          const [from, to] = extents(text);
          assert.ok(from >= 0 && to <= width, `${name}: "${text.textContent}" ${from} to ${to}`);
        }
      }
    }
  }
});

Deno.test("timeline() draws lower rows where there are more than eight", () => {
  const height = (rows: number) => {
    const partitions = Array.from({ length: rows }, (_, n) => `rides-${n}`);
    const { html } = timeline({ from: 0, to: 1_000, partitions, members: [], spans: [] });
    return Number(html.match(/<svg [^>]*height="(\d+)"/)?.[1]) - 30;
  };
  assert.deepEqual([height(8), height(12)], [8 * 40, 12 * 24]);
});

Deno.test("table() writes true as ✓ and false as ✗", () => {
  const { html, text } = table([{ mode: "FULL", passes: true }, { mode: "NONE", passes: false }]);
  assert.equal(text, "mode  passes\nFULL  ✓\nNONE  ✗");
  assert.match(html, /<td class="yes">✓<\/td>.*<td class="no">✗<\/td>/);
});

Deno.test("lanes() names an idle member as idle and dashes its swatch", () => {
  const { html, text } = gallery("rides").lanes!;
  assert.match(text, /idle: c$/);
  assert.match(html, /stroke-dasharray="3 3".*<b>c<\/b>.*idle: owns no partition/);
});

Deno.test("lanes() gives a key the room that its offset's digits leave", () => {
  const shown = (offset: number) => {
    const records = [{ offset, key: "vendor 2", value: 1 }];
    const { html } = lanes({ topic: "t", partitions: [{ partition: 0, records }] });
    return html.match(/>(v[^<]*)<\/text>/)?.[1];
  };
  assert.deepEqual([7, 12, 123, 123_456].map(shown), ["vend…", "ven…", "ve…", undefined]);
});

Deno.test("lanes() counts the records that it has no room for", () => {
  const records = Array.from({ length: 12 }, (_, offset) => ({ offset, value: offset }));
  const { html } = lanes({ topic: "t", partitions: [{ partition: 0, records }] }, {
    maxRecords: 5,
  });
  assert.match(html, /8 older/);
  assert.equal(html.match(/<title>offset /g)?.length, 4);
});

Deno.test("bars() refuses a property that no row has", () => {
  assert.throws(() => bars([{ vendor: 1 }], { x: "vendor", y: "trips" }), {
    name: "TypeError",
    message: 'Cannot draw "trips": no row has it (rows have vendor)',
  });
});

Deno.test("bytesView() refuses a field outside the bytes or over another", () => {
  const one = { label: "a", start: 0, end: 2 };
  assert.throws(() => bytesView(Uint8Array.of(1), [one]), RangeError);
  assert.throws(() => bytesView(Uint8Array.of(1, 2, 3), [one, { label: "b", start: 1, end: 3 }]), {
    message: 'Cannot draw field "b" as [1, 3): the free bytes are [2, 3)',
  });
});

Deno.test("lookupsView() slants the arrow of a record that found a row of another time", () => {
  const rows = [{ key: "1", timeMs: 10, value: "old" }, { key: "1", timeMs: 30, value: "new" }];
  const xOf = (found: string) => {
    const { html } = lookupsView({ rows, records: [{ key: "1", timeMs: 20, label: "r", found }] });
    const [, from, to] = html.match(/M([\d.]+),40L([\d.]+),/)!;
    return Number(to) - Number(from);
  };
  assert.equal(xOf("old"), 0);
  assert.ok(xOf("new") > 100);
});

Deno.test("table() says how many rows it left out", () => {
  const rows = Array.from({ length: 1_060 }, (_, n) => ({ n }));
  assert.match(table(rows).text, /… and 1,010 more rows$/);
  assert.match(table([]).text, /no rows/);
});

Deno.test("cut() counts wide characters twice", () => {
  assert.equal(cut("日本語", 6), "日本語");
  assert.equal(cut("日本語", 5), "日本…");
});

Deno.test("every hue is readable as a line on its theme's page (WCAG 1.4.11: 3 to 1), text at 4.5", () => {
  for (const { name, light, dark } of HUES) {
    assert.ok(contrast(light, "#ffffff") >= 4.5, `${name} on white`);
    assert.ok(contrast(dark, "#111111") >= 4.5, `${name} on black`);
  }
});

/** Contrast ratio of two colours (WCAG 2.2, "contrast ratio" and "relative luminance"). */
function contrast(one: string, other: string): number {
  const luminance = (color: string) => {
    const [red, green, blue] = [1, 3, 5].map((at) => {
      const part = parseInt(color.slice(at, at + 2), 16) / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
  };
  const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (high! + 0.05) / (low! + 0.05);
}
