/** Schemas as other people's producers register them, and the records they write. */
import assert from "node:assert/strict";
import { decodeBinary, encodeBinary, parseSchema, schemaRegistry, typescriptOf } from "./mod.ts";
import { parseWriterSchema } from "./writer_schema.ts";

const bytes = (hex: string) => Uint8Array.fromHex(hex);

// mtth/avsc#409, #152, #368; kafkajs/confluent-schema-registry#34: Apicurio takes them, fastavro writes them.
const oddDefaults: readonly (readonly [unknown, unknown, string, unknown])[] = [
  [["null", "string"], "", "0278", "x"],
  [["null", "string"], "null", "00", null],
  [["int", "null"], null, "0002", 1],
  [{ type: "array", items: "int" }, {}, "020200", [1]],
  ["int", "none", "02", 1],
];
for (const [type, standard, hex, value] of oddDefaults) {
  const text = JSON.stringify({
    type: "record",
    name: "Msg",
    fields: [{ name: "id", type, default: standard }, { name: "n", type: "int", default: 7 }],
  });
  Deno.test(`a writer's default ${JSON.stringify(standard)} of ${JSON.stringify(type)} stops no reader`, () => {
    const payload = bytes(`${oddHex(hex, type)}02`);
    const writer = parseWriterSchema(text);
    assert.deepEqual(decodeBinary(writer, payload), { id: value, n: 1 });
    // The other default is kept: a version that lacks the field can be read.
    const older = parseSchema({
      type: "record",
      name: "Msg",
      fields: [{ name: "id", type: type as string }],
    });
    const old = decodeBinary(older, payload.subarray(0, -1), { reader: writer });
    assert.deepEqual(old, { id: value, n: 7 });
    assert.throws(() => parseSchema(text), /incompatible field default/);
  });
}

// Java, before Avro 1.12, checks no namespace: those of companies have hyphens.
Deno.test("a writer's namespace or name with a hyphen stops no reader", () => {
  const zone = { type: "record", name: "Zone", fields: [{ name: "id", type: "int" }] };
  const text = JSON.stringify({
    type: "record",
    name: "Taxi-Ride",
    namespace: "com.my-org",
    fields: [{ name: "from", type: zone }, { name: "to", type: ["null", "com.my-org.Zone"] }],
  });
  const writer = parseWriterSchema(text);
  assert.deepEqual(decodeBinary(writer, bytes("020204")), { from: { id: 1 }, to: { id: 2 } });
  assert.throws(() => parseSchema(text), /invalid name: "com\.my-org\.Taxi-Ride"/);
});

/** A text has its length between branch and letters. */
function oddHex(hex: string, type: unknown): string {
  return hex === "0278" && Array.isArray(type) ? "020278" : hex;
}

// Debezium's top-level ["null", record]; streamling#27.
Deno.test("a writer's union is read until a value comes that the reader does not take", () => {
  const record = { type: "record", name: "Ride", fields: [{ name: "total", type: "int" }] };
  const writer = parseSchema(["null", record]), reader = parseSchema(record);
  const read = (value: unknown) => decodeBinary(writer, encodeBinary(writer, value), { reader });
  assert.deepEqual(read({ total: 40 }), { total: 40 });
  assert.throws(() => read(null), {
    name: "SyntaxError",
    message: /a value of null, which the reader's schema does not take/,
  });
});

Deno.test("a field's union is read alike, in arrays and unions too, and where nothing fits it is refused at once", () => {
  const of = (type: unknown) =>
    parseSchema({ type: "record", name: "R", fields: [{ name: "f", type }] });
  const cases: readonly (readonly [unknown, unknown, unknown, unknown])[] = [
    [["null", "string"], "string", "a", null],
    [["null", "int", "string"], ["null", "int"], 1, "a"],
    [{ type: "array", items: ["null", "long"] }, { type: "array", items: "double" }, [1, 2], [
      null,
    ]],
    [{ type: "map", values: ["int", "string"] }, { type: "map", values: "int" }, { a: 1 }, {
      a: "x",
    }],
  ];
  for (const [written, wanted, good, bad] of cases) {
    const writer = of(written), reader = of(wanted);
    const read = (f: unknown) => decodeBinary(writer, encodeBinary(writer, { f }), { reader });
    assert.deepEqual(read(good), { f: good });
    assert.throws(() => read(bad), /does not take/);
  }
  const payload = encodeBinary(of(["null", "int"]), { f: 1 });
  assert.throws(() => decodeBinary(of(["null", "int"]), payload, { reader: of("boolean") }), {
    name: "SyntaxError",
    message: /^Cannot read "R" as "R": field "f"/,
  });
});

