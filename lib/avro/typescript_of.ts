import type { Json, Schema } from "./schema.ts";

type Definition = { readonly [key: string]: Json };

const PRIMITIVES: Readonly<Record<string, string>> = {
  null: "null",
  boolean: "boolean",
  int: "number",
  long: "number",
  float: "number",
  double: "number",
  string: "string",
  bytes: "Uint8Array",
};

/**
 * Writes the TypeScript of a schema's values: an interface for each record, a union of texts for each enum.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { parseSchema, typescriptOf } from "./mod.ts";
 * const schema = parseSchema({
 *   type: "record",
 *   name: "taxi.Ride",
 *   fields: [{ name: "vendorId", type: "int" }, { name: "tip", type: ["null", "float"], default: null }],
 * });
 * assert.equal(typescriptOf(schema), "export interface Ride {\n  vendorId: number;\n  tip?: null | number;\n}\n");
 * ```
 * @returns Declarations, those used by others first; fields with a default are optional, as they are to write.
 */
export function typescriptOf(schema: Schema): string {
  const declared = new Map<string, string>();
  const whole = typeText(schema.definition, declared);
  const text = [...declared.values()].join("\n");
  return schema.name === undefined ? `${text}${text && "\n"}export type Value = ${whole};\n` : text;
}

function typeText(definition: Json, declared: Map<string, string>): string {
  if (typeof definition === "string") return PRIMITIVES[definition] ?? shortName(definition);
  if (Array.isArray(definition)) return unionText(definition, declared);
  const schema = definition as Definition, { type } = schema;
  if (schema.logicalType === "date" || schema.logicalType === "decimal") return "string";
  if (type === "array") {
    return `readonly (${typeText(schema.items!, declared)})[]`.replace(/\((\w+)\)/, "$1");
  }
  if (type === "map") return `Readonly<Record<string, ${typeText(schema.values!, declared)}>>`;
  if (type === "fixed") return declare(schema, declared, () => "export type NAME = Uint8Array;\n");
  if (type === "enum") {
    const symbols = (schema.symbols as readonly string[]).map((one) => JSON.stringify(one));
    return declare(schema, declared, () => `export type NAME = ${symbols.join(" | ")};\n`);
  }
  if (type === "record") return declare(schema, declared, () => recordText(schema, declared));
  return typeText(type!, declared);
}

function recordText(schema: Definition, declared: Map<string, string>): string {
  const fields = (schema.fields as readonly Definition[]).map((field) => {
    const optional = field.default === undefined ? "" : "?";
    return `  ${field.name}${optional}: ${typeText(field.type!, declared)};\n`;
  });
  return `export interface NAME {\n${fields.join("")}}\n`;
}

/** Declares a named type once, after the types it uses. */
function declare(schema: Definition, declared: Map<string, string>, text: () => string): string {
  const name = shortName(schema.name as string);
  declared.delete(name);
  const written = text().replace("NAME", name);
  declared.set(name, written);
  return name;
}

/** Branches that values cannot tell apart are wrapped, as they are when read: `{ int: 1 }`. */
function unionText(branches: readonly Json[], declared: Map<string, string>): string {
  const kinds = branches.map((branch) => kindOf(branch));
  const plain = kinds.filter((kind) => kind !== "logical");
  const wrapped = new Set(plain).size < plain.length;
  return branches.map((branch) => {
    const text = typeText(branch, declared);
    return wrapped && branch !== "null"
      ? `{ ${JSON.stringify(branchName(branch))}: ${text} }`
      : text;
  }).join(" | ");
}

/** What avsc tells union branches apart by. */
function kindOf(branch: Json): string {
  const schema = typeof branch === "string" ? { type: branch } : branch as Definition;
  if ("logicalType" in schema && /^(date|decimal)$/.test(String(schema.logicalType))) {
    return "logical";
  }
  const type = String(schema.type);
  if (/^(int|long|float|double)$/.test(type)) return "number";
  if (/^(bytes|fixed)$/.test(type)) return "buffer";
  if (/^(string|enum)$/.test(type)) return "string";
  return /^(null|boolean|array)$/.test(type) ? type : "object";
}

function branchName(branch: Json): string {
  if (typeof branch === "string") return branch;
  const { name, namespace, type } = branch as Definition;
  if (name === undefined) return String(type);
  return namespace === undefined || String(name).includes(".")
    ? String(name)
    : `${namespace}.${name}`;
}

function shortName(name: string): string {
  return name.slice(name.lastIndexOf(".") + 1);
}
