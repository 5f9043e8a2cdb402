import { bare, isTooDeep } from "./branches.ts";
import { withReferences } from "./references.ts";
import { checked, type Json, parseText, type Schema, typeOf } from "./schema.ts";
import type { AvscType } from "./strict_primitives.ts";
import { withDefaultsCounted } from "./strict_types.ts";

type Definition = { readonly [key: string]: Json };

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
  try {
    const parsed = parseText(text);
    return tolerant(references.length > 0 ? withReferences(parsed, references) : parsed);
  } catch (cause) {
    if (!isTooDeep(cause)) throw cause;
    throw new SyntaxError(
      `Cannot read the Avro schema "${text.slice(0, 80)}": it is nested too deeply`,
      { cause },
    );
  }
}

/** A default may need those of the records in it, which are put back before; more than so many such steps are not taken. */
const MOST_STEPS = 8;

function tolerant(whole: Json): Schema {
  try {
    return checked(whole);
  } catch (error) {
    const definition = withPlainNames(whole);
    const fitting = new Set<Json>();
    let kept: Schema;
    try {
      kept = checked(withOnly(definition, fitting));
    } catch {
      throw error;
    }
    // All defaults gone, it is a schema: each is put back that fits its type.
    for (let step = 0; step < MOST_STEPS; step++) {
      const before = fitting.size;
      withDefaultsCounted(() => addFitting(definition, typeOf(kept), fitting));
      if (fitting.size === before) break;
      kept = checked(withOnly(definition, fitting));
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

/** A schema without aliases that are no names, and with no other defaults than those of these fields and enums. */
function withOnly(definition: Json, fitting: ReadonlySet<Json>): Json {
  if (Array.isArray(definition)) return definition.map((one) => withOnly(one, fitting));
  if (typeof definition !== "object" || definition === null) return definition;
  return Object.fromEntries(
    Object.entries(definition).flatMap(([key, value]): [string, Json][] => {
      if (key === "default") return fitting.has(definition) ? [[key, value]] : [];
      if (key === "aliases") return areNames(value) ? [[key, value]] : [];
      return [[key, withOnly(value, fitting)]];
    }),
  );
}

function areNames(value: Json): boolean {
  return Array.isArray(value) &&
    value.every((one) => typeof one === "string" && /^[A-Za-z_]\w*(\.[A-Za-z_]\w*)*$/.test(one));
}

/** Adds the fields and enums whose default is a value of their type. */
function addFitting(definition: Json, type: AvscType, fitting: Set<Json>): void {
  if (Array.isArray(definition)) {
    definition.forEach((one, at) => addFitting(one, type.types![at]!, fitting));
    return;
  }
  if (typeof definition !== "object" || definition === null) return;
  const given = definition as Definition, { symbols, fields, itemsType, valuesType } = bare(type);
  if (typeof given.type === "object") return addFitting(given.type!, type, fitting);
  if (itemsType) addFitting(given.items!, itemsType, fitting);
  if (valuesType) addFitting(given.values!, valuesType, fitting);
  if (symbols?.includes(given.default as string)) fitting.add(given);
  (given.fields as readonly Definition[] | undefined)?.forEach((field, at) => {
    const { type } = fields![at]!;
    if (field.default !== undefined && isDefaultOf(type, field.default)) fitting.add(field);
    addFitting(field.type!, type, fitting);
  });
}

/** As avsc judges it when it parses a field. */
function isDefaultOf(type: AvscType, value: Json): boolean {
  try {
    type._copy(value, { coerce: 2, wrap: 2 });
    return true;
  } catch {
    return false;
  }
}
