/**
 * Kafka Streams' words for running an application, and ours.
 *
 * @module
 */
import type {
  TableView,
  WindowView,
  Worker,
  WorkerOptions,
} from "../../lib/streams/runtime/mod.ts";
import { sqliteStores } from "../../lib/streams/runtime/mod.ts";

/** What a row shows: options that type-check, or a method that there is. */
export type WorkerUse =
  | { readonly options: WorkerOptions }
  | { readonly worker: keyof Worker }
  | { readonly table: keyof TableView<string, string> | keyof WindowView<string, string> }
  | { readonly app: string };

/** One row of the table in lib/streams/README.md. */
export interface WorkerWord {
  readonly kafka: string;
  readonly ours: string;
  readonly use: WorkerUse;
}

const row = (kafka: string, ours: string, use: WorkerUse): WorkerWord => ({ kafka, ours, use });
const options = (given: WorkerOptions): WorkerUse => ({ options: given });

/** Every row; options are those of `app.start(kafka, { … })`. */
export const WORKER_WORDS: readonly WorkerWord[] = [
  row("application.id", "`app(id)`", { app: "app" }),
  row(
    "processing.guarantee",
    "`{ guarantee }`, of the app or the worker",
    options({ guarantee: "exactly-once" }),
  ),
  row("num.standby.replicas", "`{ standbys: 1 }`", options({ standbys: 1 })),
  row(
    "application.server",
    "`{ server: { hostname, port, advertised, token } }`; by itself this machine only, at a free port",
    options({
      server: { hostname: "0.0.0.0", port: 8080, advertised: "worker-1:8080", token: "secret" },
    }),
  ),
  row(
    "state.dir",
    "`{ stores: sqliteStores({ directory }) }`",
    options({
      stores: sqliteStores({ directory: ":memory:" }),
    }),
  ),
  row("commit.interval.ms", "`{ commitIntervalMs }`", options({ commitIntervalMs: 100 })),
  row("auto.offset.reset", '`{ from: "latest" }`', options({ from: "latest" })),
  row("session.timeout.ms", "`{ sessionTimeoutMs }`", options({ sessionTimeoutMs: 10_000 })),
  row("group.instance.id", '`{ instanceId: "worker-1" }`', options({ instanceId: "worker-1" })),
  row("client.id", "`{ name }`", options({ name: "worker-1" })),
  row(
    "buffered.records.per.partition",
    "`{ bufferedRecords }`",
    options({ bufferedRecords: 1_000 }),
  ),
  row(
    "input.buffer.max.bytes",
    "`{ bufferedBytes }`, of a partition",
    options({ bufferedBytes: 1 << 20 }),
  ),
  row(
    "repartition.purge.interval.ms",
    "`{ purge: { everyMs } }`",
    options({ purge: { everyMs: 30_000 } }),
  ),
  row(
    "KafkaStreams#setStateListener, StateRestoreListener",
    "`{ onEvent }`",
    options({ onEvent: () => {} }),
  ),
  row("KafkaStreams#start", "`await app.start(kafka, options)`", { app: "start" }),
  row("KafkaStreams#close", "`await worker.stop()`, or `await using`", { worker: "stop" }),
  row("KafkaStreams#state", "`worker.settled`, `worker.done`", { worker: "settled" }),
  row("KafkaStreams#store, QueryableStoreTypes", "`worker.table(table)`", { worker: "table" }),
  row("ReadOnlyKeyValueStore#get", "`await worker.table(table).get(key)`, wherever the key is", {
    table: "get",
  }),
  row("ReadOnlyKeyValueStore#all", "`worker.table(table).rows()`, of this worker", {
    table: "rows",
  }),
  row(
    "ReadOnlyWindowStore#fetch, ReadOnlySessionStore#fetch",
    "`await worker.table(windows).windows(key, { fromMs, toMs })`, wherever the key is",
    { table: "windows" },
  ),
  row("KafkaStreams#queryMetadataForKey", "`worker.table(table).owner(key)`", { table: "owner" }),
];

/** Options of a worker that Kafka Streams has no word for. */
export const OWN_OPTIONS: readonly string[] = ["retryTimeoutMs", "clock", "status", "onCommitStep"];
