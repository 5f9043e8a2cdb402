import assert from "node:assert/strict";
import { closingSignals } from "./handles.ts";

Deno.test("closingSignals() are those that the system can send: Windows throws at any other", () => {
  const names = (os: typeof Deno.build.os) => closingSignals(os).map(([name]) => name);
  assert.deepEqual(names("windows"), ["SIGINT", "SIGBREAK", "SIGHUP"]);
  assert.deepEqual([names("linux"), names("darwin")], Array(2).fill(["SIGINT", "SIGTERM"]));
});
