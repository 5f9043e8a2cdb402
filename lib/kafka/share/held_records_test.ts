import assert from "node:assert/strict";
import { rawBatch } from "../../../tests/testkit/raw_batch.ts";
import { HeldRecords } from "./held_records.ts";

const at = { topic: "t", partition: 0, nodeId: 1 };
const place = (offset: number) => ({ topic: "t", partition: 0, offset });
const values = ["a", "b", "c", "d", "e", "f"];

/** Records that hold offsets 10 to 15, of which the member has acquired these. */
function holding(...acquired: readonly { first: number; last: number; deliveryCount: number }[]) {
  const held = new HeldRecords();
  const bytes = rawBatch({ firstOffset: 10, values });
  held.add(at, { bytes, acquired, heldUntilMs: Infinity });
  return held;
}

const all = { first: 10, last: 15, deliveryCount: 1 };

function handOut(held: HeldRecords, count: number) {
  return Array.from({ length: count }, () => held.next()!.offset);
}

Deno.test("HeldRecords hands out only what was acquired of a batch, with its delivery count", () => {
  const held = holding({ first: 11, last: 11, deliveryCount: 3 }, {
    first: 14,
    last: 15,
    deliveryCount: 1,
  });
  const out = [held.next(), held.next(), held.next()];
  assert.deepEqual(out.map((one) => [one!.offset, one!.deliveryCount]), [[11, 3], [14, 1], [
    15,
    1,
  ]]);
  assert.equal(held.next(), undefined);
});

Deno.test("HeldRecords sends runs of records with one answer, and nothing twice", () => {
  const held = holding(all);
  handOut(held, 6);
  held.acknowledge(place(12), "release");
  held.acknowledge(place(13), "reject");
  held.acceptOpen();
  assert.deepEqual(held.takeAcknowledged(1), [{
    ...{ topic: "t", partition: 0 },
    batches: [
      { first: 10, last: 11, type: "accept" },
      { first: 12, last: 12, type: "release" },
      { first: 13, last: 13, type: "reject" },
      { first: 14, last: 15, type: "accept" },
    ],
  }]);
  assert.deepEqual(held.takeAcknowledged(1), []);
});

Deno.test("HeldRecords accepts neither what waits nor what was not acquired", () => {
  const held = holding(all);
  handOut(held, 1);
  held.acceptOpen();
  const [one] = held.takeAcknowledged(1);
  assert.deepEqual(one!.batches, [{ first: 10, last: 10, type: "accept" }]);
  for (const offset of [10, 11, 99]) {
    assert.throws(() => held.acknowledge(place(offset), "accept"), {
      name: "RangeError",
      message: new RegExp(`^Cannot acknowledge the record at t-0-${offset}: this member does not`),
    });
  }
});

Deno.test("HeldRecords says of offsets without a record that there is none", () => {
  const held = holding({ first: 14, last: 18, deliveryCount: 1 });
  assert.deepEqual(held.takeAcknowledged(1)[0]!.batches, [{ first: 16, last: 18, type: "gap" }]);
});

Deno.test("HeldRecords hands out nothing whose time is up, and holds it when it comes again", () => {
  const held = new HeldRecords(), bytes = rawBatch({ firstOffset: 10, values });
  held.add(at, { bytes, acquired: [all], heldUntilMs: 1_000 });
  assert.equal(held.next(999)!.offset, 10);
  assert.equal(held.next(1_000), undefined);
  const again = { first: 11, last: 12, deliveryCount: 2 };
  held.add(at, { bytes, acquired: [again], heldUntilMs: 2_000 });
  assert.equal(held.next(1_500)!.deliveryCount, 2);
});

Deno.test("HeldRecords hands out nothing that a broker has released, and takes answers to what it had handed out", () => {
  const held = holding(all);
  handOut(held, 1);
  held.forget(1);
  assert.equal(held.next(), undefined);
  held.acknowledge(place(10), "reject");
  const [one] = held.takeAcknowledged(1);
  assert.deepEqual(one!.batches, [{ first: 10, last: 10, type: "reject" }]);
});

Deno.test("HeldRecords of a partition that has moved sends nothing to the broker it was at", () => {
  const held = holding(all);
  handOut(held, 1);
  held.add({ ...at, nodeId: 2 }, {
    ...{ bytes: rawBatch({ firstOffset: 20, values: ["x"] }), heldUntilMs: Infinity },
    acquired: [{ first: 20, last: 20, deliveryCount: 1 }],
  });
  held.acceptOpen();
  assert.deepEqual(held.takeAcknowledged(1), []);
});
