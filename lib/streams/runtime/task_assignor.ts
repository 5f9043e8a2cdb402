/**
 * How the leader of an application's group assigns tasks, and what it tells the others beside them.
 *
 * @module
 */
import type { Assignor } from "../../kafka/engine.ts";
import { assignStandbys } from "./assign_standbys.ts";
import { announcement, applicantsOf, information } from "./group_protocol.ts";
import type { Worker } from "./worker.ts";

/** Assigns tasks and standbys evenly, and tells every member where tasks answer queries. */
export function taskAssignor(worker: Worker): Assignor {
  return {
    name: "taxi-streams-sticky",
    countsPartitions: false,
    announce() {
      const { tasks, standbys, server = null } = worker;
      return announcement({ tasks: tasks.names(), standbys: standbys.upToDate(), server });
    },
    assign(candidates) {
      const assigned = worker.tasks.assign(applicantsOf(candidates));
      return new Map(
        [...assigned].map(([member, names]) => [member, worker.tasks.partitionsOf(names)]),
      );
    },
    inform(candidates) {
      const applicants = applicantsOf(candidates), active = worker.tasks.assign(applicants);
      const standbys = assignStandbys({
        tasks: worker.standbys.candidates,
        active,
        copies: worker.context.options.standbys ?? 0,
      }, applicants);
      const servers = applicants.map(({ member, server }) => ({
        server,
        tasks: active.get(member)!,
      }));
      return new Map(
        [...standbys].map(([member, names]) => [member, information({ standbys: names, servers })]),
      );
    },
  };
}
