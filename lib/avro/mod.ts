/**
 * Avro: schemas, their binary form, the schema registry, and which change of a schema breaks whom.
 *
 * @module
 */
export { decodeBinary, encodeBinary } from "./binary.ts";
export { type Json, parseSchema, type Schema } from "./schema.ts";
export { HEADER_BYTES, parseHeader, wireHeader } from "./wire_format.ts";
