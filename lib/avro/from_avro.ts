/** The JavaScript values of Avro's primitives. */
export interface AvroPrimitives {
  /** Nothing. */
  readonly null: null;
  /** One byte. */
  readonly boolean: boolean;
  /** 32 bits. */
  readonly int: number;
  /** 64 bits; here at most ±(2^53 − 1). */
  readonly long: number;
  /** 32 bits: 9.3 comes back as 9.300000190734863. */
  readonly float: number;
  /** 64 bits: every JavaScript number. */
  readonly double: number;
  /** UTF-8. */
  readonly string: string;
  /** Any bytes. */
  readonly bytes: Uint8Array;
}

/** A field, as far as its type needs. */
export type AvroField = { readonly name: string; readonly type: unknown };

/**
 * The TypeScript type of a schema's values, from the schema itself written `as const`.
 *
 * Named types that a schema refers to by name are `unknown` here; {@linkcode typescriptOf} writes them out.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { decodeBinary, encodeBinary, type FromAvro, parseSchema } from "./mod.ts";
 * const definition = {
 *   type: "record",
 *   name: "Ride",
 *   fields: [{ name: "vendorId", type: "int" }, { name: "day", type: { type: "int", logicalType: "date" } }],
 * } as const;
 * const ride: FromAvro<typeof definition> = { vendorId: 2, day: "2021-01-31" };
 * const schema = parseSchema(definition);
 * assert.deepEqual(decodeBinary(schema, encodeBinary(schema, ride)), ride);
 * ```
 */
export type FromAvro<S> = S extends keyof AvroPrimitives ? AvroPrimitives[S]
  : S extends readonly (infer Branch)[] ? FromAvro<Branch>
  : S extends { readonly logicalType: "date" | "decimal" } ? string
  : S extends { readonly type: "record"; readonly fields: readonly AvroField[] } ? {
      readonly [F in S["fields"][number] as F["name"]]: FromAvro<F["type"]>;
    }
  : S extends { readonly type: "array"; readonly items: infer Items } ? readonly FromAvro<Items>[]
  : S extends { readonly type: "map"; readonly values: infer Values }
    ? Readonly<Record<string, FromAvro<Values>>>
  : S extends { readonly type: "enum"; readonly symbols: readonly (infer Symbols)[] } ? Symbols
  : S extends { readonly type: "fixed" } ? Uint8Array
  : S extends { readonly type: infer T } ? FromAvro<T>
  : unknown;
