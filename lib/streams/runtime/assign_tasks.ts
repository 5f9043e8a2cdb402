/**
 * Hands out tasks: evenly, and to whoever had them before.
 *
 * @module
 */

import type { Candidate } from "../../kafka/engine.ts";

/** A worker as its group's leader knows it. */
export interface Applicant {
  /** The name that Kafka gave it, unique in the group. */
  readonly member: string;
  /** Names of the tasks it runs now, such as `0_1`. */
  readonly tasks: readonly string[];
}

/**
 * Reads what the members of a group announced: the names of their tasks as JSON, nothing at the first join.
 *
 * Whoever may join the group may announce anything: what is no list of names counts as nothing.
 */
export function applicantsOf(candidates: readonly Candidate[]): Applicant[] {
  return candidates.map(({ memberId, announced }) => ({
    member: memberId,
    tasks: namesIn(announced),
  }));
}

function namesIn(announced: string): readonly string[] {
  try {
    const names: unknown = JSON.parse(announced || "[]");
    return Array.isArray(names) ? names.filter((one) => typeof one === "string") : [];
  } catch {
    return [];
  }
}

/**
 * Gives every task to one member. No member gets more than one task above another, tasks stay where they are unless
 * that would be uneven, and the tasks of one sub-topology are spread first.
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
  const members = [...applicants].sort((a, b) => a.member < b.member ? -1 : 1);
  const given = new Map(members.map(({ member }) => [member, new Set<string>()]));
  const least = Math.floor(tasks.length / members.length);
  let seatsAbove = tasks.length - least * members.length;
  const known = new Set(tasks), free = new Set(tasks);
  for (const { member, tasks: had } of members) {
    const kept = given.get(member)!;
    for (const task of spread(had.filter((one) => known.has(one)))) {
      if (!free.has(task) || kept.size > least) continue;
      if (kept.size === least && seatsAbove-- <= 0) break;
      kept.add(task);
      free.delete(task);
    }
  }
  for (const task of tasks) {
    if (!free.has(task)) continue;
    const [, poorest] = [...given].map(([, seats]) => [rank(task, seats), seats] as const)
      .reduce((best, one) => one[0] < best[0] ? one : best);
    poorest.add(task);
  }
  return new Map(
    [...given].map(([member, seats]) => [member, tasks.filter((task) => seats.has(task))]),
  );
}

/** Fewest tasks first; among equals, fewest of the same sub-topology. */
function rank(task: string, seats: ReadonlySet<string>): number {
  const same = [...seats].filter((one) => subTopologyOf(one) === subTopologyOf(task)).length;
  return seats.size * 10_000 + same;
}

/** One of each sub-topology in turn, so that what is given away is spread too. */
function spread(tasks: readonly string[]): string[] {
  const groups = [...Map.groupBy([...tasks].sort(), subTopologyOf).values()];
  const longest = Math.max(0, ...groups.map((group) => group.length));
  return Array.from({ length: longest }, (_, i) => groups.flatMap((group) => group[i] ?? []))
    .flat();
}

function subTopologyOf(task: string): string {
  return task.slice(0, task.indexOf("_"));
}
