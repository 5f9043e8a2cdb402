/**
 * Runs applications on Kafka: tasks, restore, commits, rebalances.
 *
 * ```ts ignore
 * const kafka = await connect();
 * await using worker = await counts.start(kafka);
 * await drain(worker);                                     // all that was there at the start is processed and committed
 * await worker.table(trips).get("1");                      // a row of a table that the program holds, typed
 * for (const { key, value } of rowsOf(worker, "trips")) console.log(key, value);
 * ```
 *
 * @module
 */
export { type Applicant, assignTasks } from "./assign_tasks.ts";
export type { CommitStep, WorkerEvent, WorkerOptions } from "./context.ts";
export { drain } from "./drain.ts";
export type { PurgeRules } from "./purge.ts";
export { type ApplicationReset, resetApplication } from "./reset.ts";
export { type ClaimedFolder, claimFolder, forgetFolders } from "./state_folder.ts";
export type { ServerAddress } from "./query/queries.ts";
export type { QueryServerOptions } from "./query/query_server.ts";
export { type KeyOwner, ownerOf, rowsOf, type TableRow } from "./tables.ts";
export type { QueriedTable, TableView, ViewedRow, WindowView } from "./table_view.ts";
export { Worker } from "./worker.ts";
export { type SpillingOptions, spillingStores } from "../state/sqlite_spilling.ts";
export { type SqliteOptions, sqliteStores } from "../state/sqlite_store.ts";
export { StoreError } from "../state/store_error.ts";
