/**
 * Seeded random schemas and values: the law-checking tests and the fuzzers feed on them.
 *
 * @module
 */
import type { Json } from "./schema.ts";

/** A whole number from 0 to `below` − 1. */
export type Random = (below: number) => number;

/** A small seeded generator (mulberry32): the same seed gives the same numbers everywhere. */
export function seeded(seed: number): Random {
  let state = seed >>> 0;
  return (below) => {
    state = state + 0x6d2b79f5 >>> 0;
    let mixed = Math.imul(state ^ state >>> 15, state | 1);
    mixed ^= mixed + Math.imul(mixed ^ mixed >>> 7, mixed | 61);
    return Math.floor(((mixed ^ mixed >>> 14) >>> 0) / 2 ** 32 * below);
  };
}

/** A schema together with a maker of values that fit it and come back equal. */
export interface RandomSchema {
  readonly definition: Json;
  value(random: Random): unknown;
}

const LEAVES = ["null", "boolean", "int", "long", "float", "double", "string", "bytes"] as const;
const TEXTS = [
  "",
  "a",
  "total_amount",
  "Zürich",
  "東京",
  "🚕 taxi",
  "__proto__",
  "x".repeat(70),
  "\ufeffbom",
];
const f32 = (n: number) => Math.fround(n);

const leafValues: Record<string, (random: Random) => unknown> = {
  null: () => null,
  boolean: (random) => random(2) === 1,
  int: (random) => pick(random, [0, -1, 63, -64, 64, 2 ** 31 - 1, -(2 ** 31), random(1e6)]),
  long: (random) =>
    pick(random, [
      0,
      -1,
      2 ** 31,
      2 ** 53 - 1,
      -(2 ** 53) + 1,
      random(1e9) * 4096,
      -random(1e9) * 8,
    ]),
  float: (random) => pick(random, [0, f32(9.3), Infinity, f32(3.4e38), f32(random(1e6) / 7)]),
  double: (random) => pick(random, [0, 9.3, -Infinity, 5e-324, random(1e9) / 7]),
  string: (random) => pick(random, TEXTS),
  bytes: (random) => Uint8Array.from({ length: random(40) }, () => random(256)),
};

function pick<T>(random: Random, from: readonly T[]): T {
  return from[random(from.length)]!;
}

/** Draws a schema; `depth` bounds how deep it nests. */
export function randomSchema(random: Random, depth = 3): RandomSchema {
  let names = 0;
  const fresh = () => `N${names++}`;
  const draw = (left: number): RandomSchema => {
    const kind = left === 0 ? random(4) : random(11);
    if (kind < 3) return leaf(pick(random, LEAVES));
    if (kind === 3) return named(random, fresh());
    if (kind === 4) return logical(random);
    if (kind === 5) return array(draw(left - 1));
    if (kind === 6) return map(draw(left - 1));
    if (kind === 7) return nullable(draw(left - 1));
    return record(fresh(), Array.from({ length: random(5) }, () => draw(left - 1)));
  };
  return draw(depth);
}

function leaf(name: string): RandomSchema {
  return { definition: name, value: leafValues[name]! };
}

function named(random: Random, name: string): RandomSchema {
  if (random(2) === 0) {
    const symbols = ["A", "B", "C", "D"].slice(0, 1 + random(4));
    return { definition: { type: "enum", name, symbols }, value: (draw) => pick(draw, symbols) };
  }
  const size = random(9);
  return {
    definition: { type: "fixed", name, size },
    value: (draw) => Uint8Array.from({ length: size }, () => draw(256)),
  };
}

function logical(random: Random): RandomSchema {
  const kind = random(3);
  if (kind === 0) {
    return {
      definition: { type: "long", logicalType: "timestamp-millis" },
      value: leafValues.long!,
    };
  }
  if (kind === 1) {
    return {
      definition: { type: "int", logicalType: "date" },
      value: (draw) => new Date((draw(60_000) - 20_000) * 86_400_000).toISOString().slice(0, 10),
    };
  }
  return {
    definition: { type: "bytes", logicalType: "decimal", precision: 9, scale: 2 },
    value: (draw) => ((draw(2e6) - 1e6) / 100).toFixed(2).replace(/^-0.00$/, "0.00"),
  };
}

function array(items: RandomSchema): RandomSchema {
  return {
    definition: { type: "array", items: items.definition },
    value: (random) => Array.from({ length: random(4) }, () => items.value(random)),
  };
}

function map(values: RandomSchema): RandomSchema {
  return {
    definition: { type: "map", values: values.definition },
    // defineProperty keeps "__proto__" an ordinary key.
    value: (random) =>
      Array.from({ length: random(4) }, () => pick(random, TEXTS)).reduce(
        (all, key) =>
          Object.defineProperty(all, key, {
            value: values.value(random),
            enumerable: true,
            configurable: true,
            writable: true,
          }),
        {},
      ),
  };
}

function nullable(inner: RandomSchema): RandomSchema {
  if (inner.definition === "null" || Array.isArray(inner.definition)) return inner;
  return {
    definition: ["null", inner.definition],
    value: (random) => random(3) === 0 ? null : inner.value(random),
  };
}

function record(name: string, fields: readonly RandomSchema[]): RandomSchema {
  return {
    definition: {
      type: "record",
      name,
      fields: fields.map(({ definition }, i) => ({ name: `f${i}`, type: definition })),
    },
    value: (random) => Object.fromEntries(fields.map((field, i) => [`f${i}`, field.value(random)])),
  };
}
