/** The benches that write and read without an engine: our client beside kafkajs, platformatic and librdkafka. */
import { fileURLToPath } from "node:url";
import { pythonEnvironment } from "../../lib/python/mod.ts";
import { folders } from "../../lib/settings/mod.ts";
import type { Bench } from "../bench.ts";
import { comparison } from "../comparison.ts";
import type { Program } from "../engines/engine.ts";
import type { Ground } from "../ground.ts";
import { expected } from "../load/expected.ts";
import { loadedRecords } from "../load/write.ts";
import { type Kafka, readTopic, string } from "../../lib/kafka/mod.ts";
import { startProgram } from "../probe/start.ts";
import { watch } from "../probe/watch.ts";
import { takeTurns } from "../turns.ts";

const WRITTEN = 1_000_000, READ = 1_000_000;
const IN_DENO = ["ours", "kafkajs", "platformatic"] as const;
const LIBRDKAFKA = "librdkafka";
const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));

/** One client's turn. */
interface Turn {
  readonly seconds: number;
  readonly correct: boolean;
}

/** Writing rides, until they can be read. */
export const produce: Bench = bench("produce", {
  about: "writes 1,000,000 rides of 392 bytes of JSON, acks=all, in arrays of 1,000",
  clients: [...IN_DENO, LIBRDKAFKA],
  records: WRITTEN,
  turn: (ground, client) => produceOnce(ground, client, "none"),
});

/** Writing rides as the one codec packs them that all of the clients have. */
export const produceGzip: Bench = bench("produce-gzip", {
  about:
    "writes 1,000,000 rides of 392 bytes of JSON, acks=all, in arrays of 1,000, packed with gzip",
  clients: [...IN_DENO, LIBRDKAFKA],
  records: WRITTEN,
  turn: (ground, client) => produceOnce(ground, client, "gzip"),
});

/** Reading rides as bytes, from joining the group to the last record. */
export const consume: Bench = bench("consume", {
  about: "reads 1,000,000 rides as bytes, in a new group",
  clients: IN_DENO,
  records: READ,
  turn: consumeOnce,
});

function bench(
  name: string,
  { about, clients, records, turn }: {
    readonly about: string;
    readonly clients: readonly string[];
    readonly records: number;
    readonly turn: (ground: Ground, client: string) => Promise<Turn>;
  },
): Bench {
  return {
    name,
    about,
    async *run({ ground, rounds }) {
      const place = await ground();
      const [ours, ...peers] = await takeTurns(
        clients.map((peer) => ({ peer, turn: () => turn(place, peer) })),
        rounds,
      );
      for (const { peer, turns, missing } of peers) {
        if (missing !== undefined) {
          yield { bench: name, peer, missing };
          continue;
        }
        const correct = [...ours!.turns, ...turns].every((one) => one.correct);
        const pairs = ours!.turns.map(({ seconds }, round) => ({
          ours: records / seconds,
          theirs: records / turns[round]!.seconds,
        }));
        yield comparison({ bench: name, peer, unit: "records/s", correct }, pairs);
      }
    },
  };
}

/**
 * Writes to a topic of its own. The probe reads along and only counts, as it shares the processors with what is measured;
 * afterwards every ride is looked into: all are there, and whole.
 */
async function produceOnce(
  { kafka, brokers, drop }: Ground,
  client: string,
  compression: "none" | "gzip",
): Promise<Turn> {
  const topic = `bench-${crypto.randomUUID().slice(0, 8)}`;
  await kafka.topics.create(topic, { partitions: 2 });
  const over = new AbortController();
  const seen = watch(kafka, {
    expected: expected({ what: "count" }, WRITTEN),
    results: {
      kind: "stream",
      topics: () => [topic],
      read: ({ value }) => [String.fromCharCode(value![VENDOR_AT]!), 1],
    },
    signal: over.signal,
  });
  try {
    await using run = startProgram(
      client === LIBRDKAFKA
        ? await librdkafka(topic, compression)
        : program(client, ["produce", topic, `${WRITTEN}`, compression]),
      brokers,
    );
    const ready = await run.line();
    const { lastMs, correct } = await Promise.race([seen, run.failed]);
    const seconds = (lastMs - ready.atMs) / 1_000;
    return { seconds, correct: correct && await allWhole(kafka, topic) };
  } finally {
    over.abort();
    await seen.catch(() => {});
    await drop(topic);
  }
}

/** Where a ride's JSON has its vendor, a digit. */
const VENDOR_AT = '{"VendorID":'.length;

/** Whether all rides of a topic stand there as they were written. */
async function allWhole(kafka: Kafka, topic: string): Promise<boolean> {
  const written = new Map(
    loadedRecords(WRITTEN).map(({ key, value }) => [utf8.decode(key), utf8.decode(value)]),
  );
  let records = 0;
  for await (const { key, value } of readTopic(kafka, topic, { key: string, value: string })) {
    if (value !== written.get(key!)) return false;
    records++;
  }
  return records === WRITTEN;
}

/** Reads the load; right when it has read as many bytes as were written. */
async function consumeOnce({ brokers, load }: Ground, client: string): Promise<Turn> {
  const topic = await load(READ);
  await using run = startProgram(program(client, ["consume", topic, `${READ}`]), brokers);
  const ready = await run.line(), { text, atMs } = await run.line();
  const bytes = loadedRecords(READ).reduce((sum, { value }) => sum + value.length, 0);
  const correct = text === JSON.stringify({ records: READ, bytes });
  return { seconds: (atMs - ready.atMs) / 1_000, correct };
}

const utf8 = new TextDecoder();

function program(client: string, args: readonly string[]): Program {
  const run = ["run", "-A", "--no-check", "--quiet"];
  return {
    command: Deno.execPath(),
    args: client === "ours" ? [...run, path("../engines/ours_client.ts"), ...args] : [
      ...[...run, "--frozen", "--config", path("../peers/deno.json")],
      ...[path("../peers/clients.ts"), client, ...args],
    ],
  };
}

/** Confluent's Python client; the rides it writes lie in a file, as rides are made by our program. */
async function librdkafka(topic: string, compression: string): Promise<Program> {
  const { cache } = folders(), folder = `${cache}/peers/librdkafka`;
  const peers = (name: string) => path(`../peers/python/${name}`);
  const { python } = await pythonEnvironment({
    folder,
    requirements: peers("librdkafka.txt"),
    cache,
  });
  rides ??= writeRides(`${folder}/rides.tsv`);
  return {
    command: python,
    args: [peers("librdkafka_client.py"), await rides, topic, compression],
  };
}

let rides: Promise<string> | undefined;

async function writeRides(file: string): Promise<string> {
  const lines = loadedRecords(WRITTEN)
    .map(({ key, value }) => `${utf8.decode(key)}\t${utf8.decode(value)}\n`);
  await Deno.writeTextFile(file, lines.join(""));
  return file;
}
