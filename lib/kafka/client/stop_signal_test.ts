import assert from "node:assert/strict";
import { abortable } from "../../async/mod.ts";
import { stopSignal } from "./stop_signal.ts";

Deno.test("abortable() gives what the promise gives", async () => {
  assert.equal(await abortable(Promise.resolve(1), new AbortController().signal), 1);
  assert.equal(await abortable(Promise.resolve(2)), 2);
});

Deno.test("abortable() rejects with the reason when the signal comes first", async () => {
  const stop = new AbortController();
  const waiting = abortable(new Promise(() => {}), stop.signal);
  stop.abort(new Error("Stopped by you"));
  await assert.rejects(waiting, { message: "Stopped by you" });
});

Deno.test("stopSignal() is the caller's, else the stop button's", () => {
  const own = new AbortController().signal, button = new AbortController().signal;
  assert.equal(stopSignal(), undefined);
  Object.assign(globalThis, { [Symbol.for("taxi-streams.stop-signal")]: () => button });
  try {
    assert.equal(stopSignal(), button);
    assert.equal(stopSignal(own), own);
  } finally {
    Reflect.deleteProperty(globalThis, Symbol.for("taxi-streams.stop-signal"));
  }
});
