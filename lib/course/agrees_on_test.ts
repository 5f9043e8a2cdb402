import assert from "node:assert/strict";
import { agreesOn } from "./agrees_on.ts";
import { believes } from "./check.ts";

const idle = agreesOn([
  [[2, 3], 1, (got) => got === 0 ? believes("M04", "two have work") : "one has none"],
  [[5, 2], 0],
], {
  right: (partitions: number, members: number) => Math.max(0, members - partitions),
  random: (fc) => [fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 })],
});

/** A learner's function, under the name that the exercise gives it. */
function named(work: (partitions: number, members: number) => number) {
  return Object.defineProperty(work, "name", { value: "idle" });
}

Deno.test("agreesOn() takes any function that gives the same, a zero with a sign among them", async () => {
  assert.equal(await idle(named((p, m) => m > p ? m - p : -0)), true);
});

Deno.test("agreesOn() names the first case that differs, why, and the belief behind it", async () => {
  assert.deepEqual(await idle(named(() => 0)), {
    belief: "M04",
    says: "idle(2, 3) gives 0, not 1: two have work",
  });
  assert.equal(await idle(named((_, m) => m)), "idle(2, 3) gives 3, not 1: one has none");
  assert.equal(await idle(named((p, m) => m - p)), "idle(5, 2) gives -3, not 0");
});

Deno.test("agreesOn() finds what no case shows, as small as it can be and the same each time", async () => {
  const one = named((p, m) => m > p ? 1 : 0);
  assert.equal(await idle(one), "idle(1, 3) gives 1, not 2");
  assert.equal(await idle(one), await idle(one));
});

Deno.test("agreesOn() says the rule to a function that is right in the cases alone", async () => {
  const ruled = agreesOn([[[2, 3], 1]], {
    right: (partitions: number, members: number) => Math.max(0, members - partitions),
    rule: "each partition gives one member work",
    random: (fc) => [fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 })],
  });
  assert.equal(
    await ruled(named(() => 1)),
    "idle(1, 1) gives 1, not 0: each partition gives one member work",
  );
});

Deno.test("agreesOn() waits for an async function", async () => {
  const late = (work: (p: number, m: number) => number) =>
    Object.defineProperty(
      (p: number, m: number) => Promise.resolve(work(p, m)),
      "name",
      { value: "idle" },
    ) as unknown as typeof work;
  assert.equal(await idle(late((p, m) => Math.max(0, m - p))), true);
  assert.equal(await idle(late((p, m) => m - p)), "idle(5, 2) gives -3, not 0");
});

Deno.test("agreesOn() says what a function throws, and gives each call arguments of its own", async () => {
  const throwing = named(() => {
    throw new RangeError("no");
  });
  assert.equal(await idle(throwing), "idle(2, 3) throws no");
  const sorted = agreesOn([[[[2, 1]], [1, 2]], [[[3, 1]], [1, 3]]], {
    right: (list: number[]) => list.toSorted((a, b) => a - b),
    random: (fc) => [fc.array(fc.nat(9))],
  });
  assert.equal(await sorted((list) => list.sort((a, b) => a - b)), true);
});
