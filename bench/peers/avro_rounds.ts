/**
 * Measures the serializers in turn, round after round, in one process; prints one JSON object.
 *
 * Needs `--config bench/peers/deno.json`, `SCHEMA_REGISTRY_URL` and `AVRO_SCHEMA`.
 */
import avsc from "avsc";
import { Buffer } from "node:buffer";
import { isDeepStrictEqual } from "node:util";
import process from "node:process";
import { avroSerde, parseSchema, schemaRegistry } from "../../lib/avro/mod.ts";
import { seeded } from "../../lib/avro/random_schema.ts";
import { confluent, kafkajs, type Peer } from "./avro_peers.ts";

const RECORDS = 30_000, ROUNDS = 7, TOPIC = "bench";
const { SCHEMA_REGISTRY_URL: registry, AVRO_SCHEMA: schema } = process.env as Record<
  string,
  string
>;
const random = seeded(266);
const rides = Array.from({ length: RECORDS }, () => ({
  vendorId: 1 + random(2),
  passenger_count: random(7),
  trip_distance: Math.fround(random(3_000) / 100),
  payment_type: 1 + random(4),
  total_amount: Math.fround(random(12_000) / 100),
}));

interface Contender {
  /** Bytes before the payload: raw avsc has no header. */
  readonly header: number;
  readonly awaited: boolean;
  encode(value: unknown): unknown;
  decode(bytes: Buffer): unknown;
}

function raw(): Contender {
  const type = avsc.Type.forSchema(JSON.parse(schema));
  return {
    header: 0,
    awaited: false,
    encode: (value) => type.toBuffer(value),
    decode: (bytes) => type.fromBuffer(bytes),
  };
}

async function ours(): Promise<Contender> {
  const client = schemaRegistry({ url: registry });
  const serde = avroSerde<unknown>({ registry: client, schema: parseSchema(schema) });
  await serde.decode(await serde.encode(rides[0], TOPIC), TOPIC);
  return {
    header: 5,
    awaited: false,
    encode: (value) => serde.encode(value, TOPIC),
    decode: (bytes) => serde.decode(bytes, TOPIC),
  };
}

const peer = async (open: Promise<Peer>): Promise<Contender> => ({
  header: 5,
  awaited: true,
  ...await open,
});

/** Records a second of one pass, and its results. */
async function pass<T>(
  awaited: boolean,
  work: (item: T) => unknown,
  items: readonly T[],
): Promise<{ rate: number; results: unknown[] }> {
  const results: unknown[] = new Array(items.length);
  const startedMs = performance.now();
  if (awaited) { for (let i = 0; i < items.length; i++) results[i] = await work(items[i]!); }
  else for (let i = 0; i < items.length; i++) results[i] = work(items[i]!);
  return { rate: items.length / (performance.now() - startedMs) * 1_000, results };
}

const options = { registry, topic: TOPIC, schema };
const contenders = new Map<string, Contender>([["ours", await ours()], ["avsc", raw()]]);
const missing: Record<string, string> = {};
for (
  const [name, open] of Object.entries({
    "kafkajs-registry": kafkajs,
    "confluent-registry": confluent,
  })
) {
  await peer(open(options)).then(
    (one) => contenders.set(name, one),
    (error) => missing[name] = String(error?.message ?? error).split("\n")[0]!,
  );
}

const encode: Record<string, number[]> = {}, decode: Record<string, number[]> = {};
const correct: Record<string, boolean> = {};
const reference = contenders.get("avsc")!;
const payloads = rides.map((ride) => reference.encode(ride) as Buffer);
for (let round = -1; round < ROUNDS; round++) {
  // The order turns, so that nobody always comes after the same neighbour. Round −1 warms up.
  const names = [...contenders.keys()];
  for (
    const name of [
      ...names.slice((round + 1) % names.length),
      ...names.slice(0, (round + 1) % names.length),
    ]
  ) {
    const one = contenders.get(name)!;
    const written = await pass(one.awaited, (ride) => one.encode(ride), rides);
    const bytes = written.results.map((result) => Buffer.from(result as Uint8Array));
    const read = await pass(one.awaited, (item: Buffer) => one.decode(item), bytes);
    if (round < 0) {
      correct[name] = bytes.every((item, i) => item.subarray(one.header).equals(payloads[i]!)) &&
        read.results.every((value, i) => isDeepStrictEqual({ ...value as object }, rides[i]));
      continue;
    }
    (encode[name] ??= []).push(written.rate);
    (decode[name] ??= []).push(read.rate);
  }
}
for (const name of contenders.keys()) correct[name] &&= correct.ours!;
console.log(JSON.stringify({ encode, decode, correct, missing }));
process.exit(0);
