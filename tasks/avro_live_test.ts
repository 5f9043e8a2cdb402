import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { consumeAvro } from "../apps/avro_consumer.ts";
import { avroSerde, parseSchema, type SchemaRegistry, schemaRegistry } from "../lib/avro/mod.ts";
import { bytes, connect, type Kafka, producer, readAll } from "../lib/kafka/mod.ts";
import { readRides, sampleFile, type TaxiRide, type TaxiRideKey } from "../lib/rides/mod.ts";
import { registrySettings } from "../lib/settings/mod.ts";

const registry = schemaRegistry(registrySettings());
const schemas = fileURLToPath(new URL("../schemas", import.meta.url));

/** A topic of its own for one test, gone afterwards with its subjects. */
async function alone(run: (kafka: Kafka, topic: string) => Promise<void>) {
  const topic = `avro-${crypto.randomUUID().slice(0, 8)}`;
  const kafka = await connect();
  try {
    await run(kafka, topic);
  } finally {
    await kafka.topics.delete(topic);
    for (const part of ["key", "value"]) {
      await registry.deleteSubject(`${topic}-${part}`, { permanent: true }).catch(() => {});
    }
    await kafka.close();
  }
}

async function task(name: string, args: readonly string[], env: Record<string, string> = {}) {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", fileURLToPath(new URL(`${name}.ts`, import.meta.url)), ...args],
    stdin: "null",
    env: { NO_COLOR: "1", ...env },
  }).output();
  const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, out: decode(stdout), err: decode(stderr) };
}

Deno.test("avro-producer sends every ride of the sample, equal up to float32", () =>
  alone(async (kafka, topic) => {
    const { code, err } = await task("avro_producer", ["--topic", topic, "--rate", "max"]);
    assert.deepEqual([code, err], [0, ""]);
    const records = await readAll(kafka, topic, {
      key: avroSerde<TaxiRideKey>({ registry, part: "key" }),
      value: avroSerde<TaxiRide>({ registry }),
    });
    const rides = await Array.fromAsync(readRides(sampleFile()));
    const line = (ride: TaxiRide) =>
      [
        ride.vendorId,
        ride.passenger_count,
        Math.fround(ride.trip_distance),
        ride.payment_type,
        Math.fround(ride.total_amount),
      ].join(" ");
    assert.deepEqual(records.map(({ value }) => line(value!)).sort(), rides.map(line).sort());
    assert.ok(records.every(({ key, value }) => key!.vendorId === value!.vendorId));
  }));

Deno.test("avro-consumer goes on where its last commit was", () =>
  alone(async (kafka, topic) => {
    await task("avro_producer", ["--topic", topic, "--rate", "max", "--count", "5"]);
    const group = `${topic}-group`, from = ["--topic", topic, "--group", group, "--json"];
    const first = await task("avro_consumer", [...from, "--max", "2"]);
    const rest = await task("avro_consumer", [...from, "--max", "3"]);
    const records = `${first.out}${rest.out}`.trim().split("\n").map((line) => JSON.parse(line))
      .filter((line) => !line.total);
    assert.equal(new Set(records.map(({ partition, offset }) => `${partition} ${offset}`)).size, 5);
    assert.deepEqual(Object.keys(records[0].value), [
      "vendorId",
      "passenger_count",
      "trip_distance",
      "payment_type",
      "total_amount",
    ]);
    assert.ok(rest.out.endsWith(`{"total":{"topic":"${topic}","group":"${group}","records":3}}\n`));
    await kafka.groups.delete(group);
  }));

Deno.test("avro-producer refuses a breaking schema, names subject, field and rule, and writes nothing", () =>
  alone(async (kafka, topic) => {
    const args = ["--topic", topic, "--rate", "max", "--count", "4"];
    await task("avro_producer", args);
    const breaking = ["--value-schema", `${schemas}/taxi_ride_value.breaking.avsc`];
    const { code, err } = await task("avro_producer", [...args, ...breaking]);
    assert.equal(code, 1);
    assert.match(err, new RegExp(`^✗ .*"${topic}-value".*BACKWARD.*"total_amount".*TYPE_MISMATCH`));
    assert.equal(err.trim().split("\n").length, 1);
    const ends = async () =>
      (await kafka.topics.endOffsets(topic)).reduce((sum, end) => sum + end, 0);
    assert.equal(await ends(), 4);
    assert.equal((await task("avro_producer", args)).code, 0);
    const next = ["--value-schema", `${schemas}/taxi_ride_value.v2.avsc`];
    assert.equal((await task("avro_producer", [...args, ...next])).code, 0);
    assert.equal(await ends(), 12);
  }));

