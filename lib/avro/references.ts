import type { Json } from "./schema.ts";

type Definition = { readonly [key: string]: Json };

const PRIMITIVES = new Set(
  ["null", "boolean", "int", "long", "float", "double", "bytes", "string"],
);

/**
 * Puts the schemas that another one refers to by name into it, each where it is used first: the result stands alone.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { withReferences } from "./references.ts";
 * const zone = { type: "record", name: "Zone", namespace: "taxi", fields: [{ name: "id", type: "int" }] };
 * const trip = { type: "array", items: "taxi.Zone" };
 * assert.deepEqual(withReferences(trip, [zone]), { type: "array", items: zone });
 * ```
 * @param references Schemas of whatever order; one may refer to another.
 */
export function withReferences(definition: Json, references: readonly Json[]): Json {
  const known = new Map<string, Definition>();
  for (const one of references) {
    walk(one, "", { named: (name, found) => void known.set(name, found) });
  }
  const defined = new Set<string>();
  return walk(definition, "", {
    named: (name) => {
      if (defined.has(name)) return true;
      defined.add(name);
      return false;
    },
    used: (name) => defined.has(name) ? undefined : known.get(name),
  });
}

interface Visitor {
  /** A type is defined here; true: it was before, its name is enough. */
  readonly named: (name: string, definition: Definition) => boolean | void;
  /** A type is used here by its name; gives its definition where it has none yet. */
  readonly used?: (name: string) => Definition | undefined;
}

function walk(schema: Json, namespace: string, visitor: Visitor): Json {
  if (typeof schema === "string") {
    if (PRIMITIVES.has(schema)) return schema;
    const name = fullName(schema, namespace), found = visitor.used?.(name);
    return found === undefined ? schema : walk(found, namespace, visitor);
  }
  if (Array.isArray(schema)) return schema.map((branch) => walk(branch, namespace, visitor));
  if (typeof schema !== "object" || schema === null) return schema;
  const definition = schema as Definition, { type, name } = definition;
  if (typeof name !== "string" || !/^(record|error|enum|fixed)$/.test(String(type))) {
    return inside(definition, namespace, visitor);
  }
  const own = typeof definition.namespace === "string" ? definition.namespace : namespace;
  const full = fullName(name, own), space = full.slice(0, Math.max(0, full.lastIndexOf(".")));
  // With its namespace said, it means the same wherever it stands.
  const whole = { ...definition, name: full.slice(full.lastIndexOf(".") + 1), namespace: space };
  if (visitor.named(full, whole)) return full;
  return inside(definition, space, visitor);
}

function inside(definition: Definition, namespace: string, visitor: Visitor): Json {
  const { type, items, values, fields } = definition;
  const again = (one: Json) => walk(one, namespace, visitor);
  return {
    ...definition,
    ...(type === undefined || typeof type === "string" && definition.name !== undefined
      ? {}
      : { type: again(type) }),
    ...(items === undefined ? {} : { items: again(items) }),
    ...(values === undefined ? {} : { values: again(values) }),
    ...(Array.isArray(fields)
      ? { fields: fields.map((field) => ({ ...field, type: again((field as Definition).type!) })) }
      : {}),
  };
}

function fullName(name: string, namespace: string): string {
  return name.includes(".") || namespace === "" ? name : `${namespace}.${name}`;
}
