import assert from "node:assert/strict";
import { leakFaults, liveMemory, memoryFigures, type MemorySample } from "./memory_watch.ts";

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

Deno.test("liveMemory() reads what the worker that lived longest said among its events", () => {
  const said = (pid: number, atMs: number, megabytes: number) =>
    JSON.stringify({ live: { pid, atMs, bytes: megabytes * 2 ** 20 } });
  const lines = [said(1, 0, 5), '{"event":"committed"}', said(2, 1, 7), said(2, 2, 8), "live"];
  assert.deepEqual(liveMemory(lines), [{ atMs: 1, megabytes: 7 }, { atMs: 2, megabytes: 8 }]);
});
