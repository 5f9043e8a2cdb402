import assert from "node:assert/strict";
import { cpuSecondsOf, peakMbOf } from "./process_figures.ts";

Deno.test("cpuSecondsOf() adds user and system time, whatever the process is called", () => {
  const stat = "7 (a (b) c) S 1 7 7 0 -1 4194304 2000 0 0 0 150 25 0 0 20 0 9 0 100";
  assert.equal(cpuSecondsOf(stat), 1.75);
});

Deno.test("peakMbOf() reads VmHWM, which a process that has ended does not have", () => {
  assert.equal(peakMbOf("Name:\tdeno\nVmPeak:\t 9999 kB\nVmHWM:\t  204800 kB\n"), 200);
  assert.equal(peakMbOf("Name:\tdeno\nState:\tZ (zombie)\n"), undefined);
});
