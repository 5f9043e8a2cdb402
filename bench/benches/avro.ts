import { fileURLToPath } from "node:url";
import type { Bench } from "../bench.ts";
import { type Comparison, comparison, type Missing } from "../comparison.ts";
import { registryStub } from "./registry_stub.ts";

/** What `bench/peers/avro_rounds.ts` prints: records/s of each library in each round. */
interface Measured {
  readonly encode: Readonly<Record<string, readonly number[]>>;
  readonly decode: Readonly<Record<string, readonly number[]>>;
  readonly correct: Readonly<Record<string, boolean>>;
  readonly missing: Readonly<Record<string, string>>;
}

const PEERS = ["avsc", "kafkajs-registry", "confluent-registry"];
let measured: Promise<Measured> | undefined;

/** Encoding of the taxi value to Confluent's wire format, schema cached. */
export const avroEncode: Bench = {
  name: "avro-encode",
  about: "encodes the taxi value; raw avsc (no header), and the two other registry serializers",
  run: () => lines("avro-encode", (all) => all.encode),
};

/** Decoding of the same bytes. */
export const avroDecode: Bench = {
  name: "avro-decode",
  about: "decodes the taxi value; raw avsc (no header), and the two other registry serializers",
  run: () => lines("avro-decode", (all) => all.decode),
};

async function* lines(
  bench: string,
  pick: (all: Measured) => Measured["encode"],
): AsyncGenerator<Comparison | Missing> {
  const all = await (measured ??= measure());
  const rates = pick(all), ours = rates.ours!;
  for (const peer of PEERS) {
    const theirs = rates[peer];
    if (!theirs) {
      yield { bench, peer, missing: all.missing[peer] ?? "not measured" };
      continue;
    }
    const rounds = ours.map((rate, i) => ({ ours: rate, theirs: theirs[i]! }));
    const correct = all.correct[peer] ?? false;
    yield comparison({ bench, peer, unit: "records/s", correct }, rounds);
  }
}

/** All libraries take turns in one process; the peers' packages are in `bench/peers` alone. */
async function measure(): Promise<Measured> {
  const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));
  const schema = JSON.stringify(
    JSON.parse(await Deno.readTextFile(path("../../schemas/taxi_ride_value.avsc"))),
  );
  const stub = registryStub(schema);
  try {
    const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [
        ...["run", "-A", "--quiet", "--frozen", "--config", path("../peers/deno.json")],
        path("../peers/avro_rounds.ts"),
      ],
      env: { SCHEMA_REGISTRY_URL: stub.url, AVRO_SCHEMA: schema },
      signal: AbortSignal.timeout(180_000),
      stdin: "null",
    }).output();
    if (!success) throw new Error(`Cannot run the Avro bench: ${new TextDecoder().decode(stderr)}`);
    return JSON.parse(new TextDecoder().decode(stdout));
  } finally {
    await stub.close();
  }
}