Deno.test("avro-producer says which field it cannot encode, where the registry allows the schema", () =>
  alone(async (kafka, topic) => {
    const breaking = `${schemas}/taxi_ride_value.breaking.avsc`;
    const { code, err } = await task("avro_producer", [
      ...["--topic", topic, "--count", "1", "--value-schema", breaking],
    ]);
    assert.equal(code, 1);
    assert.match(err, /field "total_amount" is [\d.]+, not string/);
    assert.deepEqual(await kafka.topics.endOffsets(topic), [0, 0]);
  }));

Deno.test("avro-producer and avro-consumer say within seconds that the registry is away", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const SCHEMA_REGISTRY_URL = `http://127.0.0.1:${(listener.addr as Deno.NetAddr).port}`;
  listener.close();
  const runs = await Promise.all(
    ["avro_producer", "avro_consumer"].map((name) => task(name, [], { SCHEMA_REGISTRY_URL })),
  );
  for (const { code, err } of runs) {
    assert.deepEqual([code, err], [
      1,
      `✗ Cannot reach the schema registry at "${SCHEMA_REGISTRY_URL}": connection refused (is SCHEMA_REGISTRY_URL right?)\n`,
    ]);
  }
});

const rideSchema = async (file: string) =>
  parseSchema(await Deno.readTextFile(`${schemas}/${file}`));
const sample = {
  vendorId: 2,
  passenger_count: 1,
  trip_distance: 0.5,
  payment_type: 1,
  total_amount: 40,
};

/** Reads `max` records as a member of the group, each committed. */
async function consume(kafka: Kafka, { topic, from, max }: {
  readonly topic: string;
  readonly from: SchemaRegistry;
  readonly max: number;
}) {
  const options = {
    topic,
    group: `${topic}-group`,
    from: "earliest",
    max,
    registry: from,
  } as const;
  return await Array.fromAsync(
    consumeAvro(kafka, { ...options, signal: AbortSignal.timeout(30_000) }),
  );
}

Deno.test("avro-consumer goes on without the registry, stops at a new schema, and loses nothing", () =>
  alone(async (kafka, topic) => {
    await kafka.topics.create(topic, { partitions: 1 });
    const send = async (file: string) => {
      const value = avroSerde<typeof sample>({ registry, schema: await rideSchema(file) });
      await using out = producer(kafka, { key: bytes, value });
      await out.send(topic, { key: null, value: sample });
    };
    const relay = Deno.serve(
      { hostname: "127.0.0.1", port: 0, onListen: () => {} },
      async (request) => {
        const { pathname, search } = new URL(request.url);
        const answer = await fetch(`${registry.url}${pathname}${search}`);
        return new Response(await answer.text(), answer);
      },
    );
    const away = schemaRegistry({ url: `http://127.0.0.1:${relay.addr.port}`, retryForMs: 300 });
    await send("taxi_ride_value.avsc");
    assert.equal((await consume(kafka, { topic, from: away, max: 1 })).length, 1);
    await relay.shutdown();
    await send("taxi_ride_value.avsc");
    assert.deepEqual(
      (await consume(kafka, { topic, from: away, max: 1 })).map(({ offset }) => offset),
      [1],
    );
    await send("taxi_ride_value.v2.avsc");
    await assert.rejects(
      consume(kafka, { topic, from: away, max: 1 }),
      new RegExp(`${topic}.*Cannot reach the schema registry`, "s"),
    );
    assert.deepEqual(
      (await consume(kafka, { topic, from: registry, max: 1 })).map((
        { offset, value },
      ) => [offset, value]),
      [
        [2, { ...sample, tip_amount: 0 }],
      ],
    );
    await kafka.groups.delete(`${topic}-group`);
  }));

Deno.test("avro-consumer names topic, partition and offset of a record that is not Avro", () =>
  alone(async (kafka, topic) => {
    await kafka.topics.create(topic, { partitions: 1 });
    await using out = producer(kafka, { key: bytes, value: bytes });
    await out.send(topic, { key: null, value: new TextEncoder().encode('{"number": 0}') });
    const { code, err } = await task("avro_consumer", [
      "--topic",
      topic,
      "--group",
      `${topic}-group`,
    ]);
    assert.equal(code, 1);
    assert.match(err, new RegExp(`^✗ .*${topic}.*magic byte 0`));
    assert.equal(err.trim().split("\n").length, 1);
    await kafka.groups.delete(`${topic}-group`);
  }));
