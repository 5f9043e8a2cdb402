/** Bytes before the Avro payload: the magic byte 0 and the schema's id. */
export const HEADER_BYTES = 5;

/**
 * Makes the five bytes that Confluent's serializers put before a payload: 0, then the schema id, big-endian.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { parseHeader, wireHeader } from "./wire_format.ts";
 * assert.deepEqual([...wireHeader(258)], [0, 0, 0, 1, 2]);
 * assert.equal(parseHeader(wireHeader(258)), 258);
 * ```
 * @param schemaId 0 to 2^31 − 1.
 */
export function wireHeader(schemaId: number): Uint8Array {
  const header = new Uint8Array(HEADER_BYTES);
  new DataView(header.buffer).setInt32(1, schemaId);
  return header;
}

/**
 * Reads the schema id of a record's key or value.
 *
 * @throws {SyntaxError} If the bytes are too short or do not begin with the magic byte 0: they were not written by a
 * schema-registry serializer.
 */
export function parseHeader(bytes: Uint8Array): number {
  if (bytes.length < HEADER_BYTES) {
    throw new SyntaxError(
      `Cannot decode ${bytes.length} bytes as Avro: the header alone is ${HEADER_BYTES} bytes`,
    );
  }
  if (bytes[0] !== 0) {
    throw new SyntaxError(
      `Cannot decode ${bytes.length} bytes as Avro: the first byte is ${
        bytes[0]
      }, not the magic byte 0 ` +
        "(was this record written without the schema registry?)",
    );
  }
  return bytes[1]! << 24 | bytes[2]! << 16 | bytes[3]! << 8 | bytes[4]!;
}
