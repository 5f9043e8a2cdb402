import assert from "node:assert/strict";
import { registrySettings } from "../settings/mod.ts";
import {
  checkCompatibility,
  type CompatibilityMode,
  type Json,
  parseSchema,
  type Schema,
  schemaRegistry,
} from "./mod.ts";
import { randomChange } from "./random_change.ts";
import { randomSchema, seeded } from "./random_schema.ts";

const MODES: readonly CompatibilityMode[] = ["BACKWARD", "FORWARD", "FULL"];
const registry = schemaRegistry(registrySettings());
const prefix = `avro-compat-${crypto.randomUUID().slice(0, 8)}`;
const record = (fields: unknown, name = "taxi.Ride") => ({ type: "record", name, fields });
const e = (symbols: string[], more = {}) => ({ type: "enum", name: "E", symbols, ...more });
const node = (type: unknown) =>
  record([{ name: "next", type: ["null", "taxi.Ride"] }, { name: "v", type }]);

/** Pairs [old, new] that a course or a careless editor comes up with. */
const PAIRS: readonly (readonly [unknown, unknown])[] = [
  [record([{ name: "a", type: "float" }]), record([{ name: "a", type: "string" }])],
  [record([{ name: "a", type: "int" }]), record([{ name: "a", type: "long" }])],
  [record([{ name: "a", type: "float" }]), record([{ name: "a", type: "double" }])],
  [
    record([{ name: "a", type: "int" }]),
    record([{ name: "a", type: "int" }, { name: "b", type: "int" }]),
  ],
  [
    record([{ name: "a", type: "int" }]),
    record([{ name: "a", type: "int" }, { name: "b", type: "int", default: 0 }]),
  ],
  [
    record([{ name: "a", type: "int" }, { name: "b", type: "int" }]),
    record([{ name: "a", type: "int" }]),
  ],
  [record([{ name: "a", type: "int" }]), record([{ name: "b", type: "int", aliases: ["a"] }])],
  [record([{ name: "a", type: "int" }]), record([{ name: "b", type: "int" }])],
  [record([]), record([], "taxi.Trip")],
  [record([]), record([], "other.Ride")],
  [record([]), { ...record([], "taxi.Trip"), aliases: ["taxi.Ride"] }],
  [record([]), { ...record([], "taxi.Trip"), aliases: ["Ride"] }],
  [record([]), { ...record([], "other.Trip"), aliases: ["Ride"] }],
  [
    record([{ name: "a", type: "int" }]),
    record([{ name: "a", type: ["null", "int"], default: null }]),
  ],
  [
    record([{ name: "a", type: ["null", "int"] }]),
    record([{ name: "a", type: ["null", "int", "string"] }]),
  ],
  [record([{ name: "a", type: ["null", "int"] }]), record([{ name: "a", type: ["null", "long"] }])],
  [e(["A"]), e(["A", "B"])],
  [e(["A", "B"]), e(["A"])],
  [e(["A", "B"]), e(["A"], { default: "A" })],
  [e(["A", "B"]), e(["B", "A"])],
  [record([]), record([{ name: "e", type: e(["A"], { default: "A" }) }])],
  [{ type: "fixed", name: "F", size: 4 }, { type: "fixed", name: "F", size: 8 }],
  [{ type: "array", items: "int" }, { type: "array", items: "string" }],
  [{ type: "map", values: "int" }, { type: "map", values: "double" }],
  ["string", "bytes"],
  ["int", "string"],
  [["int", "string"], "string"],
  ["string", ["int", "string"]],
  [["null", "string"], ["string", "null"]],
  ["int", { type: "int", logicalType: "date" }],
  [{ type: "bytes", logicalType: "decimal", precision: 4, scale: 2 }, "bytes"],
  [node("int"), node("long")],
  [node("int"), node("string")],
  [
    record([{ name: "r", type: record([{ name: "x", type: "int" }], "In") }]),
    record([{ name: "r", type: ["null", record([{ name: "x", type: "string" }], "In")] }]),
  ],
];

/** Two changes in a row may add the same field twice. */
function isSchema(definition: Json): boolean {
  try {
    return parseSchema(definition).text !== "";
  } catch {
    return false;
  }
}

async function compare(old: Schema, next: Schema, subject: string): Promise<string[]> {
  const differences: string[] = [];
  await registry.setCompatibility("NONE", subject).catch(() => {});
  await registry.register(subject, old);
  for (const mode of MODES) {
    await registry.setCompatibility(mode, subject);
    const theirs = (await registry.check(subject, next)).compatible;
    const reasons = checkCompatibility(next, { mode, previous: [old] });
    if (theirs !== (reasons.length === 0)) {
      differences.push(
        `${mode} ${old.text} -> ${next.text}: registry ${theirs}, here ${JSON.stringify(reasons)}`,
      );
    }
  }
  await registry.deleteSubject(subject, { permanent: true });
  return differences;
}

Deno.test("checkCompatibility() and the registry agree on every pair of a table", async () => {
  const differences: string[] = [];
  for (const [i, [old, next]] of PAIRS.entries()) {
    differences.push(...await compare(parseSchema(old), parseSchema(next), `${prefix}-${i}`));
  }
  assert.deepEqual(differences, []);
});

Deno.test("checkCompatibility() and the registry agree on random schemas, each changed in one or two places", async () => {
  const random = seeded(11), differences: string[] = [];
  let compared = 0;

  for (let round = 0; round < 120; round++) {
    const { definition } = randomSchema(random);
    let changed = definition;
    for (let times = 1 + random(2); times > 0; times--) changed = randomChange(random, changed);
    if (!isSchema(changed)) continue;
    compared++;
    differences.push(
      ...await compare(parseSchema(definition), parseSchema(changed), `${prefix}-r${round}`),
    );
  }
  assert.ok(compared > 80, `${compared}`);
  assert.deepEqual(differences, []);
});
