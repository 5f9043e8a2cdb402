import { sleep } from "../../../lib/async/mod.ts";
import { DatabaseSync } from "node:sqlite";
import { crc32 } from "node:zlib";
import { type Kafka, producer, readAll, string } from "../../../lib/kafka/mod.ts";
import { resetApplication } from "../../../lib/streams/runtime/mod.ts";
import type { Anomaly } from "../anomalies.ts";
import { type Finished, runScript } from "../child.ts";
import type { Outcome, Row, Trial } from "../row.ts";

const PARTITIONS = 2;
const KEYS = 20_000;
const MORE = 1_000;

/** What happens to the table's file while its worker is down. */
const HARMS: Record<string, (path: string, random: () => number) => void> = {
  deleted: (path) => Deno.removeSync(path),
  "cut to half": (path) => Deno.truncateSync(path, Deno.statSync(path).size / 2 | 0),
  emptied: (path) => Deno.truncateSync(path, 0),
  "filled with garbage": (path, random) =>
    overwrite(path, 0, noise(Deno.statSync(path).size, random)),
  "garbage in the middle": (path, random) =>
    overwrite(path, Deno.statSync(path).size * random() | 0, noise(9_000, random)),
  "a few bytes changed": (path, random) => {
    // In the leaves: a row's own bytes, which SQLite does not look at.
    for (let n = 0; n < 40; n++) {
      overwrite(path, Deno.statSync(path).size * random() | 0, noise(3, random));
    }
  },
};

/** R17: the table on disk is harmed while its worker is down; the changelog is the truth. */
export const localStore: Row = {
  id: "R17",
  name: "local-store",
  about:
    "tables on disk deleted, cut short, filled with garbage, the worker killed while it reads them anew, the " +
    "changelog compacted: every count is exact",
  brokers: 1,
  gate: false,
  rounds: 2,
  gateRounds: 1,
  run: (trial) =>
    withTable(trial, async ({ kafka, work, write, path, judge }) => {
      const { random, tell } = trial, anomalies: Anomaly[] = [], rates: number[] = [];
      for (const [name, harm] of Object.entries(HARMS)) {
        tell(`the file is ${name}`);
        for (let n = 0; n < PARTITIONS; n++) harm(path(n), random);
        await write(MORE);
        const finished = await work();
        anomalies.push(...judge(name, finished));
        rates.push(rateOf(finished));
      }
      tell("deleted, and killed while it is read anew");
      for (let n = 0; n < PARTITIONS; n++) Deno.removeSync(path(n));
      const killed = await work({ KILL_AT_RESTORE: "1" });
      if (killed.code !== 137) {
        anomalies.push({ kind: "broke off", detail: "it was not killed in time" });
      }
      await write(MORE);
      anomalies.push(...judge("killed", await work()));
      tell("the changelog is compacted, the file deleted");
      const changelog = await compacted(kafka, trial);
      for (let n = 0; n < PARTITIONS; n++) {
        Deno.removeSync(path(n));
      }
      anomalies.push(...judge("compacted", await work()));
      return {
        anomalies,
        figures: { keys: KEYS, "changelog rec/s": Math.max(...rates), changelog },
      };
    }),
  control: {
    about: "a row is changed together with its checksum: nobody can see that but the checker",
    finds: ["inconsistent count"],
    run: (trial) =>
      withTable(trial, async ({ work, path, judge }) => {
        const database = new DatabaseSync(path(0));
        const row = database.prepare('SELECT * FROM "store by-key" LIMIT 1').get() as unknown as {
          readonly k: Uint8Array;
          readonly v: Uint8Array;
          readonly ts: number;
        };
        const v = new Uint8Array(row.v).fill(0x37);
        const c = crc32(v, crc32(row.k, (row.ts ^ 7) >>> 0));
        database.prepare('UPDATE "store by-key" SET v = ?, c = ? WHERE k = ?').run(v, c, row.k);
        database.close();
        return { anomalies: judge("control", await work()), figures: {} };
      }),
  },
};

interface Table {
  readonly kafka: Kafka;
  /** Runs the worker until it has caught up. */
  readonly work: (env?: Record<string, string>) => Promise<Finished>;
  /** Writes so many more records. */
  readonly write: (records: number) => Promise<void>;
  /** File of a task. */
  readonly path: (partition: number) => string;
  /** Compares the table that a worker printed with what was written. */
  readonly judge: (name: string, finished: Finished) => Anomaly[];
}

