import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { registrySettings } from "../settings/mod.ts";
import { avroSerde, parseSchema, RegistryError, schemaRegistry } from "./mod.ts";

const settings = registrySettings();
const registry = schemaRegistry(settings);
const schemaText = await Deno.readTextFile(
  new URL("../../schemas/taxi_ride_value.avsc", import.meta.url),
);
const ride = parseSchema(schemaText);
const sample = {
  vendorId: 2,
  passenger_count: 1,
  trip_distance: 0.5,
  payment_type: 1,
  total_amount: 40,
};
const fresh = () => `avro-live-${crypto.randomUUID().slice(0, 8)}`;

Deno.test("schemaRegistry() registers, finds, lists, sets modes and deletes on the real registry", async () => {
  const subject = fresh();
  const id = await registry.register(subject, ride);
  assert.equal(await schemaRegistry(settings).register(subject, parseSchema(schemaText)), id);
  assert.equal(await registry.idOf(subject, ride), id);
  assert.equal((await schemaRegistry(settings).schemaById(id)).text, ride.text);
  const latest = await registry.schemaVersion(subject, "latest");
  assert.deepEqual([latest.version, latest.id], [1, id]);
  assert.ok((await registry.subjects()).includes(subject));
  assert.deepEqual(await registry.versions(subject), [1]);
  assert.equal(await registry.compatibility(), "BACKWARD");
  assert.equal(await registry.compatibility(subject), "BACKWARD");
  await registry.setCompatibility("FULL_TRANSITIVE", subject);
  assert.equal(await registry.compatibility(subject), "FULL_TRANSITIVE");
  assert.deepEqual(await registry.deleteSubject(subject, { permanent: true }), [1]);
  await assert.rejects(registry.versions(subject), (error: RegistryError) => {
    assert.deepEqual([error.status, error.errorCode], [404, 40401]);
    return true;
  });
});

Deno.test("check() tells what register() would say, with reasons", async () => {
  const subject = fresh();
  const breaking = parseSchema(schemaText.replace(/"float"(?= \}\s*\])/, '"string"'));
  assert.deepEqual(await registry.check(subject, breaking), {
    compatible: true,
    mode: "BACKWARD",
    reasons: [],
  });
  await registry.register(subject, ride);
  const verdict = await registry.check(subject, breaking);
  assert.deepEqual([verdict.compatible, verdict.reasons.map(({ field }) => field)], [false, [
    "total_amount",
  ]]);
  await assert.rejects(registry.register(subject, breaking), {
    name: "IncompatibleSchemaError",
    message: /"total_amount": a string reader cannot read a float \(TYPE_MISMATCH/,
  });
  await registry.deleteSubject(subject, { permanent: true });
});

Deno.test("schemaById() says that an id is unknown", async () => {
  await assert.rejects(registry.schemaById(2_000_000_000), {
    name: "RegistryError",
    message: /^Cannot read schema 2000000000: .*HTTP 404/,
  });
});

/** Another library between the registry and us: the relay hides differences of HTTP clients, not of bytes. */
async function relayed<T>(use: (url: string) => Promise<T>): Promise<T> {
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    async (request) => {
      const { pathname, search } = new URL(request.url);
      const answer = await fetch(`${settings.url}${pathname}${search}`, {
        method: request.method,
        headers: { "content-type": "application/json" },
        ...(request.body && { body: await request.text() }),
      });
      const type = answer.headers.get("content-type") ?? "text/plain";
      return new Response(await answer.text(), {
        status: answer.status,
        headers: { "content-type": type },
      });
    },
  );
  try {
    return await use(`http://127.0.0.1:${server.addr.port}`);
  } finally {
    await server.shutdown();
  }
}

const peers = fileURLToPath(new URL("../../bench/peers/", import.meta.url));
for (const name of ["kafkajs", "confluent"]) {
  Deno.test(`avroSerde() and the serializer of ${name} write the same bytes and read each other's`, () =>
    relayed(async (url) => {
      const topic = fresh();
      const serde = avroSerde<typeof sample>({ registry, schema: ride });
      const ours = await serde.encode(sample, topic) as Uint8Array;
      const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
        args: [
          ...[
            "run",
            "-A",
            "--quiet",
            "--frozen",
            "--config",
            `${peers}deno.json`,
            `${peers}avro_interop.ts`,
          ],
          ...[name, topic, JSON.stringify(sample), ours.toHex()],
        ],
        env: { SCHEMA_REGISTRY_URL: url, AVRO_SCHEMA: ride.text },
        signal: AbortSignal.timeout(300_000),
        stdin: "null",
      }).output();
      assert.ok(success, new TextDecoder().decode(stderr));
      const { hex, value } = JSON.parse(new TextDecoder().decode(stdout));
      assert.equal(hex, ours.toHex());
      assert.deepEqual(value, sample);
      assert.deepEqual(await serde.decode(Uint8Array.fromHex(hex), topic), sample);
      await registry.deleteSubject(`${topic}-value`, { permanent: true });
    }));
}
