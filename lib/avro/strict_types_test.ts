import assert from "node:assert/strict";
import { parseSchema } from "./mod.ts";

Deno.test("strictType() overrides members of avsc 5.7.9: another version has to be looked at first", async () => {
  const { imports } = JSON.parse(
    await Deno.readTextFile(new URL("../../deno.json", import.meta.url)),
  );
  assert.equal(imports.avsc, "npm:avsc@5.7.9");
});

Deno.test("parseSchema() says what is wrong with a schema", () => {
  const cases: [unknown, RegExp][] = [
    ["{", /^Cannot read the Avro schema "\{": it is not JSON/],
    ["{}", /^Cannot read the Avro schema "\{\}": unknown type/],
    ['"flaot"', /undefined type name: flaot/],
    [{ type: "record", name: "R", fields: [{ name: "__proto__", type: "int" }] }, /__proto__/],
    [{ type: "record", name: "R", fields: [{ name: "a", type: "int", default: "x" }] }, /default/],
  ];
  for (const [source, message] of cases) {
    assert.throws(() => parseSchema(source), { name: "SyntaxError", message });
  }
});
