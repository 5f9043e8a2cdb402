/** What other people's rows look like: all zero, updates of one key, dates, BigInt, holes, years apart, very many. */
import assert from "node:assert/strict";
import { arrivals } from "../views/mod.ts";
import { bars } from "./bars.ts";
import { lagView } from "./lag.ts";
import { lanes } from "./lanes.ts";
import { lateView } from "./late.ts";
import { dots, line } from "./line.ts";
import type { Picture } from "./picture.ts";
import { table } from "./table.ts";
import { timeline } from "./timeline.ts";
import { windowView } from "./windows.ts";

const numbers = (html: string, pattern: RegExp) =>
  [...html.matchAll(pattern)].map(([, number]) => Number(number));
const heights = ({ html }: Picture) => numbers(html, /<rect[^>]*\bheight="([\d.]+)"/g);
const widths = ({ html }: Picture) => numbers(html, /<rect[^>]*\bwidth="([\d.]+)"/g);

// observablehq/plot#2352: a domain of one value is drawn in the middle.
Deno.test("bars() gives counts of zero no height, standing, lying or grouped", () => {
  const rows = [{ vendor: 1, n: 0, set: "a" }, { vendor: 2, n: 0, set: "b" }];
  assert.deepEqual(heights(bars(rows, { x: "vendor", y: "n" })), [0, 0]);
  const long = rows.map((row) => ({ ...row, vendor: `vendor number ${row.vendor}` }));
  assert.deepEqual(widths(bars(long, { x: "vendor", y: "n" })), [0, 0]);
  const grouped = heights(bars(rows, { x: "vendor", y: "n", series: "set" }));
  assert.deepEqual(grouped.filter((height) => height > 20), []);
});

Deno.test("bars() and line() write small numbers and a single place as what they are", () => {
  const small = bars([{ v: 1, n: 1e-9 }, { v: 2, n: 0 }, { v: 3, n: 1.5 }], { x: "v", y: "n" });
  const said = (html: string) => [...html.matchAll(/>([^<>]+)<\/text>/g)].map(([, text]) => text);
  assert.deepEqual(said(small.html).slice(-3), ["1.00e-9", "0", "1.5"]);
  for (const draw of [line, dots]) {
    const { html } = draw([{ at: 1_609, n: 0 }, { at: 1_609, n: 2 }], { x: "at", y: "n" });
    assert.ok(said(html).includes("1,609"), said(html).join());
    assert.doesNotMatch(html, /1609\.|1,609\.0/);
  }
});

Deno.test("line() draws a lag of zero along the bottom", () => {
  const { html } = line([{ at: 0, lag: 0 }, { at: 1, lag: 0 }], { x: "at", y: "lag" });
  const [, y] = html.match(/<path d="M[\d.]+,([\d.]+)L[\d.]+,\1"/)!;
  assert.ok(Number(y) > 200, y);
});

// observablehq/plot stacks rows of one x.
Deno.test("bars() draws the last of several rows of one x, from zero, and says so", () => {
  const updates = [1, 2, 3].map((trips) => ({ vendor: 1, trips }));
  const view = bars([...updates, { vendor: 2, trips: 3 }], { x: "vendor", y: "trips" });
  const [first, second, third, other] = heights(view);
  assert.deepEqual([first, second, third], [0, 0, other]);
  assert.match(view.html, /2 rows are not drawn: a later one has the same vendor/);
});

Deno.test("bars() draws negative counts below zero, and a row without a value not at all", () => {
  const rows = [{ v: "a", n: -2 }, { v: "b", n: null }, { v: "c", n: NaN }, { v: "d", n: 2 }];
  const view = bars(rows, { x: "v", y: "n" });
  const [a, b, c, d] = heights(view);
  assert.deepEqual([a === d, b, c], [true, 0, 0]);
  assert.equal(view.text, "a: -2\nb: –\nc: –\nd: 2");
});

