/**
 * One start of a worker that has a large table to restore; prints how long it took as a JSON line.
 *
 * `restore_run.ts fill RUN` writes the changelog; `restore_run.ts memory|sqlite RUN DIR` starts, waits until a record
 * written just before has been counted and committed, and stops.
 *
 * @module
 */
import { connect, type Kafka } from "../../lib/kafka/mod.ts";
import { app, string, topic } from "../../lib/streams/mod.ts";
import { drain, sqliteStores, Worker } from "../../lib/streams/runtime/mod.ts";
import { textKeys, writeKeys } from "../load/write_keys.ts";

const RECORDS = 1_000_000, KEYS = 100_000, PARTITIONS = 2;
const [what, run, directory] = Deno.args as [string, string, string];

const counts = app(run);
counts.stream(topic(`${run}.source`, { key: string, value: string })).groupByKey().count("counts");

const kafka = await connect();
if (what === "fill") await fill(kafka);
else await start(kafka);
await kafka.close();
Deno.exit(0);

async function fill(kafka: Kafka): Promise<void> {
  await kafka.topics.create(`${run}.source`, { partitions: PARTITIONS });
  await kafka.topics.create(`${run}-counts-changelog`, {
    partitions: PARTITIONS,
    // Not compacted while it is being measured.
    config: { "cleanup.policy": "compact", "min.compaction.lag.ms": "3600000" },
  });
  await writeKeys(kafka, `${run}-counts-changelog`, {
    records: RECORDS,
    keyOf: textKeys(KEYS),
    value: new TextEncoder().encode("7"),
  });
}

async function start(kafka: Kafka): Promise<void> {
  const value = new TextEncoder().encode("x");
  await writeKeys(kafka, `${run}.source`, { records: 10, keyOf: textKeys(KEYS), value });
  let restored = 0;
  const startedMs = performance.now();
  const worker = await Worker.start(kafka, counts.topology(), {
    guarantee: "exactly-once",
    ...(what === "sqlite" ? { stores: sqliteStores({ directory }) } : {}),
    onEvent: (event) => {
      if (event.kind === "running") restored += event.restored;
    },
  });
  await drain(worker);
  const ms = Math.round(performance.now() - startedMs);
  const rows = worker.tasks.running().map(({ task }) => task.stores.get("counts")!.rows.size);
  console.log(JSON.stringify({ store: what, ms, restored, rows: rows.reduce((a, b) => a + b) }));
  await worker.stop();
}
