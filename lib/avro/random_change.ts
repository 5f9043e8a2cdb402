import type { Random } from "./random_schema.ts";
import type { Json } from "./schema.ts";

type Definition = { readonly [key: string]: Json };
type Field = Definition & { readonly name: string; readonly type: Json };

const TYPES = ["null", "boolean", "int", "long", "float", "double", "string", "bytes"];

/**
 * Changes one thing in a schema, as people do: another type, a field more or less, an alias, a name, a symbol, a size,
 * a union around it. For tests that compare two judges of compatibility.
 */
export function randomChange(random: Random, definition: Json): Json {
  const wrap = random(8);
  if (wrap === 0 && !Array.isArray(definition) && definition !== "null") {
    return ["null", definition];
  }
  if (typeof definition === "string") return TYPES[random(TYPES.length)]!;
  if (Array.isArray(definition)) return changeUnion(random, definition);
  return changeComplex(random, definition as Definition);
}

function changeUnion(random: Random, branches: readonly Json[]): Json {
  const kind = random(3), last = branches[branches.length - 1]!;
  if (kind === 0) return last;
  if (kind === 1 && !JSON.stringify(branches).includes('"boolean"')) {
    return [...branches, "boolean"];
  }
  const changed = randomChange(random, last);
  return Array.isArray(changed) || changed === "null"
    ? branches
    : [...branches.slice(0, -1), changed];
}

function changeComplex(random: Random, definition: Definition): Json {
  const { type } = definition;
  if (type === "array") return { type, items: randomChange(random, definition.items!) };
  if (type === "map") return { type, values: randomChange(random, definition.values!) };
  if (random(6) === 0 && definition.name) return rename(random, definition);
  if (type === "record") return changeFields(random, definition);
  if (type === "fixed") return { ...definition, size: random(9) };
  if (type === "enum") return changeSymbols(random, definition);
  return type!;
}

function rename(random: Random, definition: Definition): Json {
  const name = `${definition.name}x`;
  if (random(3) === 0) return { ...definition, name };
  if (random(2) === 0) return { ...definition, namespace: "other" };
  return { ...definition, name, aliases: [definition.name!] };
}

function changeSymbols(random: Random, definition: Definition): Json {
  const symbols = definition.symbols as readonly string[];
  const kind = random(3);
  if (kind === 0) return { ...definition, symbols: [...symbols, "Z"] };
  if (kind === 1) return { ...definition, symbols: [...symbols, "Z"], default: symbols[0]! };
  return { ...definition, symbols: ["Y", ...symbols.slice(1)] };
}

function changeFields(random: Random, definition: Definition): Json {
  const fields = definition.fields as readonly Field[];
  const kind = random(5), at = random(Math.max(1, fields.length)), field = fields[at];
  if (kind === 0 || field === undefined) {
    const added = random(2) === 0
      ? { name: "added", type: "int" }
      : { name: "added", type: "int", default: 7 };
    return { ...definition, fields: [...fields, added] };
  }
  if (kind === 1) return { ...definition, fields: fields.toSpliced(at, 1) };
  if (kind === 2) {
    const renamed = {
      ...field,
      name: "renamed",
      ...(random(2) === 0 && { aliases: [field.name] }),
    };
    return { ...definition, fields: fields.with(at, renamed) };
  }
  return {
    ...definition,
    fields: fields.with(at, { ...field, type: randomChange(random, field.type) }),
  };
}
