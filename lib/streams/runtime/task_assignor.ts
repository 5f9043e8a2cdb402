/**
 * How the leader of an application's group assigns tasks, and what it tells the others beside them.
 *
 * @module
 */
import type { Assignor, Candidate } from "../../kafka/engine.ts";
import { assignCooperatively } from "./assign_cooperatively.ts";
import { assignStandbys } from "./assign_standbys.ts";
import { announcement, applicantsOf, information, informationOf } from "./group_protocol.ts";
import type { ServerAddress } from "./query/queries.ts";
import type { StandbySet } from "./standby_set.ts";
import type { TaskManager } from "./task_manager.ts";

/** What of a worker is needed to assign for its group. */
export interface Assigning {
  readonly tasks: Pick<TaskManager, "all" | "names" | "namesOf" | "partitionsOf">;
  readonly standbys: Pick<StandbySet, "candidates" | "upToDate">;
  readonly server: ServerAddress | undefined;
  readonly context: { readonly options: { readonly standbys?: number } };
}

/**
 * Assigns tasks and standbys evenly, and tells every member where tasks answer queries. Members keep their tasks during a
 * rebalance, but for those that move.
 */
export function taskAssignor(worker: Assigning): Assignor {
  const claimantsOf = (candidates: readonly Candidate[]) =>
    applicantsOf(candidates).map((applicant, i) => ({
      ...applicant,
      owned: [...worker.tasks.namesOf(candidates[i]!.owned)],
    }));
  return {
    name: "taxi-streams-cooperative",
    cooperative: true,
    countsPartitions: false,
    announce() {
      const { tasks, standbys, server = null } = worker;
      return announcement({ tasks: tasks.names(), standbys: standbys.upToDate(), server });
    },
    assign(candidates) {
      const { tasks } = worker;
      const { now } = assignCooperatively(tasks.all, claimantsOf(candidates));
      return new Map([...now].map(([member, names]) => [member, tasks.partitionsOf(names)]));
    },
    inform(candidates) {
      const claimants = claimantsOf(candidates);
      const { now, target } = assignCooperatively(worker.tasks.all, claimants);
      const standbys = assignStandbys({
        tasks: worker.standbys.candidates,
        active: target,
        copies: worker.context.options.standbys ?? 0,
      }, claimants);
      const servers = claimants.map(({ member, server }) => ({ server, tasks: now.get(member)! }));
      return new Map(claimants.map(({ member, standbys: copies }) => {
        // A copy of a task that is on its way here is what the task will go on with.
        const expected = target.get(member)!.filter((task) => !now.get(member)!.includes(task));
        const its = [...standbys.get(member)!, ...expected.filter((task) => copies.includes(task))];
        return [member, information({ standbys: its, servers })];
      }));
    },
    isPartial: (informed) => isPartial(informed, worker.tasks.all),
  };
}

/** As {@link taskAssignor}, for groups with members that give everything back before each rebalance, as all did once. */
export function eagerTaskAssignor(worker: Assigning): Assignor {
  return { ...taskAssignor(worker), name: "taxi-streams-sticky", cooperative: false };
}

/** Whether a task has no worker until others have given it up, by what the leader tells. */
export function isPartial(informed: string, all: readonly string[]): boolean {
  const { servers } = informationOf(informed), assigned = servers.flatMap(({ tasks }) => tasks);
  return servers.length > 0 && new Set(assigned).size < all.length;
}
