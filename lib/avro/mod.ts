/**
 * Avro: schemas, their binary form, the schema registry, and which change of a schema breaks whom.
 *
 * Values are plain data: `int`, `long`, `float`, `double` are numbers (a long beyond ±(2^53 − 1) is refused, never
 * rounded), `bytes` and `fixed` are `Uint8Array`, a union is the bare value (wrapped, `{ int: 1 }`, only where branches
 * cannot be told apart), `timestamp-millis` is a number of epoch milliseconds, `date` is `"2021-01-31"`, `decimal` is
 * text such as `"12.50"`.
 *
 * ```ts
 * import assert from "node:assert/strict";
 * import { decodeBinary, encodeBinary, mismatches, parseSchema } from "./mod.ts";
 *
 * const ride = (amount: string) =>
 *   parseSchema({ type: "record", name: "TaxiRide", fields: [{ name: "total_amount", type: amount }] });
 * const bytes = encodeBinary(ride("float"), { total_amount: 9.3 });
 * assert.deepEqual(decodeBinary(ride("float"), bytes), { total_amount: 9.300000190734863 });
 *
 * // Who may read whom: a double reads a float, a string does not.
 * assert.deepEqual(mismatches(ride("double"), ride("float")), []);
 * assert.equal(mismatches(ride("string"), ride("float"))[0]?.field, "total_amount");
 * ```
 *
 * @module
 */
export { decodeBinary, encodeBinary } from "./binary.ts";
export {
  checkCompatibility,
  COMPATIBILITY_MODES,
  type CompatibilityMode,
  type Incompatibility,
  type Mismatch,
  mismatches,
  type Rule,
} from "./compatibility.ts";
export { IncompatibleSchemaError, RegistryError } from "./errors.ts";
export type { AvroField, AvroPrimitives, FromAvro } from "./from_avro.ts";
export type { RegistryOptions } from "./http.ts";
export { type LaidOutField, layout } from "./layout.ts";
export { reasonText } from "./refusal.ts";
export {
  type CompatibilityVerdict,
  type SchemaRegistry,
  schemaRegistry,
  type SchemaSource,
  type SchemaText,
  type SchemaVersion,
} from "./registry.ts";
export { type Json, parseSchema, type Schema } from "./schema.ts";
export {
  type AvroSerde,
  avroSerde,
  type AvroSerdeOptions,
  type SubjectNaming,
  subjectOf,
} from "./serde.ts";
export { typescriptOf } from "./typescript_of.ts";
export { HEADER_BYTES, parseHeader, wireHeader } from "./wire_format.ts";
