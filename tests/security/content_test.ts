/** What a hostile record, schema or page can put in must come out as harmless text, or not at all. */
import assert from "node:assert/strict";
import * as avro from "../../lib/avro/mod.ts";
import * as kafka from "../../lib/kafka/mod.ts";
import { rideJson } from "../../lib/rides/mod.ts";
import { table } from "../../lib/show/mod.ts";
import * as streams from "../../lib/streams/mod.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const SECRET = "4111-1111";

Deno.test("serdes quote nothing of the record that they cannot read", () => {
  const broken = [
    `card ${SECRET}`,
    `{"card":card ${SECRET}}`,
    `{"card":"${SECRET}"x}`,
    `"${SECRET}`,
  ];
  const serdes = [kafka.json(), streams.json(), rideJson];
  for (const text of broken) {
    for (const { decode } of serdes) {
      assert.throws(() => decode(bytes(text), "t"), (error: Error) => {
        assert.equal(error.name, "SyntaxError");
        assert.match(error.message, /not JSON/);
        assert.ok(!error.message.includes("4111"), error.message);
        return true;
      });
    }
  }
  assert.throws(
    () => rideJson.decode(bytes(JSON.stringify({ vendorId: SECRET.repeat(10_000) }))),
    { message: 'Cannot read a taxi ride: "vendorId" is not a number' },
  );
});

Deno.test("JSON of a hundred thousand brackets is read, written and shown", () => {
  const text = "[".repeat(100_000) + "]".repeat(100_000);
  for (const serde of [kafka.json<unknown>(), streams.json<unknown>()]) {
    const value = serde.decode(bytes(text), "t");
    assert.ok(Array.isArray(value));
    assert.ok(table([{ value }]).text.length < 10_000);
  }
});

Deno.test("names like __proto__ and constructor in a record change no other object", () => {
  const text = '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}';
  for (const serde of [kafka.json<object>(), streams.json<object>()]) {
    const value = serde.decode(bytes(text), "t") as object;
    assert.deepEqual(Object.keys(value), ["__proto__", "constructor"]);
    table([value]);
    table([{ value }]);
  }
  assert.equal(({} as { polluted?: number }).polluted, undefined);
});

Deno.test("a schema's names never become code, and none is __proto__", () => {
  const record = (name: string, field: string) =>
    avro.parseSchema({ type: "record", name, fields: [{ name: field, type: "int" }] });
  for (const name of ["a;globalThis.x=1", "a b", "a){}//", "a\n", "__proto__", "", "1a", "ä"]) {
    assert.throws(() => record("R", name), { name: "SyntaxError" }, name);
  }
  for (const name of ["R(){};globalThis.x=1//", "R R", "a..b"]) {
    assert.throws(() => record(name, "a"), { name: "SyntaxError" }, name);
  }
  assert.throws(
    () =>
      avro.parseSchema('{"type":"array","items":'.repeat(20_000) + '"int"' + "}".repeat(20_000)),
    { name: "SyntaxError" },
  );
});

Deno.test("a decimal of any size or scale costs nothing", () => {
  const decimal = (precision: number, scale: number) =>
    avro.parseSchema({ type: "bytes", logicalType: "decimal", precision, scale });
  // A logical type beyond the cap is ignored, as the specification allows: the bytes stay bytes.
  assert.ok(avro.decodeBinary(decimal(1e8, 99_999_999), Uint8Array.of(2, 1)) instanceof Uint8Array);
  const large = avro.encodeBinary(avro.parseSchema("bytes"), new Uint8Array(900_000).fill(7));
  assert.throws(() => avro.decodeBinary(decimal(9, 2), large), {
    name: "SyntaxError",
    message: "Cannot decode 900003 bytes as Avro: a decimal of 900000 bytes",
  });
  assert.equal(avro.decodeBinary(decimal(9, 2), Uint8Array.of(4, 4, 210)), "12.34");
});

Deno.test("a subject is one part of an address, whatever it is called", async () => {
  const asked: string[] = [];
  await using server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    (request) => {
      asked.push(new URL(request.url).pathname);
      return Response.json([]);
    },
  );
  const registry = avro.schemaRegistry({ url: `http://127.0.0.1:${server.addr.port}/api` });
  for (const subject of ["../../etc", "a/b?x#y", "%2e%2e", "<img>"]) {
    await registry.versions(subject);
  }
  assert.deepEqual(asked, [
    "/api/subjects/..%2F..%2Fetc/versions",
    "/api/subjects/a%2Fb%3Fx%23y/versions",
    "/api/subjects/%252e%252e/versions",
    "/api/subjects/%3Cimg%3E/versions",
  ]);
  for (const subject of [".", ".."]) {
    await assert.rejects(async () => await registry.setCompatibility("NONE", subject), {
      name: "TypeError",
      message: /in an address it means another place$/,
    });
  }
  assert.equal(asked.length, 4);
});

Deno.test("one hand-in that cannot be graded is named, and costs no other learner a grade", async () => {
  const folder = await Deno.makeTempDir(), name = "04_consumer_groups.ipynb";
  const text = await Deno.readTextFile(`notebooks/${name}`);
  const hint = "\x1b[2J\u009b1m";
  const spoken = JSON.parse(text);
  spoken.cells.find(({ id }: { id: string }) => id === "ex-1-check").outputs = [
    {
      output_type: "display_data",
      metadata: { taxi: { kind: "verdict", verdict: "not yet", hint } },
    },
  ];
  const handIns = {
    ana: text,
    bo: text.slice(0, -10),
    cy: "{}",
    di: JSON.stringify(spoken),
    ".": "{}",
  };
  try {
    for (const [learner, handIn] of Object.entries(handIns)) {
      await Deno.mkdir(`${folder}/${learner}`, { recursive: true });
      await Deno.writeTextFile(`${folder}/${learner}/${name}`, handIn);
    }
    // Their names would be places beside the others' folders.
    await Deno.writeTextFile(`${folder}/.._${name}`, text);
    if (Deno.build.os !== "windows") {
      await new Deno.Command("mkfifo", { args: [`${folder}/ana/pipe_${name}`] }).output();
    }
    const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--quiet", "--no-check", "tasks/grade.ts", folder],
      env: { NO_COLOR: "1" },
    }).output();
    const grades = new TextDecoder().decode(stdout), told = new TextDecoder().decode(stderr);
    const learners = [...grades.matchAll(/^(\S+) +04_consumer_groups +0 of/gm)].map(([, one]) =>
      one
    );
    assert.deepEqual(learners.sort(), [`.._${name.slice(0, -6)}`, "ana", "di"], grades + told);
    assert.match(
      told,
      /bo\/04_consumer_groups\.ipynb cannot be graded, Cannot read the notebook: .*passed over$/m,
    );
    assert.match(
      told,
      /cy\/04_consumer_groups\.ipynb cannot be graded, .*it has no cells: passed over$/m,
    );
    assert.match(grades, /not yet · \\u001b\[2J\\u009b1m/);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
