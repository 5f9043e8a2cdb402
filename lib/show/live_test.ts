import assert from "node:assert/strict";
import { startLive } from "./live.ts";
import type { Bundle } from "./picture.ts";
import { startProgress } from "./progress.ts";
import type { Screen } from "./screen.ts";
import { formats, show } from "./show.ts";
import { table } from "./table.ts";

/** A notebook that remembers what it was sent. */
class Notebook implements Screen {
  readonly inPlace = true;
  readonly shown: string[] = [];
  readonly updated: string[] = [];
  readonly ids: string[] = [];
  /** Called after each update. */
  onUpdate = () => {};

  show(bundle: Bundle, { id }: { readonly id?: string } = {}) {
    this.shown.push(String(bundle["text/plain"]));
    if (id !== undefined) this.ids.push(id);
    return Promise.resolve();
  }

  update(bundle: Bundle, id: string) {
    assert.equal(id, this.ids.at(-1));
    this.updated.push(String(bundle["text/plain"]));
    this.onUpdate();
    return Promise.resolve();
  }
}

Deno.test("live() draws in place until it is stopped, and sends nothing while nothing changes", async () => {
  const notebook = new Notebook();
  let n = 0;
  const chart = await startLive(() => `n = ${n}`, { everyMs: 100 }, notebook);
  await chart.update();
  assert.deepEqual(notebook.updated, []);
  const seen = new Promise<void>((resolve) => notebook.onUpdate = resolve);
  n = 1;
  await seen;
  await chart.stop();
  assert.deepEqual([notebook.shown, notebook.updated], [["n = 0"], ["n = 1"]]);
  assert.equal(chart.running, false);
  await chart.done;
});

Deno.test("live() stops by itself when its time is over", async () => {
  const chart = await startLive(() => "x", { everyMs: 100, forMs: 1 }, new Notebook());
  await chart.done;
  assert.equal(chart.running, false);
});

Deno.test("live() with the same key stops the older one, so that a cell can run twice", async () => {
  const first = await startLive(() => "a", { key: "k" }, new Notebook());
  const second = await startLive(() => "b", { key: "k" }, new Notebook());
  assert.deepEqual([first.running, second.running], [false, true]);
  await second.stop();
});

Deno.test("live() shows an error in its place and draws again", async () => {
  const notebook = new Notebook();
  let broken = true;
  const draw = () => {
    if (broken) throw new RangeError("Cannot read lag: no group");
    return "fine";
  };
  const chart = await startLive(draw, {}, notebook);
  broken = false;
  await chart.update();
  await chart.stop();
  assert.deepEqual(notebook.shown, ["✗ RangeError: Cannot read lag: no group"]);
  assert.deepEqual(notebook.updated, ["fine"]);
});

Deno.test("live() shown again has a new place and runs on", async () => {
  const notebook = new Notebook();
  const chart = await startLive(() => "x", { forMs: 1_000 }, notebook);
  await chart.stop();
  await chart.show();
  assert.equal(chart.running, true);
  assert.equal(new Set(notebook.ids).size, 2);
  await chart.stop();
});

Deno.test("live() ends with its signal", async () => {
  const stop = new AbortController();
  const chart = await startLive(() => "x", { signal: stop.signal }, new Notebook());
  stop.abort();
  await chart.done;
  assert.equal(chart.running, false);
});

Deno.test("progress() draws at most ten times a second and always its end", async () => {
  const notebook = new Notebook();
  const bar = await startProgress({ label: "producing", max: 1_000 }, notebook);
  for (let n = 0; n < 1_000; n++) await bar.update(n);
  await bar.done("1,000 records");
  assert.equal(notebook.shown[0], "producing: 0 of 1,000");
  assert.equal(notebook.updated.at(-1), "producing: ✓ 1,000 records");
  assert.ok(notebook.updated.length < 1_000);
});

Deno.test("show() prints the text of a picture where there is no notebook", async () => {
  const printed: string[] = [];
  const log = console.log;
  console.log = (text: string) => printed.push(text);
  try {
    await show(table([{ n: 1 }]), "two");
  } finally {
    console.log = log;
  }
  assert.deepEqual(printed, ["n\n1", "two"]);
});

Deno.test("formats() gives an error by name and message, without its stack", async () => {
  assert.deepEqual(await formats(new TypeError("Cannot do it")), {
    "text/plain": "TypeError: Cannot do it",
  });
});
