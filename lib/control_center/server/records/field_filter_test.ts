import assert from "node:assert/strict";
import { fieldFilter, fieldMatches, recordMatches } from "./field_filter.ts";

const has = (value: unknown, text: string) => fieldMatches(value, fieldFilter(text)!);

Deno.test("fieldFilter() takes every comparison, quotes and dots, and leaves plain text alone", () => {
  for (const sign of ["=", "!=", "<", ">", "<=", ">="]) {
    assert.equal(fieldFilter(`a.b${sign}1`)?.comparison, sign);
  }
  assert.equal(fieldFilter('zone = " Queens "')?.wanted, " Queens ");
  for (const text of ["a", "=", "= 1", "a =", '"a":1', "number>", "a b = 1"]) {
    assert.equal(fieldFilter(text), undefined, text);
  }
});

Deno.test("fieldMatches() compares numbers as numbers, and everything else as text", () => {
  assert.ok(has({ a: 10 }, "a > 9"));
  assert.ok(has({ a: "10" }, "a > 9"));
  assert.ok(has({ a: 12345678901234567890n }, "a = 12345678901234567890"));
  assert.ok(has({ at: "2021-01-02" }, "at >= 2021-01-01"));
  assert.ok(has({ zone: "Queens" }, "zone = queens"));
  assert.ok(has({ paid: false }, "paid = false"));
  assert.ok(has({ tip: null }, "tip = null"));
  assert.ok(has({ stops: [{ id: 7 }] }, "stops.0.id = 7"));
  assert.ok(!has({ a: "" }, "a = 0"));
  assert.ok(!has({ a: 1 }, "a < 1"));
});

Deno.test("fieldMatches() finds nothing in what is no object, nor what every object has", () => {
  for (const value of [null, undefined, 5, "a", [], {}]) assert.ok(!has(value, "a != 1"));
  assert.ok(!has({}, "constructor.name = Object"));
});

Deno.test("recordMatches() looks into JSON values and keys, and passes other bytes by", async () => {
  const bytes = (text: string) => new TextEncoder().encode(text);
  const record = {
    ...{ topic: "t", partition: 0, offset: 0, timestamp: 0, headers: [] },
    key: bytes('{"vendorId":1}'),
    value: bytes('{"vendorId":2}'),
  };
  assert.ok(await recordMatches(record, fieldFilter("vendorId = 2")!));
  assert.ok(await recordMatches(record, fieldFilter("key.vendorId = 1")!));
  assert.ok(!await recordMatches(record, fieldFilter("vendorId = 1")!));
  const odd = { ...record, key: null, value: new Uint8Array([0, 1, 2]) };
  assert.ok(!await recordMatches(odd, fieldFilter("vendorId = 2")!));
});
