import assert from "node:assert/strict";
import { leakFaults, memoryFigures, type MemorySample } from "./memory_watch.ts";

/** A sample every ten seconds. */
const samples = (...megabytes: readonly number[]): MemorySample[] =>
  megabytes.map((one, i) => ({ atMs: i * 10_000, megabytes: one }));

Deno.test("leakFaults() lets memory rise in the first minute, and a fifth afterwards", () => {
  assert.deepEqual(leakFaults("it", samples(10, 50, 90, 100, 100, 100, 110, 150, 110, 118)), []);
});

Deno.test("leakFaults() names memory that grows", () => {
  const found = leakFaults("it", samples(10, 50, 90, 100, 100, 100, 110, 121, 132, 143));
  assert.deepEqual(found, [{ kind: "leak", detail: "it grew from 100 to 132 MB" }]);
});

Deno.test("memoryFigures() takes a heap that is made larger once for no growth", () => {
  const once = samples(...Array(6).fill(90), 100, 100, 100, 100, 113, 113, 113, 113, 113);
  assert.equal(memoryFigures(once).mbPerMinute, 0);
});

Deno.test("memoryFigures() gives the growth after the first minute", () => {
  const { mbPerMinute } = memoryFigures(samples(1, 1, 1, 1, 1, 1, 10, 11, 12, 13, 14, 15));
  assert.ok(Math.abs(mbPerMinute - 6) < 1e-6, `${mbPerMinute}`);
});
