/**
 * Assigns standby tasks: copies of a task's rows on members that do not run it.
 *
 * @module
 */
import { type Applicant, byName, leastLoaded } from "./assign_tasks.ts";

/** What standbys are assigned from. */
export interface StandbyPlan {
  /** Tasks that have rows in changelogs; each once. */
  readonly tasks: readonly string[];
  /** Member -> tasks that it runs, every member of the group. */
  readonly active: ReadonlyMap<string, readonly string[]>;
  /** How many copies of each task there are to be, where there are members enough. */
  readonly copies: number;
}

/**
 * Assigns each task's standbys to members that do not run it. A copy stays where it is, and a member that ran the task
 * keeps its rows as a copy, unless that member had more than its share; what is left goes to who has least to do.
 *
 * @example The worker that does not run a task keeps a copy of it
 * ```ts
 * import assert from "node:assert/strict";
 * import { assignStandbys } from "./assign_standbys.ts";
 * const given = assignStandbys({
 *   tasks: ["0_0", "0_1"],
 *   active: new Map([["a", ["0_0"]], ["b", ["0_1"]]]),
 *   copies: 1,
 * }, [{ member: "a", tasks: [] }, { member: "b", tasks: [] }]);
 * assert.deepEqual(given, new Map([["a", ["0_1"]], ["b", ["0_0"]]]));
 * ```
 * @returns Member -> tasks, in the order of `tasks`
 * See: Kafka Streams' `StickyTaskAssignor`, `num.standby.replicas`
 */
export function assignStandbys(
  { tasks, active, copies }: StandbyPlan,
  applicants: readonly Applicant[],
): ReadonlyMap<string, readonly string[]> {
  const members = byName(applicants);
  // A member's load is all that it runs and copies; the same name is never twice in one.
  const loads = new Map(members.map(({ member }) => [member, new Set(active.get(member))]));
  const each = Math.min(copies, members.length - 1);
  const running = [...active.values()].reduce((sum, { length }) => sum + length, 0);
  const share = Math.ceil((running + tasks.length * each) / members.length);
  const missing = new Map(tasks.map((task) => [task, each]));
  const give = (task: string, load: Set<string>) => {
    load.add(task);
    missing.set(task, missing.get(task)! - 1);
  };
  for (const kind of ["standbys", "tasks"] as const) {
    for (const applicant of members) {
      const load = loads.get(applicant.member)!;
      for (const task of applicant[kind] ?? []) {
        if ((missing.get(task) ?? 0) > 0 && !load.has(task) && load.size < share) give(task, load);
      }
    }
  }
  for (const [task] of missing) {
    while (missing.get(task)! > 0) {
      give(task, leastLoaded(task, [...loads.values()].filter((load) => !load.has(task))));
    }
  }
  const runs = (member: string, task: string) => active.get(member)?.includes(task) ?? false;
  return new Map([...loads].map(([member, load]) => [
    member,
    tasks.filter((task) => load.has(task) && !runs(member, task)),
  ]));
}
