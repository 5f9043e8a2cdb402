import assert from "node:assert/strict";
import { count, eventTime, many, plural } from "./words.ts";

Deno.test("one of a thing is named in the singular, none, many and an unknown number in the plural", () => {
  assert.deepEqual([1, 0, 2, null].map((number) => plural(number, "topic")), [
    ...["topic", "topics", "topics", "topics"],
  ]);
  assert.deepEqual([many(1, "group"), many(12_345, "group")], ["1 group", "12,345 groups"]);
});

Deno.test("a number that is not known is a dash", () => {
  assert.deepEqual([count(0), count(null), count(undefined)], ["0", "–", "–"]);
});

Deno.test("an event's time is told in UTC, as windows are; what is no time is a number", () => {
  assert.equal(eventTime(Date.UTC(2021, 0, 1, 3, 14, 15)), "2021-01-01 03:14:15");
  assert.equal(eventTime(Date.UTC(2021, 0, 1, 3, 14, 15, 500)), "2021-01-01 03:14:15.500");
  assert.equal(eventTime(2 ** 63), "9223372036854776000");
});
