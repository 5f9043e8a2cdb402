/**
 * The fault matrix, row by row.
 *
 * @module
 */
import type { Row } from "./row.ts";
import { answersLost } from "./rows/answers_lost.ts";
import { atLeastOnce } from "./rows/at_least_once.ts";
import { breakingSchema } from "./rows/breaking_schema.ts";
import { brokenFiles } from "./rows/broken_files.ts";
import { brokerBounced } from "./rows/broker_bounced.ts";
import { brokerDown } from "./rows/broker_down.ts";
import { clocks } from "./rows/clocks.ts";
import { crashPoints } from "./rows/crash_points.ts";
import { diskFull } from "./rows/disk_full.ts";
import { supervisorKilled } from "./rows/supervisor_killed.ts";
import { leaderKilled } from "./rows/leader_killed.ts";
import { localStore } from "./rows/local_store.ts";
import { memory } from "./rows/memory.ts";
import { notebooks } from "./rows/notebooks.ts";
import { outOfOrder } from "./rows/out_of_order.ts";
import { partitionsGrow } from "./rows/partitions_grow.ts";
import { poison } from "./rows/poison.ts";
import { rebalanceStorm } from "./rows/rebalance_storm.ts";
import { registryAway } from "./rows/registry_away.ts";
import { seedWalk } from "./rows/seed_walk.ts";
import { soak } from "./rows/soak.ts";
import { startFaults } from "./rows/start_faults.ts";
import { stoppedAndRunAgain } from "./rows/stopped_and_run_again.ts";
import { tableBehind } from "./rows/table_behind.ts";
import { topicReplaced } from "./rows/topic_replaced.ts";
import { topicsChange } from "./rows/topics_change.ts";
import { workerFrozen } from "./rows/worker_frozen.ts";
import { workerKilled } from "./rows/worker_killed.ts";

/** Every row, in the order of their numbers. */
export const ROWS: readonly Row[] = [
  workerKilled,
  crashPoints,
  workerFrozen,
  brokerBounced,
  brokerDown,
  answersLost,
  leaderKilled,
  atLeastOnce,
  poison,
  registryAway,
  breakingSchema,
  outOfOrder,
  clocks,
  partitionsGrow,
  stoppedAndRunAgain,
  seedWalk,
  localStore,
  startFaults,
  supervisorKilled,
  brokenFiles,
  soak,
  rebalanceStorm,
  memory,
  tableBehind,
  notebooks,
  topicReplaced,
  topicsChange,
  diskFull,
];

/**
 * Rows by id or name; all of them when nothing is named.
 *
 * @throws {TypeError} If there is none of that name.
 */
export function chosenRows(words: readonly string[]): readonly Row[] {
  const unknown = words.find((word) => !ROWS.some((row) => isCalled(row, word)));
  if (unknown !== undefined) {
    const all = ROWS.map(({ id, name }) => `${id} ${name}`).join(", ");
    throw new TypeError(`Cannot run the row "${unknown}": there is none of that name (${all})`);
  }
  return ROWS.filter((row) => words.length === 0 || words.some((word) => isCalled(row, word)));
}

function isCalled({ id, name }: Row, word: string): boolean {
  return id.toLowerCase() === word.toLowerCase() || name === word;
}
