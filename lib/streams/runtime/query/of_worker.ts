import { hostName } from "../host_name.ts";
import { storesOf, tasksOfKey } from "../tables.ts";
import type { Worker } from "../worker.ts";
import { Queries } from "./queries.ts";

/** Queries as a worker asks and answers them. */
export function queriesOf(worker: Worker): Queries {
  const { topology, options: { server }, emit } = worker.context;
  return new Queries({
    topology,
    tasksOf: ({ table, key }) => tasksOfKey(worker.context, table, key),
    storeOf: (table, task) => [...storesOf(worker, table)].find(({ name }) => name === task)?.store,
    serverOf: (task) => worker.serverOf(task),
    host: hostName(),
  }, {
    token: server ? server.token : undefined,
    onWaiting: (task, why) => emit({ kind: "waiting", task, why }),
  });
}
