/** Small schemas that once kept a reader busy for hours, or filled memory: each costs what its size allows. */
import assert from "node:assert/strict";
import { decodeBinary, layout, mismatches, parseSchema } from "./mod.ts";
import type { Json } from "./schema.ts";
import { parseWriterSchema } from "./writer_schema.ts";

/** Each record is used twice in the next one, in a field of this type. */
function nested(
  levels: number,
  leaf: Json,
  as: (record: Json) => object = (type) => ({ type }),
): Json {
  if (levels === 0) return { type: "record", name: "A0", fields: [{ name: "x", ...as(leaf) }] };
  const inner = nested(levels - 1, leaf, as);
  return {
    type: "record",
    name: `A${levels}`,
    fields: [{ name: "l", ...as(inner) }, { name: "r", ...as(`A${levels - 1}`) }] as Json[],
  };
}
const withDefault = (type: Json) => ({
  type,
  default: typeof type === "string" && type === "int" ? 0 : {},
});
const orNull = (type: Json) => ({ type: ["null", type] });

Deno.test("parseSchema() refuses defaults that would fill memory: 30 records, each twice in the next", () => {
  assert.ok(parseSchema(nested(8, "int", withDefault)));
  const large = nested(30, "int", withDefault);
  assert.throws(() => parseSchema(large), {
    name: "SyntaxError",
    message: /its defaults hold more than 65536 records$/,
  });
  // To read what was written with it, defaults do not matter.
  assert.ok(parseWriterSchema(JSON.stringify(large)));
});

Deno.test("decodeBinary() resolves a pair of records once, though no branch of it fits", () => {
  const writer = parseSchema(nested(30, "int", orNull)),
    reader = parseSchema(nested(30, "bytes", orNull));
  // Both fields are null.
  assert.deepEqual(decodeBinary(writer, Uint8Array.of(0, 0), { reader }), { l: null, r: null });
  assert.ok(mismatches(reader, writer).length > 0);
});

Deno.test("decodeBinary() refuses a branch that does not fit wherever its record is met again", () => {
  const zone = { type: "record", name: "Zone", fields: [{ name: "id", type: "int" }] };
  const trip = (of: Json) => ({
    type: "record",
    name: "Trip",
    fields: [{ name: "from", type: ["null", of] }, { name: "to", type: ["null", "Zone"] }],
  });
  const other = { ...zone, fields: [{ name: "id", type: "boolean" }] };
  const writer = parseSchema(trip(zone)), reader = parseSchema(trip(other));
  for (const bytes of [[2, 14, 0], [0, 2, 14]]) {
    assert.throws(() => decodeBinary(writer, Uint8Array.from(bytes), { reader }), {
      name: "SyntaxError",
      message: /a value of Zone, which the reader's schema does not take/,
    });
  }
});

Deno.test("decodeBinary() finds a branch by its name or alias among a thousand, and wraps it as the reader does", () => {
  const record = (name: string, aliases: string[] = []) => ({
    ...{ type: "record", name, aliases },
    fields: [{ name: "x", type: "int" }],
  });
  const writer = parseSchema(Array.from({ length: 1_000 }, (_, i) => record(`w.R${i}`)));
  const reader = parseSchema([
    "null",
    ...Array.from(
      { length: 1_000 },
      (_, i) => record(i === 7 ? "Seven" : `R${i}`, i === 7 ? ["w.R7"] : []),
    ),
  ]);
  // Branch 7, then 999: zig-zag.
  assert.deepEqual(decodeBinary(writer, Uint8Array.of(14, 2), { reader }), { Seven: { x: 1 } });
  assert.deepEqual(decodeBinary(writer, Uint8Array.of(0xce, 0x0f, 4), { reader }), {
    R999: { x: 2 },
  });
  assert.deepEqual(mismatches(reader, writer), []);
  assert.deepEqual(
    mismatches(parseSchema(["null", "int"]), writer).length,
    100,
    "the first hundred",
  );
});

/** Runs a function where there is hardly room for another call. */
function withoutRoom(run: () => unknown): unknown {
  try {
    return withoutRoom(run);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return run();
  }
}

Deno.test("mismatches() says that schemas are nested too deeply, and does not end the program", () => {
  const one = parseSchema(nested(300, "int")), other = parseSchema(nested(300, "long"));
  assert.throws(() => withoutRoom(() => mismatches(one, other)), {
    name: "SyntaxError",
    message: 'Cannot compare "A300" with "A300": they are nested too deeply',
  });
});

Deno.test("parseSchema() refuses JSON that is nested deeper than functions can follow, and names without a name", () => {
  const deep = `${'{"type":"array","items":'.repeat(1_001)}"int"${"}".repeat(1_001)}`;
  assert.throws(() => parseSchema(deep), {
    name: "SyntaxError",
    message: /it is nested deeper than 1000 levels$/,
  });
  assert.throws(() => parseSchema({ type: "record", fields: [] }), { name: "SyntaxError" });
  assert.throws(() => parseSchema(undefined), { name: "SyntaxError", message: /it is not JSON$/ });
});

Deno.test("parseWriterSchema() puts back each default that fits, those that need others too", () => {
  const inner = { type: "record", name: "I", fields: [{ name: "a", type: "int", default: 1 }] };
  const fields = [
    { name: "bad", type: "int", default: "x" },
    { name: "inner", type: inner, default: {} },
    { name: "kind", type: { type: "enum", name: "E", symbols: ["A"], default: "A" }, default: "B" },
    { name: "good", type: ["null", "int"], default: null, aliases: ["1"] },
  ];
  const writer = parseWriterSchema(JSON.stringify({ type: "record", name: "R", fields }));
  const kept = (writer.definition as { fields: Record<string, unknown>[] }).fields;
  assert.deepEqual(kept.map((one) => one.default), [undefined, {}, undefined, null]);
  assert.deepEqual(kept.map((one) => one.aliases), [undefined, undefined, undefined, undefined]);
  assert.equal((kept[2]!.type as { default: string }).default, "A");
});

Deno.test("layout() says in its own words that bytes are no value", () => {
  const union = parseSchema(["null", "int"]);
  assert.throws(() => layout(union, Uint8Array.of(8)), {
    name: "SyntaxError",
    message: "Cannot decode 1 bytes as Avro: invalid union index: 4",
  });
});
