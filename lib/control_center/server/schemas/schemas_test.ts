import assert from "node:assert/strict";
import { type SchemaRegistry, schemaRegistry } from "../../../avro/mod.ts";
import { payload, wholeText } from "../records/payload.ts";
import { SchemaReaders } from "../records/schema_readers.ts";
import { subjectPage, Subjects } from "./schemas.ts";

const AVRO = { type: "record", name: "Ride", namespace: "taxi", fields: [] };
const PROTO = 'syntax = "proto3"; message Ride { int32 vendor_id = 1; string note = 2; }';
/** `syntax = "proto3"; message A {}` as Python's client registers it. */
const DESCRIPTOR = "CgdhLnByb3RvIgMKAUFiBnByb3RvMw==";

/** By subject, its versions' schemas. */
const SUBJECTS: Readonly<Record<string, readonly { kind?: string; schema: string }[]>> = {
  avro: [{ schema: JSON.stringify(AVRO) }],
  broken: [{ schema: '{"type":"nothing"}' }],
  json: [
    { kind: "JSON", schema: '{"type":"object","title":"Trip"}' },
    { kind: "JSON", schema: '{"type":"object"}' },
  ],
  proto: [{ kind: "PROTOBUF", schema: PROTO }, { kind: "PROTOBUF", schema: DESCRIPTOR }],
  "t-value": [{ kind: "PROTOBUF", schema: PROTO }],
};
const IDS = [...Object.values(SUBJECTS).flat()];

const NEVER = new Promise<void>(() => {});

/** A registry of these subjects, and of one that it does not let anybody read. */
async function withRegistry(
  test: (registry: ReturnType<typeof schemaRegistry>) => Promise<void>,
): Promise<void> {
  await using server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen: () => {} },
    (request) => {
      const path = new URL(request.url).pathname.split("/").slice(1).map(decodeURIComponent);
      if (path[0] === "config") return Response.json({ compatibilityLevel: "BACKWARD" });
      if (path[0] === "schemas") {
        const { kind, schema } = IDS[Number(path[2])]!;
        return Response.json({ schema, ...(kind ? { schemaType: kind } : {}) });
      }
      if (path.length === 1) return Response.json([...Object.keys(SUBJECTS), "forbidden"]);
      const versions = SUBJECTS[path[1]!];
      const forbidden = { error_code: 40301, message: "not for you" };
      if (!versions) return Response.json(forbidden, { status: 403 });
      if (path.length === 3) return Response.json(versions.map((_, at) => at + 1));
      const version = path[3] === "latest" ? versions.length : Number(path[3]);
      const { kind, schema } = versions[version - 1]!, id = IDS.indexOf(versions[version - 1]!);
      return Response.json({ version, id, schema, ...(kind ? { schemaType: kind } : {}) });
    },
  );
  await test(schemaRegistry({ url: `http://127.0.0.1:${server.addr.port}` }));
}

// provectus/kafka-ui#2196, #2463; lensesio/schema-registry-ui#101: one odd subject emptied the page for everybody.
Deno.test("Subjects lists what there is of every kind, and one that cannot be read", () =>
  withRegistry(async (registry) => {
    const { subjects } = await new Subjects(registry).list(NEVER);
    const seen = subjects.map((
      { subject, kind, name, versions },
    ) => [subject, kind, name, versions]);
    assert.deepEqual(seen, [
      ["avro", "AVRO", "taxi.Ride", 1],
      ["broken", "AVRO", "", 1],
      ["forbidden", "", "", 0],
      ["json", "JSON", "", 2],
      ["proto", "PROTOBUF", "", 2],
      ["t-value", "PROTOBUF", "", 1],
    ]);
    assert.match(subjects[2]!.problem!, /HTTP 403/);
  }));

Deno.test("Subjects lists names at once, and what it has not read as pending, until it has", () =>
  withRegistry(async (registry) => {
    const all = new Subjects(registry);
    const first = await all.list(Promise.resolve());
    const { subject, mode, pending } = first.subjects.find((one) => one.subject === "t-value")!;
    assert.deepEqual([subject, mode, pending], ["t-value", "BACKWARD", true]);
    const then = await all.list(NEVER);
    assert.equal(then.subjects.some((one) => one.pending), false);
    // Nothing that was read is pending again.
    assert.deepEqual(await all.list(Promise.resolve()), then);
    await all.list(NEVER);
  }));