Deno.test("a recursive record's union is read alike", () => {
  const list = (value: unknown) =>
    parseSchema({
      type: "record",
      name: "List",
      fields: [{ name: "v", type: value }, { name: "next", type: ["null", "List"] }],
    });
  const writer = list(["null", "int"]), reader = list("int");
  const value = { v: 1, next: { v: 2, next: null } };
  assert.deepEqual(decodeBinary(writer, encodeBinary(writer, value), { reader }), value);
});

// birdayz/kaf#308: a schema that refers to another subject's.
const ZONE = {
  type: "record",
  name: "Zone",
  namespace: "com.example",
  fields: [{ name: "id", type: "int" }, {
    name: "kind",
    type: { type: "enum", name: "Kind", symbols: ["A"] },
  }],
};
const BOROUGH = {
  type: "record",
  name: "Borough",
  fields: [{ name: "zones", type: { type: "array", items: "com.example.Zone" } }],
};
const TRIP = {
  type: "record",
  name: "Trip",
  namespace: "com.example",
  fields: [
    { name: "vendorId", type: "int" },
    { name: "pickup", type: "Zone" },
    { name: "kind", type: ["null", "com.example.Kind"] },
    { name: "home", type: "Borough" },
    { name: "dropoff", type: "com.example.Zone" },
  ],
};

Deno.test("parseWriterSchema() puts references in, and those that they refer to, in whatever order", () => {
  const borough = { ...BOROUGH, namespace: "com.example" };
  const trip = parseWriterSchema(JSON.stringify(TRIP), [borough, ZONE]);
  assert.equal(trip.name, "com.example.Trip");
  const zone = { id: 132, kind: "A" };
  const value = { vendorId: 2, pickup: zone, kind: "A", home: { zones: [zone] }, dropoff: zone };
  const payload = encodeBinary(trip, value);
  assert.equal(payload.toHex(), "048802000200028802000088020" + "0");
  assert.deepEqual(decodeBinary(trip, payload), value);
  assert.match(typescriptOf(trip), /interface Zone[\s\S]*interface Trip/);
  assert.throws(() => parseWriterSchema(JSON.stringify(TRIP), [ZONE]), /Borough/);
});

Deno.test("parseWriterSchema() keeps a referred type outside every namespace where it was", () => {
  const outside = { type: "record", name: "Outside", fields: [{ name: "n", type: "int" }] };
  const holder = {
    type: "record",
    name: "Holder",
    namespace: "a.b",
    fields: [{ name: "one", type: "Outside" }],
  };
  // "Outside" alone means a.b.Outside here, which nobody defines.
  assert.throws(() => parseWriterSchema(JSON.stringify(holder), [outside]), /undefined type name/);
});

Deno.test("schemaRegistry() fetches what a schema refers to, each once, and tells other kinds apart", async () => {
  const answers: Readonly<Record<string, unknown>> = {
    "/schemas/ids/7": {
      schema: JSON.stringify(TRIP),
      references: [
        { name: "com.example.Zone", subject: "zone", version: 1 },
        { name: "com.example.Borough", subject: "borough", version: 2 },
      ],
    },
    "/subjects/zone/versions/1": { version: 1, id: 1, schema: JSON.stringify(ZONE) },
    "/subjects/borough/versions/2": {
      ...{ version: 2, id: 2, schema: JSON.stringify({ ...BOROUGH, namespace: "com.example" }) },
      references: [{ name: "com.example.Zone", subject: "zone", version: 1 }],
    },
    "/schemas/ids/9": {
      ...{ schemaType: "PROTOBUF", schema: 'import "zones.proto";' },
      references: [{ name: "zones.proto", subject: "zones", version: 4 }],
    },
    "/subjects/zones/versions/4": {
      ...{ version: 4, id: 8, schemaType: "PROTOBUF", schema: "message Zone {}" },
    },
    "/subjects/proto/versions/latest": {
      ...{ version: 3, id: 9, schemaType: "PROTOBUF", schema: 'syntax = "proto3";' },
    },
  };
  const asked: string[] = [];
  await using server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen: () => {} },
    (request) => {
      const { pathname } = new URL(request.url);
      asked.push(pathname);
      return Response.json(answers[pathname]);
    },
  );
  const registry = schemaRegistry({ url: `http://127.0.0.1:${server.addr.port}` });
  const trip = await registry.schemaById(7);
  assert.equal(trip.name, "com.example.Trip");
  assert.equal(asked.filter((path) => path.startsWith("/subjects/zone")).length, 1);
  assert.deepEqual(await registry.schemaText("proto", "latest"), {
    ...{ version: 3, id: 9, kind: "PROTOBUF", text: 'syntax = "proto3";' },
  });
  assert.deepEqual(await registry.schemaSource(9), {
    ...{ id: 9, kind: "PROTOBUF", text: 'import "zones.proto";' },
    references: new Map([["zones.proto", "message Zone {}"]]),
  });
  await assert.rejects(registry.schemaVersion("proto", "latest"), /it is PROTOBUF, not AVRO/);
});
