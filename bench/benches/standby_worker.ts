/**
 * One worker of the bench `standby`, until it is killed: `standby_worker.ts APP SOURCE STANDBYS SESSION_MS`.
 *
 * Says what happens to it, and once a second what it has, as JSON lines.
 *
 * @module
 */
import { connect } from "../../lib/kafka/mod.ts";
import { app, int64, string, topic } from "../../lib/streams/mod.ts";
import { Worker } from "../../lib/streams/runtime/mod.ts";

const [id, source, standbys, sessionTimeoutMs] = Deno.args as [string, string, string, string];

const counts = app(id);
counts.stream(topic(source, { key: string, value: string })).groupByKey()
  .count("counts", { value: int64 });

const worker = await Worker.start(await connect(), counts.topology(), {
  guarantee: "exactly-once",
  standbys: Number(standbys),
  sessionTimeoutMs: Number(sessionTimeoutMs),
});
setInterval(() => {
  const copies = worker.standbys.status();
  console.log(JSON.stringify({
    tasks: worker.tasks.running().map(({ name }) => name),
    copies: copies.filter(({ lag }) => lag === 0).map(({ task }) => task),
  }));
}, 250);
await worker.done;
