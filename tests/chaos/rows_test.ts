import assert from "node:assert/strict";
import { chosenRows, ROWS } from "./rows.ts";

Deno.test("ROWS are numbered once each, in order, and named in kebab case", () => {
  const numbers = ROWS.map(({ id }) => Number(id.slice(1)));
  assert.deepEqual(numbers, [...new Set(numbers)].sort((a, b) => a - b));
  assert.equal(new Set(ROWS.map(({ name }) => name)).size, ROWS.length);
  for (const { name } of ROWS) assert.match(name, /^[a-z]+(-[a-z]+)*$/);
});

Deno.test("ROWS have a control each that must fail", () => {
  const without = ROWS.filter(({ control }) => control === undefined).map(({ id }) => id);
  assert.deepEqual(without, []);
});

Deno.test("chosenRows() knows ids and names, and says what there is", () => {
  assert.deepEqual(chosenRows(["r2"]).map(({ name }) => name), ["crash-points"]);
  assert.deepEqual(chosenRows(["crash-points"]).map(({ id }) => id), ["R2"]);
  assert.equal(chosenRows([]).length, ROWS.length);
  assert.throws(() => chosenRows(["R99"]), /Cannot run the row "R99": .*R2 crash-points/);
});
