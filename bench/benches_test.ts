import assert from "node:assert/strict";
import { chosen } from "./benches.ts";

const namesOf = (...wanted: string[]) => chosen(wanted).map(({ name }) => name);

Deno.test("chosen() takes a bench by its name alone, several by how they begin, and none twice", () => {
  assert.deepEqual(namesOf("produce", "produce-gzip"), ["produce", "produce-gzip"]);
  assert.deepEqual(namesOf("avro", "avro-decode"), ["avro-encode", "avro-decode"]);
  assert.throws(() => namesOf("avr"), /^TypeError: Cannot run the bench "avr": there is none/);
});
