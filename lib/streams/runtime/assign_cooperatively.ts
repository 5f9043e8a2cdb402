/**
 * Assigns tasks to workers that go on with theirs during a rebalance: what has to move is given up in one round, and
 * taken in the next.
 *
 * @module
 */
import { type Applicant, assignTasks } from "./assign_tasks.ts";

/** A worker as its group's leader knows it, with the tasks that it will not share. */
export interface Claimant extends Applicant {
  /** Names of the tasks that it goes on with until it hears that it must not; none where it has given all of them back. */
  readonly owned: readonly string[];
}

/** Member -> tasks. */
type Assignment = ReadonlyMap<string, readonly string[]>;

/**
 * Assigns as {@link assignTasks}, and leaves out of it what another member still owns: that member gives it up, joins once
 * more, and then its new owner gets it.
 *
 * @example A worker joins one that has both tasks: it gets its own in the second round
 * ```ts
 * import assert from "node:assert/strict";
 * import { assignCooperatively } from "./assign_cooperatively.ts";
 * const a = { member: "a", tasks: ["0_0", "0_1"], owned: ["0_0", "0_1"] };
 * const b = { member: "b", tasks: [], owned: [] };
 * const first = assignCooperatively(["0_0", "0_1"], [a, b]);
 * assert.deepEqual(first.now, new Map([["a", ["0_0"]], ["b", []]]));
 * const second = assignCooperatively(["0_0", "0_1"], [{ ...a, tasks: ["0_0"], owned: ["0_0"] }, b]);
 * assert.deepEqual(second.now, new Map([["a", ["0_0"]], ["b", ["0_1"]]]));
 * ```
 * @returns `now`: what each member is to run in this round. `target`: where all tasks are to be in the end.
 * See: KIP-429; the same in Kafka Streams' `StreamsPartitionAssignor`
 */
export function assignCooperatively(
  tasks: readonly string[],
  claimants: readonly Claimant[],
): { readonly now: Assignment; readonly target: Assignment } {
  const owners = Map.groupBy(
    claimants.flatMap(({ member, owned }) => owned.map((task) => ({ member, task }))),
    ({ task }) => task,
  );
  const isOthers = (task: string, member: string) =>
    owners.get(task)?.some((one) => one.member !== member) ?? false;
  // What a member announces may be long past: one that was frozen does not know yet that others have its tasks.
  const target = assignTasks(
    tasks,
    claimants.map((one) => ({
      ...one,
      tasks: [...new Set([...one.owned, ...one.tasks])]
        .filter((task) => one.owned.includes(task) || !isOthers(task, one.member)),
    })),
  );
  const now = [...target].map(([member, names]) =>
    [member, names.filter((task) => !isOthers(task, member))] as const
  );
  return { now: new Map(now), target };
}
