import assert from "node:assert/strict";
import { pace, type PaceClock } from "./mod.ts";

/** A clock that moves only when it is waited on, and each wait takes a little too long. */
function slowClock(lateMs: number): PaceClock & { ms: number } {
  return {
    ms: 0,
    nowMs() {
      return this.ms;
    },
    wait(waitMs) {
      this.ms += waitMs + lateMs;
      return Promise.resolve();
    },
  };
}

Deno.test("pace() hands on the first item at once and keeps to the plan when waits are late", async () => {
  const clock = slowClock(3);
  const times: number[] = [];
  for await (const _ of pace([1, 2, 3, 4, 5], 10, { clock })) times.push(clock.ms);
  assert.deepEqual(times, [0, 103, 203, 303, 403]);
});

Deno.test("pace() catches up after a stall, but by no more than a second", async () => {
  const clock = slowClock(0);
  const times: number[] = [];
  for await (const item of pace(Array.from({ length: 16 }, (_, i) => i), 10, { clock })) {
    times.push(clock.ms);
    if (item === 1) clock.ms += 60_000;
  }
  // Ten items of the second before come at once, and the one that is due; then the pace is back.
  assert.deepEqual(times, [0, 100, ...Array(11).fill(60_100), 60_200, 60_300, 60_400]);
});

Deno.test("pace() waits for nothing at an infinite rate", async () => {
  const clock = slowClock(1);
  assert.deepEqual(await Array.fromAsync(pace([1, 2], Infinity, { clock })), [1, 2]);
  assert.equal(clock.ms, 0);
});

Deno.test("pace() ends quietly in the middle of a wait, and ends what it reads", async () => {
  const control = new AbortController();
  let ended = false;
  function* endless() {
    try {
      for (;;) yield "ride";
    } finally {
      ended = true;
    }
  }
  const seen: string[] = [];
  for await (const item of pace(endless(), 0.001, { signal: control.signal })) {
    seen.push(item);
    setTimeout(() => control.abort());
  }
  assert.deepEqual([seen, ended], [["ride"], true]);
});

Deno.test("pace() refuses a rate that is not above 0", async () => {
  for (const rate of [0, -1, NaN]) {
    await assert.rejects(pace([1], rate).next(), {
      name: "RangeError",
      message: `Cannot pace at ${rate} a second: a rate is above 0 (Infinity for no wait)`,
    });
  }
});
