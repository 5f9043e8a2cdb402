/**
 * Assigns tasks: evenly, and to the worker that had them before or has a copy of their rows.
 *
 * @module
 */

/** A worker as its group's leader knows it. */
export interface Applicant {
  /** The name that Kafka gave it, unique in the group. */
  readonly member: string;
  /** Names of the tasks it runs now, such as `0_1`. */
  readonly tasks: readonly string[];
  /** Names of the tasks whose rows it keeps a copy of that is up to date. @default none */
  readonly standbys?: readonly string[];
}

/**
 * Assigns every task to one member. No member gets more than one task above another, tasks stay where they are unless
 * that would be uneven, those of a member that is gone go where their rows are, and the tasks of one sub-topology are
 * spread first.
 *
 * @example Two workers share four tasks; what they had, they keep
 * ```ts
 * import assert from "node:assert/strict";
 * import { assignTasks } from "./assign_tasks.ts";
 * const given = assignTasks(["0_0", "0_1", "1_0", "1_1"], [
 *   { member: "a", tasks: ["0_0", "0_1", "1_0", "1_1"] },
 *   { member: "b", tasks: [] },
 * ]);
 * assert.deepEqual(given.get("b")?.length, 2);
 * ```
 * @param tasks Names, `<sub-topology>_<partition>`; each once
 * @param applicants At least one
 * @returns Member -> tasks, in the order of `tasks`. The same whichever order applicants come in.
 * See: the idea of Kafka Streams' `StickyTaskAssignor` (no warm-up of replicas here)
 */
export function assignTasks(
  tasks: readonly string[],
  applicants: readonly Applicant[],
): ReadonlyMap<string, readonly string[]> {
  const members = byName(applicants);
  const given = new Map(members.map(({ member }) => [member, new Set<string>()]));
  const min = Math.floor(tasks.length / members.length);
  let membersAboveMin = tasks.length - min * members.length;
  const free = new Set(tasks);
  /** Assigns a task to a member, if no other has it and that would not be uneven. */
  const give = (task: string, seats: Set<string>) => {
    if (!free.has(task) || seats.size > min) return;
    if (seats.size === min && membersAboveMin <= 0) return;
    if (seats.size === min) membersAboveMin--;
    seats.add(task);
    free.delete(task);
  };
  for (const { member, tasks: had } of members) {
    for (const task of spread(had)) give(task, given.get(member)!);
  }
  for (const task of tasks) {
    const copies = members.filter(({ standbys = [] }) => standbys.includes(task))
      .map(({ member }) => given.get(member)!).sort((a, b) => a.size - b.size);
    for (const seats of copies) give(task, seats);
  }
  for (const task of tasks) if (free.has(task)) leastLoaded(task, [...given.values()]).add(task);
  return new Map(
    [...given].map(([member, seats]) => [member, tasks.filter((task) => seats.has(task))]),
  );
}

/** Applicants in an order that does not depend on how they came. */
export function byName(applicants: readonly Applicant[]): readonly Applicant[] {
  return applicants.toSorted((a, b) => a.member < b.member ? -1 : 1);
}

/** Fewest tasks first; among equals, fewest of the same sub-topology. */
export function leastLoaded<Load extends ReadonlySet<string>>(
  task: string,
  loads: readonly Load[],
): Load {
  const sub = subTopologyOf(task);
  const rank = (load: Load) =>
    load.size * 10_000 + [...load].filter((one) => subTopologyOf(one) === sub).length;
  return loads.reduce((best, one) => rank(one) < rank(best) ? one : best);
}

/** One of each sub-topology in turn, so that what is given away is spread too. */
function spread(tasks: readonly string[]): string[] {
  const groups = [...Map.groupBy(tasks.toSorted(), subTopologyOf).values()];
  const longest = Math.max(0, ...groups.map((group) => group.length));
  return Array.from({ length: longest }, (_, i) => groups.flatMap((group) => group[i] ?? []))
    .flat();
}

function subTopologyOf(task: string): string {
  return task.slice(0, task.indexOf("_"));
}
