import assert from "node:assert/strict";
import { behind } from "./behind.ts";

Deno.test("behind() is 0 without lag, and not known where the end is not", () => {
  assert.deepEqual(behind([0, 1], [5, 9], 0), { ms: 0, orMore: false });
  assert.equal(behind([0, 1], [5, null], 3), null);
  assert.equal(behind([], [], 3), null);
});

Deno.test("behind() goes back over minutes in which nothing was written", () => {
  // Ten records waited already when the topic fell silent.
  assert.deepEqual(behind([0, 5_000, 10_000, 15_000], [0, 10, 10, 10], 10), {
    ms: 15_000,
    orMore: false,
  });
});

Deno.test("behind() does not look further back than a topic that was made again, or a gap", () => {
  assert.deepEqual(behind([0, 5_000, 10_000], [100, 4, 8], 8), { ms: 5_000, orMore: true });
  assert.deepEqual(behind([0, 5_000, 10_000], [0, null, 8], 8), { ms: 0, orMore: true });
});