Deno.test("bars() and line() take dates, and BigInt to the last digit", () => {
  const days = [0, 1].map((day) => ({ at: new Date(day * 86_400_000), n: 2n ** 60n }));
  const big = "1152921504606846976";
  assert.equal(
    bars(days, { x: "at", y: "n" }).text,
    `1970-01-01: ${big}\n1970-01-02: ${big}`,
  );
  const minutes = [0, 1].map((minute) => ({ at: new Date(minute * 60_000), n: minute }));
  assert.equal(
    bars(minutes, { x: "at", y: "n" }).text,
    "1970-01-01 00:00: 0\n1970-01-01 00:01: 1",
  );
  assert.match(line(minutes, { x: "at", y: "n" }).html, /<path/);
  assert.match(bars([{ at: new Date(NaN), n: 1 }], { x: "at", y: "n" }).text, /^no date: 1$/);
});

Deno.test("bars(), line() and dots() name a value that is no number", () => {
  for (const draw of [bars, line, dots]) {
    for (const [bad, shown] of [["abc", "abc"], [Infinity, "Infinity"], [{ a: 1 }, '{"a":1}']]) {
      assert.throws(() => draw([{ x: 1, y: 2 }, { x: 2, y: bad }], { x: "x", y: "y" }), {
        name: "TypeError",
        message: `Cannot draw "y": row 2 has ${shown}, which is no number`,
      });
    }
  }
});

Deno.test("dots() by powers of ten refuse what is not above zero, and draw equal numbers", () => {
  const tens = { x: "x", y: "y", log: true };
  assert.throws(() => dots([{ x: 1, y: 2 }, { x: 2, y: 0 }], tens), {
    name: "RangeError",
    message: 'Cannot draw "y" by powers of ten: row 2 has 0, which is not above zero',
  });
  assert.throws(() => dots([{ x: -1, y: 2 }], tens), /Cannot draw "x" .*: row 1 has -1,/);
  assert.match(dots([{ x: 10, y: 0.01 }, { x: 10, y: NaN }], tens).html, />0\.01</);
  assert.doesNotMatch(dots([{ x: 10, y: 10 }], tens).html, /NaN/);
});

// Months of the TLC hold rides of 2001, 2008 and 2084 (zoomcamp FAQ, "unexpected years").
Deno.test("windowView() and lateView() draw windows that are years apart", () => {
  const at = (year: number) => Date.UTC(year);
  const window = (year: number) => ({ key: 2, start: at(year), end: at(year) + 60_000, value: 1 });
  const view = windowView([window(1970), window(2021), window(2084)]);
  assert.match(view.text, /^2 \[1970-01-01 00:00:00, 1970-01-01 00:01:00\) 1\n2 \[2021-/);
  assert.deepEqual([...view.html.matchAll(/class="soft">(\d+)</g)].map(([, year]) => year), [
    ...["1980", "2000", "2020", "2040", "2060", "2080"],
  ]);
  assert.ok(view.html.length < 10_000);
  const rides = [2021, 2084, 2001, 2021].map((year) => ({ timeMs: at(year) }));
  const seen = arrivals(rides, { sizeMs: 60_000 });
  assert.deepEqual(seen.windows.map(({ count, missed }) => [count, missed]), [
    ...[[0, 1], [1, 1], [1, 0]],
  ]);
  assert.ok(lateView(seen).html.length < 10_000);
});

Deno.test("windowView() takes a window whose end is beyond the calendar", () => {
  const view = windowView([{ key: 1, start: 0, end: Number.MAX_SAFE_INTEGER, value: 1 }]);
  assert.match(view.text, /9007199254740991\) 1$/);
});

