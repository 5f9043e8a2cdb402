import assert from "node:assert/strict";
import { endSignals } from "./_stop.ts";

Deno.test("endSignals() are those that the system has: a closed window ends a task properly on Windows, too", () => {
  assert.deepEqual(endSignals("windows").map(([name]) => name), ["SIGINT", "SIGBREAK", "SIGHUP"]);
  assert.deepEqual(endSignals("linux"), [["SIGINT", 130], ["SIGTERM", 143]]);
  assert.deepEqual(endSignals("darwin"), endSignals("linux"));
});
