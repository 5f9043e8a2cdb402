import assert from "node:assert/strict";
import { decodeBinary, encodeBinary, parseSchema } from "./mod.ts";
import { randomSchema, seeded } from "./random_schema.ts";

const ride = parseSchema(
  await Deno.readTextFile(new URL("../../schemas/taxi_ride_value.avsc", import.meta.url)),
);
const sample = {
  vendorId: 2,
  passenger_count: 1,
  trip_distance: 9.3,
  payment_type: 1,
  total_amount: 40,
};
const hex = (bytes: Uint8Array) => bytes.toHex();
const bytes = (text: string) => Uint8Array.fromHex(text.replaceAll(" ", ""));

Deno.test("encodeBinary() writes a ride as zig-zag ints and little-endian floats, in the order of the schema", () => {
  assert.equal(hex(encodeBinary(ride, sample)), "04" + "02" + "cdcc1441" + "02" + "00002042");
});

Deno.test("decodeBinary() gives a plain object, and 9.3 back as the nearest float32", () => {
  assert.deepStrictEqual(decodeBinary(ride, encodeBinary(ride, sample)), {
    ...sample,
    trip_distance: 9.300000190734863,
  });
});

Deno.test("encodeBinary() writes the Avro spec's own examples", () => {
  const cases: [unknown, unknown, string][] = [
    ["long", 0, "00"],
    ["long", -1, "01"],
    ["long", 1, "02"],
    ["long", -64, "7f"],
    ["long", 64, "8001"],
    ["string", "foo", "06666f6f"],
    [{ type: "array", items: "long" }, [3, 27], "04063600"],
    [["null", "string"], null, "00"],
    [["null", "string"], "a", "020261"],
    [{
      type: "record",
      name: "test",
      fields: [{ name: "a", type: "long" }, { name: "b", type: "string" }],
    }, {
      a: 27,
      b: "foo",
    }, "3606666f6f"],
  ];
  for (const [definition, value, expected] of cases) {
    assert.equal(hex(encodeBinary(parseSchema(definition), value)), expected);
  }
});

Deno.test("encodeBinary() writes what Python's fastavro 1.13.1 writes, logical types included", () => {
  const decimal = { logicalType: "decimal", precision: 9, scale: 2 };
  const fields = {
    flag: ["boolean", true],
    big: ["long", -(2 ** 53) + 1],
    ratio: ["double", 9.3],
    name: ["string", "Zürich 🚕"],
    raw: ["bytes", Uint8Array.of(0, 255)],
    hash: [{ type: "fixed", name: "H", size: 2 }, Uint8Array.of(1, 2)],
    pay: [{ type: "enum", name: "P", symbols: ["CARD", "CASH"] }, "CASH"],
    stops: [{ type: "array", items: "int" }, [1, -300, 2 ** 31 - 1]],
    tags: [{ type: "map", values: "float" }, { é: 0.5 }],
    tip: [["null", "float"], 2.5],
    at: [{ type: "long", logicalType: "timestamp-millis" }, Date.UTC(2021, 0, 1, 0, 15, 56, 7)],
    day: [{ type: "int", logicalType: "date" }, "1969-12-31"],
    fare: [{ type: "bytes", ...decimal }, "128.00"],
    loss: [{ type: "fixed", name: "L", size: 4, ...decimal }, "-12.50"],
  };
  const schema = parseSchema({
    type: "record",
    name: "taxi.Mixed",
    fields: Object.entries(fields).map(([name, [type]]) => ({ name, type })),
  });
  const value = Object.fromEntries(Object.entries(fields).map(([name, [, one]]) => [name, one]));
  const golden =
    "01fdffffffffffff1f9a99999999992240185ac3bc7269636820f09f9a950400ff0102020602d704" +
    "feffffff0f000204c3a90000003f000200002040ce99e8b4d75d01043200fffffb1e";
  assert.equal(hex(encodeBinary(schema, value)), golden);
  assert.deepStrictEqual(decodeBinary(schema, bytes(golden)), value);
});

