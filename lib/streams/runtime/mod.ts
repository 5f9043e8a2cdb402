/**
 * Runs applications on Kafka: tasks, restore, commits, rebalances.
 *
 * ```ts ignore
 * const kafka = await connect();
 * await using worker = await Worker.start(kafka, trips.topology(), { guarantee: "exactly-once" });
 * await drain(worker);                                     // all that was there at the start is processed and committed
 * for (const { key, value } of rowsOf(worker, "trips")) console.log(key, value);
 * ```
 *
 * @module
 */
export { type Applicant, assignTasks } from "./assign_tasks.ts";
export type { CommitStep, Guarantee, WorkerEvent, WorkerOptions } from "./context.ts";
export { drain } from "./drain.ts";
export type { PurgeRules } from "./purge.ts";
export { type ApplicationReset, resetApplication } from "./reset.ts";
export { type ClaimedFolder, claimFolder, forgetFolders } from "./state_folder.ts";
export { ownerOf, rowsOf, type TableRow, valueOf, windowsOf } from "./tables.ts";
export { Worker } from "./worker.ts";
