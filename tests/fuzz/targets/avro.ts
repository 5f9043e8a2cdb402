/** Avro: values of schemas, schemas, two schemas beside each other, and the header in front of a value. */
import {
  decodeBinary,
  encodeBinary,
  layout,
  mismatches,
  parseHeader,
  parseSchema,
  typescriptOf,
  wireHeader,
} from "../../../lib/avro/mod.ts";
import type { Json } from "../../../lib/avro/schema.ts";
import { parseWriterSchema } from "../../../lib/avro/writer_schema.ts";
import { partsOf, text, textOf } from "../parts.ts";
import type { Target } from "../target.ts";

const WRITER = {
  type: "record",
  name: "taxi.Ride",
  fields: [
    { name: "vendorId", type: "int" },
    { name: "total_amount", type: "double" },
    { name: "distance", type: "float" },
    { name: "at", type: { type: "long", logicalType: "timestamp-millis" } },
    { name: "day", type: { type: "int", logicalType: "date" } },
    { name: "fare", type: { type: "bytes", logicalType: "decimal", precision: 9, scale: 2 } },
    { name: "note", type: ["null", "string"], default: null },
    { name: "legs", type: { type: "array", items: { type: "map", values: "long" } } },
    { name: "empty", type: { type: "array", items: "null" } },
    { name: "kind", type: { type: "enum", name: "Kind", symbols: ["STREET", "AIRPORT"] } },
    { name: "hash", type: { type: "fixed", name: "Hash", size: 4 } },
    { name: "paid", type: "boolean" },
    { name: "before", type: ["null", "taxi.Ride"], default: null },
  ],
} as const;
const RIDE = {
  vendorId: 2,
  total_amount: 11.8,
  distance: 2.5,
  at: 1_609_459_200_000,
  day: "2021-01-31",
  fare: "12.50",
  note: "Zürich",
  legs: [{ a: 1, b: -300 }, {}],
  empty: [null, null],
  kind: "AIRPORT",
  hash: Uint8Array.of(1, 2, 3, 4),
  paid: true,
};
const writer = parseSchema(WRITER);
/** Leaves some out, widens others, and has one more. */
const reader = parseSchema({
  ...WRITER,
  fields: [
    { name: "vendorId", type: "long" },
    { name: "note", type: ["string", "null"], default: "" },
    { name: "legs", type: { type: "array", items: { type: "map", values: "double" } } },
    { name: "kind", type: WRITER.fields[9].type },
    { name: "more", type: "string", default: "x" },
    WRITER.fields[12],
  ],
});
const rides = [
  encodeBinary(writer, { ...RIDE, before: null }),
  encodeBinary(writer, { ...RIDE, note: null, before: { ...RIDE, before: null } }),
];
const NOT_AVRO = /^SyntaxError: Cannot decode \d+ bytes as Avro: /;
// 65,536 items may be claimed that take no byte.
const most = (bytes: number) => 70_000 + 32 * bytes;

const WORDS = [
  ...["type", "name", "namespace", "fields", "items", "values", "symbols", "size", "default"],
  ...["aliases", "logicalType", "precision", "scale", "record", "array", "map", "enum", "fixed"],
  ...["null", "boolean", "int", "long", "float", "double", "bytes", "string", "error", "decimal"],
  ...['["null","string"]', '{"type":"array","items":"int"}', '"taxi.Ride"', '"A"', "date"],
].map((word) => /^[\w]+$/.test(word) ? `"${word}"` : word);
const SCHEMAS = [
  WRITER,
  reader.definition,
  ["null", "int", { type: "map", values: "string" }],
  {
    type: "record",
    name: "A",
    aliases: ["b.C"],
    fields: [{ name: "a", type: "int", aliases: ["x"], default: 1 }],
  },
  { type: "enum", name: "E", symbols: ["A", "B"], default: "A" },
].map((one) => text(JSON.stringify(one)));
const NO_SCHEMA = /^SyntaxError: Cannot read the Avro schema "/;

/** A schema is used, too: read with, written out, compared with itself and with another. */
function useSchema(
  source: string,
  parse: (source: string) => ReturnType<typeof parseSchema>,
): number {
  const schema = parse(source);
  mismatches(schema, schema);
  mismatches(schema, writer);
  mismatches(writer, schema);
  return partsOf(schema.definition) + typescriptOf(schema).length / 8;
}

export const AVRO: readonly Target[] = [
  {
    name: "avro",
    seeds: rides,
    decode: (bytes) => partsOf(decodeBinary(writer, bytes)),
    errors: NOT_AVRO,
    most,
  },
  {
    name: "avro-resolved",
    seeds: rides,
    decode: (bytes) => partsOf(decodeBinary(writer, bytes, { reader })),
    errors: NOT_AVRO,
    most,
  },
  {
    name: "avro-layout",
    seeds: rides,
    decode: (bytes) => layout(writer, bytes).reduce((sum, { value }) => sum + partsOf(value), 0),
    errors: NOT_AVRO,
    most,
  },
  {
    name: "avro-schema",
    seeds: SCHEMAS,
    decode: (bytes) => useSchema(textOf(bytes), parseSchema),
    errors: NO_SCHEMA,
    words: WORDS,
  },
  {
    name: "avro-writer-schema",
    seeds: SCHEMAS,
    decode: (bytes) => useSchema(textOf(bytes), (source) => parseWriterSchema(source)),
    errors: NO_SCHEMA,
    words: WORDS,
  },
  {
    name: "avro-references",
    seeds: [text(JSON.stringify([{ type: "array", items: "taxi.Ride" }, WRITER]))],
    decode: (bytes) => {
      const [main, ...others] = JSON.parse(textOf(bytes)) as Json[];
      return partsOf(parseWriterSchema(JSON.stringify(main ?? null), others).definition);
    },
    // What comes from a registry is JSON before it is a schema.
    errors:
      /^SyntaxError: (Cannot read the Avro schema "|.*JSON|Unexpected)|^TypeError: .*iterable/,
    words: WORDS,
  },
  {
    name: "wire-format",
    seeds: [wireHeader(258), Uint8Array.of(...wireHeader(7), 2, 65)],
    decode: (bytes) => {
      parseHeader(bytes);
      return 1;
    },
    errors: NOT_AVRO,
  },
];
