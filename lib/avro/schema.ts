import type { AvscType } from "./strict_primitives.ts";
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

/** For this room only: a schema from JSON that was parsed. @throws {SyntaxError} If it is none. */
export function checked(definition: Json): Schema {
  const text = textOf(definition);
  let type: AvscType;
  try {
    if (isDeeper(text, DEEPEST)) {
      throw new SyntaxError(`it is nested deeper than ${DEEPEST} levels`);
    }
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

/** Levels of JSON, two or three for each level of a schema. Functions that call themselves for what is inside get that far. */
const DEEPEST = 1_000;

function isDeeper(json: string, most: number): boolean {
  let depth = 0;
  for (const [bracket] of json.matchAll(/"(?:[^"\\]|\\.)*"|[[\]{}]/g)) {
    if (bracket === "[" || bracket === "{") depth++;
    else if (bracket === "]" || bracket === "}") depth--;
    if (depth > most) return true;
  }
  return false;
}

function textOf(definition: Json): string {
  const text: string | undefined = JSON.stringify(definition);
  if (text !== undefined) return text;
  throw new SyntaxError(`Cannot read the Avro schema "${String(definition)}": it is not JSON`);
}

/** True for what {@linkcode parseSchema} returned. */
function isSchema(source: unknown): source is Schema {
  return typeof source === "object" && source !== null && parsed.has(source as Schema);
}

/** avsc's type behind a schema; for this room only. */
export function typeOf(schema: Schema): AvscType {
  return parsed.get(schema) ?? typeOf(parseSchema(schema.definition));
}

/** For this room only. A bare type name is a schema too: `"int"`, with or without JSON's quotes. */
export function parseText(text: string): Json {
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
