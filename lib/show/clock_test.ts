import assert from "node:assert/strict";
import { clockTime, duration } from "./clock.ts";

Deno.test("duration() says the two largest parts that are not zero", () => {
  const said = [0, 45_000, 150_000, 3_600_000, 3_905_000].map(duration);
  assert.deepEqual(said, ["0 s", "45 s", "2 min 30 s", "1 h", "1 h 5 min"]);
});

Deno.test("clockTime() reads a time as UTC, with or without seconds", () => {
  assert.equal(clockTime(157_000), "00:02:37");
  assert.equal(clockTime(157_000, { seconds: false }), "00:02");
});
