import assert from "node:assert/strict";
import { encodeBinary, type FromAvro, layout, parseSchema, typescriptOf } from "./mod.ts";

Deno.test("typescriptOf() declares every named type once, before its users", () => {
  const schema = parseSchema({
    type: "record",
    name: "taxi.Trip",
    fields: [
      { name: "how", type: { type: "enum", name: "Pay", symbols: ["CARD", "CASH"] } },
      { name: "then", type: ["null", "taxi.Pay"] },
      { name: "stops", type: { type: "array", items: { type: "map", values: "long" } } },
      { name: "either", type: ["int", "double"] },
      { name: "hash", type: { type: "fixed", name: "Hash", size: 4 }, default: "abcd" },
      { name: "fare", type: { type: "bytes", logicalType: "decimal", precision: 9, scale: 2 } },
      { name: "at", type: { type: "long", logicalType: "timestamp-millis" } },
      { name: "next", type: ["null", "taxi.Trip"] },
    ],
  });
  assert.equal(
    typescriptOf(schema),
    [
      'export type Pay = "CARD" | "CASH";',
      "",
      "export type Hash = Uint8Array;",
      "",
      "export interface Trip {",
      "  how: Pay;",
      "  then: null | Pay;",
      "  stops: readonly (Readonly<Record<string, number>>)[];",
      '  either: { "int": number } | { "double": number };',
      "  hash?: Hash;",
      "  fare: string;",
      "  at: number;",
      "  next: null | Trip;",
      "}",
      "",
    ].join("\n"),
  );
  assert.equal(typescriptOf(parseSchema('["null","int"]')), "export type Value = null | number;\n");
});

Deno.test("FromAvro is the type of a schema's values", () => {
  const definition = {
    type: "record",
    name: "Ride",
    fields: [
      { name: "vendorId", type: "int" },
      { name: "tip", type: ["null", "float"] },
      { name: "how", type: { type: "enum", name: "Pay", symbols: ["CARD", "CASH"] } },
      { name: "stops", type: { type: "array", items: "string" } },
    ],
  } as const;
  const ride: FromAvro<typeof definition> = { vendorId: 1, tip: null, how: "CASH", stops: ["a"] };
  // @ts-expect-error "COIN" is no symbol
  const wrong: FromAvro<typeof definition> = { ...ride, how: "COIN" };
  assert.throws(() => encodeBinary(parseSchema(definition), wrong), /"how" is "COIN"/);
});

Deno.test("layout() covers every byte of a value once, nested records opened", () => {
  const schema = parseSchema({
    type: "record",
    name: "A",
    fields: [
      { name: "in", type: { type: "record", name: "B", fields: [{ name: "x", type: "int" }] } },
      { name: "text", type: ["null", "string"] },
    ],
  });
  const fields = layout(schema, encodeBinary(schema, { in: { x: 300 }, text: "hi" }));
  assert.deepEqual(
    fields.map(({ field, type, from, to, value }) => [field, type, from, to, value]),
    [
      ["in.x", "int", 0, 2, 300],
      ["text", "union", 2, 6, "hi"],
    ],
  );
});
