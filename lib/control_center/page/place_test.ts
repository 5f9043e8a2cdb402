import assert from "node:assert/strict";
import { readPlace } from "./place.ts";

Deno.test("readPlace() reads names of any letters, and what was chosen", () => {
  const place = readPlace("#/topics/a%2Fb%25?from=offset%3A7&filter=x%20%26%20y")!;
  assert.deepEqual(place.path, ["topics", "a/b%"]);
  assert.deepEqual([...place.query], [["from", "offset:7"], ["filter", "x & y"]]);
  assert.deepEqual(readPlace("")!.path, []);
});

Deno.test("readPlace() knows no place for an address that is not encoded text", () => {
  for (const hash of ["#/topics/100%", "#/topics/%zz", "#/%"]) {
    assert.equal(readPlace(hash), undefined, hash);
  }
});
