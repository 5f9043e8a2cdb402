import type { AvscType } from "./strict_primitives.ts";
import { withReferences } from "./references.ts";
import { strictType } from "./strict_types.ts";

/** Anything JSON can say. */
export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [key: string]: Json };

/** A checked Avro schema. */
export interface Schema {
  /** The schema as JSON. */
  readonly definition: Json;
  /** The same as compact JSON text: what a registry is sent. */
  readonly text: string;
  /** Full name (`com.datatalksclub.taxi.TaxiRide`) of a record, enum or fixed. */
  readonly name?: string;
}

const parsed = new WeakMap<Schema, AvscType>();
const FORBIDDEN_NAMES = /"name"\s*:\s*"(__proto__)"/;

/**
 * Reads an Avro schema from JSON text, or from the object that the text would be.
 *
 * @example The name of a schema is its full name
 * ```ts
 * import assert from "node:assert/strict";
 * import { parseSchema } from "./schema.ts";
 * const ride = parseSchema({ type: "record", name: "Ride", namespace: "taxi", fields: [] });
 * assert.equal(ride.name, "taxi.Ride");
 * ```
 * @throws {SyntaxError} If the text is no JSON, or the JSON is no Avro schema.
 */
export function parseSchema(source: unknown): Schema {
  if (isSchema(source)) return source;
  return checked(typeof source === "string" ? parseText(source) : source as Json);
}

/**
 * Reads a schema that records were written with: what it says to readers alone does not matter.
 *
 * A default of another branch than the first (`["null", "string"]`, `""`), which Avro 1.12 allows and older versions
 * wrote unchecked, is left out, and so are aliases that are no names.
 *
 * @param references Schemas that it refers to by name.
 * @throws {SyntaxError} If it is no Avro schema all the same.
 */
export function parseWriterSchema(text: string, references: readonly Json[] = []): Schema {
  const whole = references.length > 0
    ? withReferences(parseText(text), references)
    : parseText(text);
  try {
    return checked(whole);
  } catch (error) {
    const definition = withPlainNames(whole);
    const bare = without(definition, () => true);
    let kept: Schema;
    try {
      kept = checked(bare.definition);
    } catch {
      throw error;
    }
    // All of them gone, it is a schema: each is put back that leaves it one.
    const bad = new Set<number>();
    for (let at = 0; at < bare.count; at++) {
      try {
        kept = checked(without(definition, (one) => one > at || bad.has(one)).definition);
      } catch {
        bad.add(at);
      }
    }
    return kept;
  }
}

const NAMED = ["record", "error", "enum", "fixed"];

/** A schema whose types have names that every reader takes: Java lets `com.my-org` pass. Fields keep theirs. */
function withPlainNames(one: Json): Json {
  // Where a type stands, a text is the name of one.
  if (typeof one === "string") return one.replace(/[^\w.]/g, "_");
  if (Array.isArray(one)) return one.map(withPlainNames);
  if (typeof one !== "object" || one === null) return one;
  const { type } = one as Readonly<Record<string, Json>>;
  const isNamed = typeof type === "string" && NAMED.includes(type);
  return Object.fromEntries(
    Object.entries(one).map(([key, value]): [string, Json] => {
      const names = isNamed && ["name", "namespace"].includes(key);
      if (names || ["type", "items", "values"].includes(key)) return [key, withPlainNames(value)];
      if (key !== "fields" || !Array.isArray(value)) return [key, value];
      return [key, value.map((field) => withPlainNames(field))];
    }),
  );
}

/** A schema without some of the attributes that only readers look at, counted in the order of the text. */
function without(definition: Json, drops: (at: number) => boolean) {
  let count = 0;
  const walk = (one: Json): Json => {
    if (Array.isArray(one)) return one.map(walk);
    if (typeof one !== "object" || one === null) return one;
    return Object.fromEntries(
      Object.entries(one).flatMap(([key, value]): [string, Json][] =>
        key === "default" || key === "aliases"
          ? drops(count++) ? [] : [[key, value]]
          : [[key, walk(value)]]
      ),
    );
  };
  return { definition: walk(definition), count };
}

function checked(definition: Json): Schema {
  const text = JSON.stringify(definition);
  let type: AvscType;
  try {
    if (FORBIDDEN_NAMES.test(text)) throw new SyntaxError('"__proto__" is no field name');
    type = strictType(definition);
  } catch (cause) {
    throw new SyntaxError(
      `Cannot read the Avro schema ${preview(text)}: ${(cause as Error).message}`,
      {
        cause,
      },
    );
  }
  const schema: Schema = { definition, text, ...(type.name !== undefined && { name: type.name }) };
  parsed.set(schema, type);
  return schema;
}

/** True for what {@linkcode parseSchema} returned. */
function isSchema(source: unknown): source is Schema {
  return typeof source === "object" && source !== null && parsed.has(source as Schema);
}

/** avsc's type behind a schema; for this room only. */
export function typeOf(schema: Schema): AvscType {
  return parsed.get(schema) ?? typeOf(parseSchema(schema.definition));
}

/** A bare type name is a schema too: `"int"`, with or without JSON's quotes. */
function parseText(text: string): Json {
  if (/^\s*[A-Za-z]+\s*$/.test(text)) return text.trim();
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new SyntaxError(
      `Cannot read the Avro schema ${preview(text)}: it is not JSON, ${(cause as Error).message}`,
      { cause },
    );
  }
}

function preview(text: string): string {
  return `"${text.length > 80 ? `${text.slice(0, 80)}…` : text}"`;
}