Deno.test("decodeBinary() keeps a decimal's value when its scale changes, and refuses to lose a digit", () => {
  const decimal = (scale: number) =>
    parseSchema({ type: "bytes", logicalType: "decimal", precision: 9, scale });
  const written = encodeBinary(decimal(2), "12.50");
  assert.equal(decodeBinary(decimal(2), written, { reader: decimal(3) }), "12.500");
  assert.equal(decodeBinary(decimal(2), written, { reader: decimal(1) }), "12.5");
  assert.throws(
    () => decodeBinary(decimal(2), written, { reader: decimal(0) }),
    /12.50 needs a scale above 0/,
  );
});

Deno.test("encodeBinary() and decodeBinary() keep every safe long", () => {
  const long = parseSchema("long");
  for (
    const n of [2 ** 28, -(2 ** 28), 2 ** 30, -(2 ** 30) - 1, 2 ** 31, 2 ** 53 - 1, -(2 ** 53) + 1]
  ) {
    assert.equal(decodeBinary(long, encodeBinary(long, n)), n);
  }
});

Deno.test("encodeBinary() names the field, the value and the type of what does not fit", () => {
  const cases: [unknown, unknown, string, string][] = [
    [
      ride,
      { ...sample, total_amount: "40" },
      "TypeError",
      'field "total_amount" is "40", not float',
    ],
    [
      ride,
      { ...sample, vendorId: 2 ** 31 },
      "RangeError",
      'field "vendorId" is 2147483648, not int',
    ],
    [ride, { ...sample, vendorId: 1.5 }, "RangeError", 'field "vendorId" is 1.5, not int'],
    [
      ride,
      { ...sample, trip_distance: 1e39 },
      "RangeError",
      'field "trip_distance" is 1e+39, not float',
    ],
    [ride, { vendorId: 1 }, "TypeError", 'field "passenger_count" is missing, not int'],
    [ride, null, "TypeError", 'the value is null, not record "com.datatalksclub.taxi.TaxiRide"'],
    [ride, 7n, "TypeError", "the value is 7n, not record"],
    ["long", 2 ** 53, "RangeError", "the value is 9007199254740992, not long"],
    ["string", "\ud800", "TypeError", "not string"],
    ["boolean", 1, "TypeError", "the value is 1, not boolean"],
    [
      { type: "enum", name: "E", symbols: ["A"] },
      "toString",
      "TypeError",
      'is "toString", not one of "A"',
    ],
    [{ type: "array", items: "int" }, [1, "2"], "TypeError", 'field "1" is "2", not int'],
    [["null", "int"], "x", "TypeError", 'is "x", not one of null, int'],
    [{ type: "int", logicalType: "date" }, "2021-02-30", "TypeError", "not date"],
    [
      { type: "bytes", logicalType: "decimal", precision: 4, scale: 2 },
      "1.234",
      "TypeError",
      "not decimal",
    ],
    [
      { type: "bytes", logicalType: "decimal", precision: 4, scale: 2 },
      "123.45",
      "TypeError",
      "at most 4 digits",
    ],
  ];
  for (const [definition, value, name, message] of cases) {
    assert.throws(() => encodeBinary(parseSchema(definition), value), (error: Error) => {
      assert.equal(error.name, name);
      assert.ok(error.message.startsWith("Cannot encode the value"), error.message);
      assert.ok(error.message.includes(message), error.message);
      return true;
    });
  }
});