Deno.test("subjectPage() shows JSON Schema and Protobuf as text, and claims nothing about whom they break", () =>
  withRegistry(async (registry) => {
    const [first, second] = (await subjectPage(registry, "proto")).versions;
    assert.deepEqual([first!.kind, first!.text], ["PROTOBUF", PROTO]);
    assert.match(second!.text, /"name": "A"/);
    assert.deepEqual([first!.breaks, second!.breaks], [[], null]);
    assert.match((await subjectPage(registry, "json")).versions[0]!.text, /"title": "Trip"/);
    const [broken] = (await subjectPage(registry, "broken")).versions;
    assert.match(broken!.problem!, /nothing/);
    assert.match(broken!.text, /"type": "nothing"/);
  }));

Deno.test("SchemaReaders reads Protobuf and JSON behind an id, and looks for text in the whole of both", () =>
  withRegistry(async (registry) => {
    const bySchema = new SchemaReaders(registry).of("t");
    const id = (at: number) => [0, 0, 0, 0, at];
    const note = new TextEncoder().encode(`${"x".repeat(600)}end`);
    const proto = Uint8Array.of(...id(6), 0, 8, 2, 18, 0xdb, 4, ...note);
    const shown = await payload(proto, { bySchema });
    assert.deepEqual([shown.kind, shown.cut, shown.bytes], ["protobuf", true, proto.length]);
    assert.ok(shown.text.startsWith('{"vendorId":2,"note":"xxx'), shown.text);
    assert.deepEqual(shown.schema, { id: 6, subject: "t-value", version: 1 });
    assert.ok((await wholeText(proto, { bySchema })).includes("xend"));

    const json = Uint8Array.of(...id(2), ...new TextEncoder().encode('{"n":9007199254740993}'));
    const plain = await payload(json, { bySchema });
    assert.deepEqual([plain.kind, plain.text, plain.schema], [
      "json",
      '{"n":9007199254740993}',
      { id: 2 },
    ]);
    const odd = await payload(Uint8Array.of(...id(6), 2, 18), { bySchema });
    assert.deepEqual([odd.kind, odd.trouble], ["bytes", "its schema has no message at that place"]);
  }));

Deno.test("wholeText() finds what is stored in a windowed key, and what is shown of it", async () => {
  const key = new TextEncoder().encode('{"key":1,"start":0,"end":60000}');
  const text = await wholeText(key, {});
  assert.ok(text.includes('"end":60000') && text.includes("1 @ [1970-01-01"), text);
});

/** A registry with a subject of very many versions; it counts what it is asked. */
function manyVersions(count: number) {
  const asked = { lists: 0, texts: 0 };
  const registry = {
    compatibility: () => Promise.resolve("NONE"),
    versions: () => {
      asked.lists++;
      return Promise.resolve(Array.from({ length: count }, (_, at) => at + 1));
    },
    schemaText: (_: string, version: number) => {
      asked.texts++;
      return Promise.resolve({ version, id: 1_000 + version, kind: "JSON", text: "{}" });
    },
    schemaSource: (id: number) =>
      Promise.resolve({ id, kind: "JSON", text: "{}", references: new Map() }),
  } as unknown as SchemaRegistry;
  return { registry, asked };
}

Deno.test("subjectPage() shows the newest fifty versions, whatever somebody has registered", async () => {
  const { registry, asked } = manyVersions(10_000);
  const { versions, older } = await subjectPage(registry, "t-value");
  assert.deepEqual([versions.length, versions[0]?.version, older], [50, 9_951, 9_950]);
  assert.equal(asked.texts, 51);
  const few = await subjectPage(manyVersions(3).registry, "t-value");
  assert.deepEqual([few.versions.length, few.older], [3, 0]);
});

Deno.test("SchemaReaders asks for each version once, however many ids the records of a topic have", async () => {
  const { registry, asked } = manyVersions(100);
  const read = new SchemaReaders(registry).of("t");
  const places = await Promise.all(Array.from({ length: 100 }, async (_, at) => {
    const bytes = new Uint8Array([0, 0, 0, 0, 0, 0x7b, 0x7d]);
    new DataView(bytes.buffer).setInt32(1, 1_001 + at);
    const found = await read(bytes);
    return "schema" in found ? found.schema?.version : undefined;
  }));
  assert.deepEqual(places, Array.from({ length: 100 }, (_, at) => at + 1));
  assert.ok(asked.texts <= 200, `${asked.texts} texts`);
});
