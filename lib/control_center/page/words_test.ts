import assert from "node:assert/strict";
import { count, many, plural } from "./words.ts";

Deno.test("one of a thing is named in the singular, none, many and an unknown number in the plural", () => {
  assert.deepEqual([1, 0, 2, null].map((number) => plural(number, "topic")), [
    ...["topic", "topics", "topics", "topics"],
  ]);
  assert.deepEqual([many(1, "group"), many(12_345, "group")], ["1 group", "12,345 groups"]);
});

Deno.test("a number that is not known is a dash", () => {
  assert.deepEqual([count(0), count(null), count(undefined)], ["0", "–", "–"]);
});
