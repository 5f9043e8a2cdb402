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

const RECORDS = 20_000, SLICE = 1_000, ROUNDS = 9, TOPIC = "bench";
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

/** Milliseconds of one pass, and its results. */
async function pass<T>(
  awaited: boolean,
  work: (item: T) => unknown,
  items: readonly T[],
): Promise<{ ms: number; results: unknown[] }> {
  const results: unknown[] = new Array(items.length);
  const startedMs = performance.now();
  if (awaited) { for (let i = 0; i < items.length; i++) results[i] = await work(items[i]!); }
  else for (let i = 0; i < items.length; i++) results[i] = work(items[i]!);
  return { ms: performance.now() - startedMs, results };
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
const names = [...contenders.keys()];
for (let round = -1; round < ROUNDS; round++) {
  const encodeMs = new Map<string, number>(), decodeMs = new Map<string, number>();
  const add = (total: Map<string, number>, name: string, ms: number) =>
    total.set(name, (total.get(name) ?? 0) + ms);
  // Small slices take turns, in a turning order: a busy moment of the machine hits all alike. Round −1 warms up.
  for (let slice = 0; slice < RECORDS / SLICE; slice++) {
    const from = slice * SLICE, part = rides.slice(from, from + SLICE);
    for (let turn = 0; turn < names.length; turn++) {
      const name = names[(turn + slice + round + 1) % names.length]!, one = contenders.get(name)!;
      const written = await pass(one.awaited, (ride) => one.encode(ride), part);
      const bytes = written.results.map((result) => Buffer.from(result as Uint8Array));
      const read = await pass(one.awaited, (item: Buffer) => one.decode(item), bytes);
      add(encodeMs, name, written.ms);
      add(decodeMs, name, read.ms);
      if (round >= 0) continue;
      const good = bytes.every((item, i) =>
        item.subarray(one.header).equals(payloads[from + i]!)
      ) &&
        read.results.every((value, i) => isDeepStrictEqual({ ...value as object }, part[i]));
      correct[name] = good && correct[name] !== false;
    }
  }
  if (round < 0) continue;
  for (const name of names) {
    (encode[name] ??= []).push(RECORDS / encodeMs.get(name)! * 1_000);
    (decode[name] ??= []).push(RECORDS / decodeMs.get(name)! * 1_000);
  }
}
for (const name of contenders.keys()) correct[name] &&= correct.ours!;
console.log(JSON.stringify({ encode, decode, correct, missing }));
process.exit(0);
