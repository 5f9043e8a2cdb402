/**
 * Counts records by key, and tells the sum of its table on Ctrl-C: the application of the memory row.
 *
 * @module
 */
import { connect } from "../../lib/kafka/mod.ts";
import { app, string, topic } from "../../lib/streams/mod.ts";
import { rowsOf, Worker } from "../../lib/streams/runtime/mod.ts";
import { stopOnSignals } from "../../tasks/_stop.ts";
import { leakIfTold } from "./leak.ts";

const [run, input, output] = Deno.args;
const counting = app(run!);
counting.stream(topic(input!, { key: string, value: string })).groupByKey().count("by-key")
  .toStream().mapValues((count) => `${count}`)
  .to(topic(output!, { key: string, value: string }));

leakIfTold();
const stop = stopOnSignals();
const kafka = await connect({ onNotice: () => {} });
const worker = await Worker.start(kafka, counting.topology());
void stop.told.then(() => {
  const rows = [...rowsOf(worker, "by-key")];
  const records = rows.reduce((sum, { value }) => sum + (value as number), 0);
  console.log(JSON.stringify({ kind: "sum", keys: rows.length, records }));
  void worker.stop();
});
await worker.done;
await kafka.close();
Deno.exit(stop.exitCode());