Deno.test("no picture is larger than 200 kB, however much there is to draw", () => {
  const many = Array.from({ length: 20_000 }, (_, i) => ({
    ...{ x: `name ${i}`, n: i % 97, at: i, set: `set ${i % 50}` },
    ...{ long: "x".repeat(50), key: i, start: i * 60_000, end: i * 60_000 + 60_000, value: i },
  }));
  const some = many.slice(0, 2_000);
  const pictures = {
    bars: bars(many, { x: "x", y: "n" }),
    grouped: bars(some, { x: "x", y: "n", series: "set" }),
    line: line(many, { x: "at", y: "n" }),
    lines: line(many, { x: "at", y: "n", series: "set" }),
    dots: dots(many, { x: "at", y: "n", series: "set" }),
    windows: windowView(many),
    late: lateView(arrivals(some.map(({ start }) => ({ timeMs: start })), { sizeMs: 60_000 })),
    table: table(some.map((row) => ({ ...row, long: "<".repeat(100_000) })), { limit: 1_000 }),
    lag: lagView(some.map(({ at }) => ({
      ...{ topic: "rides", partition: at, committed: 1, end: 2, lag: 1, member: "a" },
    }))),
    lanes: lanes({
      topic: "rides",
      partitions: some.map(({ at }) => ({ partition: at, records: [], owner: "a" })),
      members: some.map(({ x }) => ({ id: x })),
    }),
    timeline: timeline({
      from: 0,
      to: 2_000,
      partitions: ["rides-0"],
      members: ["a"],
      spans: some.map(({ at }) => ({ partition: "rides-0", member: "a", from: at, to: at + 1 })),
    }),
  };
  for (const [name, { html }] of Object.entries(pictures)) {
    assert.ok(html.length <= 200_000, `${name}: ${html.length}`);
  }
  assert.match(pictures.bars.html, /… and 19,900 more rows/);
  assert.match(pictures.windows.html, /… and 19,700 more windows/);
  assert.match(pictures.dots.html, /800 of 20,000 points are drawn/);
});

Deno.test("table() and the charts say what they got instead of rows, and what to do", () => {
  const given: readonly (readonly [unknown, RegExp])[] = [
    [Promise.resolve([]), /: it got a promise \(await it first\)$/],
    [(async function* () {})(), /: it got something to wait for \(collect it first: await Array/],
    [undefined, /: it got undefined \(give it a list of rows\)$/],
    [null, /: it got null \(/],
    [{ vendor: 1 }, /: it got one object \(give it a list of rows\)$/],
    ["vendor", /: it got a string \(/],
  ];
  for (const [rows, message] of given) {
    const of = rows as never, axes = { x: "vendor", y: "n" };
    const draw = [table, lagView, windowView, () => bars(of, axes), () => dots(of, axes)];
    for (const one of draw) assert.throws(() => one(of), { name: "TypeError", message });
  }
  assert.throws(() => line([{ a: 1 }], undefined as never), /is not told what to draw \(name two/);
  assert.throws(() => table([], { limit: NaN }), /at most NaN rows: limit must be 0 or more/);
});

Deno.test("table() and bars() take a Map, any iterable, plain values and rows of nothing", () => {
  const trips = new Map([["1", 12], ["2", 3]]);
  assert.equal(table(trips).text, "key  value\n1       12\n2        3");
  assert.equal(bars(trips, { x: "key", y: "value" }).text, "1: 12\n2: 3");
  assert.equal(table(trips.values()).text, "value\n   12\n    3");
  assert.equal(table(["abc", "d"]).text, "value\nabc\nd");
  assert.equal(table([null, { a: 1 }, undefined]).text, "a\n\n1\n");
});

Deno.test("table() shows bytes, collections, errors and odd numbers for what they are", () => {
  const bytes = new TextEncoder().encode("first");
  const rows = [{ headers: [["retry", bytes], ["raw", Uint8Array.of(0, 255)], ["none", null]] }];
  assert.equal(
    table(rows).text.split("\n")[1],
    '[["retry","first"],["raw","00 ff"],["none",null]]',
  );
  const shown = (value: unknown) => table([{ value }]).text.split("\n")[1]?.trim();
  assert.equal(shown(new Map([["1", 2n]])), '[["1","2"]]');
  assert.equal(shown({ seen: new Set([1]) }), '{"seen":[1]}');
  assert.equal(shown(new RangeError("too far")), "RangeError: too far");
  assert.equal(shown({ mean: NaN, most: -Infinity }), '{"mean":"NaN","most":"-Infinity"}');
  assert.equal(shown(new Date(NaN)), "no date");
});
