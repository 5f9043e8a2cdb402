/**
 * Avro: schemas, their binary form, the schema registry, and which change of a schema breaks whom.
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
export type { RegistryOptions } from "./http.ts";
export { reasonText } from "./refusal.ts";
export {
  type CompatibilityVerdict,
  type SchemaRegistry,
  schemaRegistry,
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
export { HEADER_BYTES, parseHeader, wireHeader } from "./wire_format.ts";
