import assert from "node:assert/strict";
import { abortable, backoffMs, Mutex, Notifier, retry, sleep } from "./mod.ts";

Deno.test("sleep() ends at once when its signal aborts, and leaves no listener and no timer behind", async () => {
  const stop = new AbortController();
  const sleeping = sleep(60_000, stop.signal);
  stop.abort();
  await sleeping;
  await sleep(60_000, stop.signal);
  await sleep(1, new AbortController().signal);
});

Deno.test("sleep() asks no timer for a time below 0, of which the runtime would warn", async () => {
  const real = globalThis.setTimeout, asked: (number | undefined)[] = [];
  globalThis.setTimeout = ((callback: () => void, ms?: number) => {
    asked.push(ms);
    return real(callback, ms);
  }) as typeof setTimeout;
  try {
    await sleep(-28.97);
  } finally {
    globalThis.setTimeout = real;
  }
  assert.deepEqual(asked, [0]);
});

Deno.test("sleep() takes Infinity for as long as the signal lets it", async () => {
  const stop = new AbortController();
  const sleeping = sleep(Infinity, stop.signal).then(() => "over");
  assert.equal(await Promise.race([sleeping, sleep(5).then(() => "sleeping")]), "sleeping");
  stop.abort();
  assert.equal(await sleeping, "over");
});

Deno.test("abortable() rejects with the signal's reason, also when that came before", async () => {
  const reason = new Error("stop");
  await assert.rejects(abortable(new Promise(() => {}), AbortSignal.abort(reason)), reason);
  assert.equal(await abortable(Promise.resolve(1), new AbortController().signal), 1);
});

Deno.test("Notifier wakes everybody who waits, once", async () => {
  const notifier = new Notifier();
  const all = Promise.all([notifier.wait(), notifier.wait(60_000)]);
  notifier.notify();
  await all;
  await notifier.wait(1);
  await notifier.wait(60_000, AbortSignal.abort());
});

Deno.test("Mutex runs the next work also after one that failed", async () => {
  const mutex = new Mutex();
  const failed = mutex.run(() => Promise.reject(new Error("bad")));
  const next = mutex.run(() => 2);
  await assert.rejects(failed, /bad/);
  assert.equal(await next, 2);
});

Deno.test("backoffMs() doubles up to the longest wait", () => {
  assert.deepEqual([1, 2, 3, 4, 5, 6].map((n) => backoffMs(n)), [100, 200, 400, 800, 1000, 1000]);
  assert.equal(backoffMs(2_000), 1_000);
});

Deno.test("retry() throws the error that another attempt will not change", async () => {
  let attempts = 0;
  const failing = retry(() => {
    throw new Error(`attempt ${++attempts}`);
  }, { shouldRetry: () => attempts < 2, minMs: 1 });
  await assert.rejects(failing, /attempt 2/);
});

Deno.test("retry() makes no attempt after its signal aborted", async () => {
  const stop = new AbortController();
  let attempts = 0;
  const failing = retry(() => {
    if (++attempts === 2) stop.abort();
    throw new Error(`attempt ${attempts}`);
  }, { signal: stop.signal, minMs: 1 });
  await assert.rejects(failing, /attempt 2/);
});
