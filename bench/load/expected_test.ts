import assert from "node:assert/strict";
import { expected } from "./expected.ts";
import { rideAt } from "./ride.ts";

const sum = (answer: ReadonlyMap<string, number>) => [...answer.values()].reduce((a, b) => a + b);

Deno.test("rideAt() gives the same ride each time, of about 392 bytes, and begins again", () => {
  assert.deepEqual(rideAt(3), rideAt(200_003));
  const sizes = Array.from({ length: 1_000 }, (_, i) => JSON.stringify(rideAt(i)).length);
  const mean = sizes.reduce((a, b) => a + b) / sizes.length;
  assert.ok(mean > 385 && mean < 399, `${mean}`);
});

Deno.test("expected() counts every ride once, whatever is asked", () => {
  for (const what of ["count", "windows", "branch"] as const) {
    assert.equal(sum(expected({ what }, 100)), 100);
  }
  assert.deepEqual([...expected({ what: "keys", keys: 3 }, 4)], [["0", 2], ["1", 1], ["2", 1]]);
});
