/**
 * One worker of the {@link echoApp}, in a process of its own, that may kill or freeze itself in the middle of a commit.
 *
 * `SIGNAL_AT=crash:<step>@<n>`: dies when the n-th commit gets as far as this step; `freeze:` stands still. Ctrl-C leaves in order.
 *
 * @module
 */
import { connect } from "../../lib/kafka/mod.ts";
import { type Guarantee } from "../../lib/streams/mod.ts";
import { sqliteStores, Worker } from "../../lib/streams/runtime/mod.ts";
import { stopOnSignals } from "../../tasks/_stop.ts";
import { signalAt } from "./signal_at.ts";
import { echoApp } from "./echo_app.ts";
import { leakIfTold, sayLiveMemory } from "./leak.ts";

const [run, guarantee, sessionTimeoutMs] = Deno.args;
const directory = Deno.env.get("STORE_DIR");
leakIfTold();
sayLiveMemory();
const stop = stopOnSignals();
const kafka = await connect({ onNotice: () => {} });
const worker = await Worker.start(kafka, echoApp(run!).topology(), {
  guarantee: guarantee as Guarantee,
  sessionTimeoutMs: Number(sessionTimeoutMs),
  onCommitStep: signalAt(),
  onEvent: (event) => console.log(JSON.stringify(event)),
  ...(directory ? { stores: sqliteStores({ directory }) } : {}),
});
void stop.told.then(() => worker.stop());
await worker.done;
await kafka.close();
Deno.exit(stop.exitCode());
