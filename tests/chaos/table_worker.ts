/**
 * A worker with a table on disk: counts records by key, tells what happens, and ends with the table as its last line.
 *
 * `KILL_AT_RESTORE=1`: dies in the middle of filling its table.
 *
 * @module
 */
import { connect } from "../../lib/kafka/mod.ts";
import { app, string, topic } from "../../lib/streams/mod.ts";
import {
  drain,
  rowsOf,
  sqliteStores,
  Worker,
  type WorkerEvent,
} from "../../lib/streams/runtime/mod.ts";
import { door, open } from "../../tasks/_door.ts";

const [run, directory] = Deno.args;
const killAtRestore = Deno.env.has("KILL_AT_RESTORE");
const counts = app(run!);
counts.stream(topic(`${run}.in`, { key: string, value: string })).groupByKey().count("by-key");

let restored = 0, restoringSinceMs: number | undefined, restoringMs = 0;

function tell(event: WorkerEvent): void {
  if (event.kind === "restoring") {
    restoringSinceMs ??= performance.now();
    if (killAtRestore && event.restored > 0) Deno.kill(Deno.pid, "SIGKILL");
  } else if (event.kind === "running") {
    restored += event.restored;
    restoringMs = performance.now() - (restoringSinceMs ?? performance.now());
  } else console.log(JSON.stringify(event));
}

await open(
  door("table-worker", "Runs it.").action(async () => {
    const kafka = await connect({ onNotice: () => {} });
    const worker = await Worker.start(kafka, counts.topology(), {
      guarantee: "exactly-once",
      sessionTimeoutMs: 2_000,
      stores: sqliteStores({ directory: directory! }),
      onEvent: tell,
    });
    await Promise.race([drain(worker), worker.done]);
    const rows = [...rowsOf(worker, "by-key")].map(({ key, value }) => [key, value]);
    console.log(JSON.stringify({ rows: Object.fromEntries(rows), restored, restoringMs }));
    await worker.stop();
    await kafka.close();
    Deno.exit(0);
  }),
  [],
);
