import assert from "node:assert/strict";
import {
  checkCompatibility,
  decodeBinary,
  encodeBinary,
  type Json,
  mismatches,
  parseSchema,
  type Schema,
} from "./mod.ts";
import { randomChange } from "./random_change.ts";
import { randomSchema, seeded } from "./random_schema.ts";

const ride = (...fields: unknown[]) => parseSchema({ type: "record", name: "taxi.Ride", fields });
const amount = { name: "total_amount", type: "float" };

Deno.test("mismatches() names field, rule and reason", () => {
  const cases: [Schema, Schema, string, string, string][] = [
    [
      ride({ ...amount, type: "string" }),
      ride(amount),
      "total_amount",
      "TYPE_MISMATCH",
      "a string reader cannot read a float",
    ],
    [
      ride(amount, { name: "tip", type: "int" }),
      ride(amount),
      "tip",
      "READER_FIELD_MISSING_DEFAULT_VALUE",
      "the reader needs it, the writer does not have it, and it has no default",
    ],
    [
      ride({ name: "how", type: { type: "enum", name: "Pay", symbols: ["CARD"] } }),
      ride({ name: "how", type: { type: "enum", name: "Pay", symbols: ["CARD", "CASH"] } }),
      "how",
      "MISSING_ENUM_SYMBOLS",
      'the reader has no symbol "CASH" and no default',
    ],
    [
      ride({ name: "trips", type: { type: "array", items: "int" } }),
      ride({ name: "trips", type: { type: "array", items: "string" } }),
      "trips[]",
      "TYPE_MISMATCH",
      "an int reader cannot read a string",
    ],
    [
      ride({ ...amount, type: ["null", "float"] }),
      ride({ ...amount, type: "double" }),
      "total_amount",
      "MISSING_UNION_BRANCH",
      "no branch of the reader's union (null, float) reads a double",
    ],
    [
      parseSchema({ type: "record", name: "taxi.Trip", fields: [] }),
      ride(),
      "",
      "NAME_MISMATCH",
      '"taxi.Trip" is not "taxi.Ride", nor is that an alias of it',
    ],
  ];
  for (const [reader, writer, field, rule, message] of cases) {
    assert.deepEqual(mismatches(reader, writer), [{ field, rule, message }]);
  }
});

Deno.test("checkCompatibility() asks the direction and the versions of each mode", () => {
  const [one, two, three] = [
    ride(amount),
    ride(amount, { name: "tip", type: "int", default: 0 }),
    ride(amount, {
      name: "tip",
      type: "int",
    }),
  ];
  const directions = (mode: Parameters<typeof checkCompatibility>[1]["mode"]) =>
    checkCompatibility(three, { mode, previous: [one, two] }).map(({ direction, index }) =>
      `${direction} ${index}`
    );
  assert.deepEqual(directions("BACKWARD"), []);
  assert.deepEqual(directions("BACKWARD_TRANSITIVE"), ["backward 0"]);
  assert.deepEqual(directions("FORWARD_TRANSITIVE"), []);
  assert.deepEqual(directions("FULL"), []);
  assert.deepEqual(directions("FULL_TRANSITIVE"), ["backward 0"]);
  assert.deepEqual(directions("NONE"), []);
});

Deno.test("mismatches() ends on a recursive record", () => {
  const list = (type: string) =>
    ride({ name: "next", type: ["null", "taxi.Ride"] }, { name: "v", type });
  assert.deepEqual(mismatches(list("long"), list("int")), []);
  assert.equal(mismatches(list("int"), list("string"))[0]?.field, "v");
});

Deno.test("mismatches() finds none for the next version of a ride, and the amount for the breaking one", async () => {
  const read = async (file: string) =>
    parseSchema(await Deno.readTextFile(new URL(`../../schemas/${file}`, import.meta.url)));
  const [first, next, breaking] = await Promise.all(
    ["taxi_ride_value.avsc", "taxi_ride_value.v2.avsc", "taxi_ride_value.breaking.avsc"].map(read),
  );
  assert.deepEqual([mismatches(next!, first!), mismatches(first!, next!)], [[], []]);
  assert.deepEqual(mismatches(breaking!, first!).map(({ field }) => field), ["total_amount"]);
});

Deno.test("mismatches() finds none only where every value can be read, on random pairs", () => {
  const random = seeded(5);
  let readable = 0, refused = 0;
  for (let round = 0; round < 1_500; round++) {
    const { definition, value } = randomSchema(random, 2);
    const writer = parseSchema(definition);
    const reader = parsed(randomChange(random, definition));
    if (!reader || mismatches(reader, writer).length > 0) {
      refused++;
      continue;
    }
    try {
      encodeBinary(reader, decodeBinary(writer, encodeBinary(writer, value(random)), { reader }));
    } catch (error) {
      // Bytes may be read as text only where they are text.
      assert.match((error as Error).message, /not UTF-8/, `${writer.text} -> ${reader.text}`);
    }
    readable++;
  }
  assert.ok(readable > 300 && refused > 300, `${readable} readable, ${refused} refused`);
});

function parsed(definition: Json): Schema | undefined {
  try {
    return parseSchema(definition);
  } catch {
    return undefined;
  }
}

/** Records in records, each used twice: 2^levels leaves, written in a few lines a level. */
function nested(levels: number, leaf: unknown): unknown {
  let type: unknown = { type: "record", name: "A0", fields: [{ name: "x", type: leaf }] };
  for (let level = 1; level <= levels; level++) {
    const [name, inner] = [`A${level}`, `A${level - 1}`];
    type = {
      type: "record",
      name,
      fields: [{ name: "l", type }, { name: "r", type: inner }],
    };
  }
  return type;
}

Deno.test("mismatches() compares each pair of records once, however often they are used", () => {
  for (const levels of [30, 60]) {
    const [int, long] = ["int", "long"].map((leaf) => parseSchema(nested(levels, leaf)));
    assert.deepEqual(mismatches(long!, int!), []);
    // Once in full, then once at each level's second use.
    const found = mismatches(int!, long!);
    assert.equal(found.length, levels + 1);
    assert.deepEqual(
      found.slice(0, 2).map(({ field }) => field),
      [`${"l.".repeat(levels)}x`, `${"l.".repeat(levels - 1)}r.x`],
    );
  }
});

Deno.test("mismatches() does not take a record for fitting because it was met inside one that does not fit", () => {
  // B holds A, and A holds B: B fits only where A does, and A does not.
  const schema = (leaf: string) =>
    parseSchema({
      type: "record",
      name: "Top",
      fields: [
        {
          name: "a",
          type: ["null", {
            type: "record",
            name: "A",
            fields: [
              {
                name: "b",
                type: { type: "record", name: "B", fields: [{ name: "a", type: ["null", "A"] }] },
              },
              { name: "x", type: leaf },
            ],
          }],
        },
        { name: "b", type: ["null", "B"] },
      ],
    });
  const found = mismatches(schema("int"), schema("long")).map(({ field }) => field);
  assert.deepEqual(found, ["a.x", "b.a.x"]);
});