let run: string;

/** A table with every key once, in a folder and on topics of its own. */
async function withTable(
  { cluster: { kafka, env }, random }: Trial,
  use: (table: Table) => Promise<Outcome>,
): Promise<Outcome> {
  run = `table.${crypto.randomUUID().slice(0, 8)}`;
  const directory = await Deno.makeTempDir({ prefix: "taxi-table-" });
  await kafka.topics.create(`${run}.in`, { partitions: PARTITIONS });
  const config = {
    "cleanup.policy": "compact",
    "segment.ms": "1000",
    "min.cleanable.dirty.ratio": "0.01",
    "max.compaction.lag.ms": "1000",
  };
  await kafka.topics.create(`${run}-by-key-changelog`, { partitions: PARTITIONS, config });
  const expected: Record<string, number> = {};
  const send = async (keys: readonly string[]) => {
    await using out = producer(kafka, { key: string, value: string });
    await out.send(`${run}.in`, keys.map((key) => ({ key, value: "x" })));
    for (const key of keys) expected[key] = (expected[key] ?? 0) + 1;
  };
  const work = (more: Record<string, string> = {}) =>
    runScript("./table_worker.ts", [run, directory], { ...env, ...more });
  const write = (records: number) =>
    send(Array.from({ length: records }, () => `key ${Math.floor(random() * KEYS)}`));
  try {
    await send(Array.from({ length: KEYS }, (_, n) => `key ${n}`));
    await work();
    return await use({
      ...{ kafka, work, write },
      path: (partition) => `${directory}/0_${partition}.sqlite`,
      judge: (name, finished) => tableFaults(name, finished, expected),
    });
  } finally {
    await kafka.groups.settled(run, { members: 0, timeoutMs: 30_000 });
    await resetApplication(kafka, run);
    await kafka.topics.delete(`${run}.in`);
    await Deno.remove(directory, { recursive: true });
  }
}

interface Result {
  readonly rows: Readonly<Record<string, number>>;
  readonly restored: number;
  readonly restoringMs: number;
}

function tableFaults(
  name: string,
  { code, lines }: Finished,
  expected: Readonly<Record<string, number>>,
): Anomaly[] {
  if (code !== 0) return [{ kind: "wrong exit", detail: `${name}: code ${code}, ${lines.at(-1)}` }];
  const { rows } = resultOf(lines);
  return [...new Set([...Object.keys(rows), ...Object.keys(expected)])]
    .filter((key) => rows[key] !== expected[key])
    .map((key) => ({
      kind: "inconsistent count",
      detail: `${name}: "${key}" is ${rows[key]}, not ${expected[key]}`,
    }));
}

function resultOf(lines: readonly string[]): Result {
  return JSON.parse(lines.find((line) => line.startsWith('{"rows"')) ?? '{"rows":{}}');
}

/** Changelog records a second while a table was filled. */
function rateOf({ lines }: Finished): number {
  const { restored, restoringMs } = resultOf(lines);
  return Math.round(restored / restoringMs * 1_000) || 0;
}

/** Waits until Kafka has compacted the changelog; tells how many records of how many are left. */
async function compacted(kafka: Kafka, { tell }: Trial): Promise<string> {
  const topic = `${run}-by-key-changelog`, key = string, value = { ...string, decode: () => "" };
  for (const giveUpMs = Date.now() + 60_000;;) {
    const left = (await readAll(kafka, topic, { key, value })).length;
    const all = (await kafka.topics.endOffsets(topic)).reduce((sum, end) => sum + end, 0);
    // Markers of transactions take offsets, too.
    if (left < KEYS + MORE || Date.now() > giveUpMs) return `${left} of ${all} left`;
    tell(`${left} of ${all}`);
    await sleep(3_000);
  }
}

function overwrite(path: string, at: number, bytes: Uint8Array): void {
  using file = Deno.openSync(path, { read: true, write: true });
  file.seekSync(at, Deno.SeekMode.Start);
  file.writeSync(bytes);
}

function noise(length: number, random: () => number): Uint8Array {
  return Uint8Array.from({ length }, () => Math.floor(random() * 256));
}