Deno.test("decodeBinary() refuses bytes that cannot be such a value", () => {
  const cases: [unknown, string, string][] = [
    [ride, "04 02 cdcc1441 02 0000", "the bytes end too early"],
    [ride, "04 02 cdcc1441 02 00002042 00", "1 left over"],
    ["boolean", "02", "a boolean is 0 or 1"],
    ["int", "8080808020", "no 32-bit int"],
    ["long", "ffffffffffffffffff01", "safe integers"],
    ["long", "ffffffffffffffffffff01", "more than 10 bytes"],
    ["string", "02ff", "not UTF-8"],
    ["string", "01", "a length of -1"],
    ["bytes", "feffffff0f", "the bytes end too early"],
    [["null", "int"], "04", "union index"],
    [{ type: "enum", name: "E", symbols: ["A"] }, "02", "enum index"],
    [{ type: "array", items: "int" }, "8094ebdc03", "the bytes end too early"],
    [{ type: "array", items: "null" }, "80c2d72f00", "items without a byte"],
    [{ type: "array", items: "int" }, "01 06 02 00", "a block of another size"],
    [{ type: "record", name: "R", fields: [{ name: "r", type: "R" }] }, "00", "nested too deeply"],
  ];
  for (const [definition, text, message] of cases) {
    assert.throws(() => decodeBinary(parseSchema(definition), bytes(text)), (error: Error) => {
      assert.equal(error.name, "SyntaxError");
      assert.ok(error.message.includes(message), error.message);
      return true;
    });
  }
});

Deno.test("decodeBinary() reads blocks that say their size, as Java may write them", () => {
  const ints = parseSchema({ type: "array", items: "int" });
  assert.deepEqual(decodeBinary(ints, bytes("03 04 02 04 02 06 00")), [1, 2, 3]);
});

Deno.test("decodeBinary() reads an old ride as the next version, its new field at the default", async () => {
  const url = new URL("../../schemas/taxi_ride_value.v2.avsc", import.meta.url);
  const next = parseSchema(await Deno.readTextFile(url));
  const old = encodeBinary(ride, { ...sample, trip_distance: 1 });
  assert.deepStrictEqual(decodeBinary(ride, old, { reader: next }), {
    ...sample,
    trip_distance: 1,
    tip_amount: 0,
  });
});

Deno.test("encodeBinary() grows its buffer to any value", () => {
  const text = parseSchema("string"), long = "é".repeat(100_000);
  assert.equal(decodeBinary(text, encodeBinary(text, long)), long);
});

Deno.test("encodeBinary() and decodeBinary() give back a thousand random values of random schemas", () => {
  const random = seeded(4);
  for (let round = 0; round < 1_000; round++) {
    const { definition, value } = randomSchema(random);
    const schema = parseSchema(definition), one = value(random);
    assert.deepStrictEqual(
      decodeBinary(schema, encodeBinary(schema, one)),
      one,
      JSON.stringify(definition),
    );
  }
});

Deno.test("decodeBinary() takes ten thousand mutated byte strings without crash, hang or a value that does not fit", () => {
  const random = seeded(10_000);
  let refused = 0;
  for (let round = 0; round < 10_000; round++) {
    const { definition, value } = randomSchema(random, 2);
    const schema = parseSchema(definition);
    const mutated = mutate(encodeBinary(schema, value(random)), random);
    let read: unknown;
    try {
      read = decodeBinary(schema, mutated);
    } catch (error) {
      assert.equal((error as Error).name, "SyntaxError", `${(error as Error).stack}`);
      refused++;
      continue;
    }
    // What decodes is a value of the schema: it can be written and read again.
    assert.deepStrictEqual(decodeBinary(schema, encodeBinary(schema, read)), read);
  }
  assert.ok(refused > 1_000 && refused < 9_900, `${refused}`);
});

/** Changes, drops, doubles or adds one to three bytes. */
function mutate(original: Uint8Array, random: (below: number) => number): Uint8Array {
  const changed = [...original];
  for (let times = 1 + random(3); times > 0; times--) {
    const at = random(changed.length + 1), kind = random(4);
    if (kind === 0) changed[at] = random(256);
    else if (kind === 1) changed.splice(at, 1);
    else if (kind === 2) changed.splice(at, 0, random(256), 0xff);
    else changed.length = at;
  }
  return Uint8Array.from(changed, (byte) => byte ?? 0);
}
