import { down, up } from "../../../lib/cluster/mod.ts";
import { kill } from "../../../lib/cluster/process.ts";
import { type ClusterState, readJson, statePaths } from "../../../lib/cluster/state.ts";
import { inOwnCluster } from "../../own_cluster.ts";
import type { Anomaly } from "../anomalies.ts";
import type { Row } from "../row.ts";
import { failedTests } from "../test_files.ts";

/** R19: the program that keeps Kafka is killed; the next start finds what it left running. The tests run in `deno task test`, too. */
export const supervisorKilled: Row = {
  id: "R19",
  name: "supervisor-killed",
  about:
    "the supervisor, or the start itself, is killed -9: the next start ends or adopts what is left, never a second " +
    "broker on the same folder, and the data is there",
  brokers: 0,
  gate: false,
  rounds: 1,
  gateRounds: 1,
  run: () => failedTests(["lib/cluster/cluster_own_test.ts"]),
  control: {
    about:
      "without what the supervisor wrote down, the next start does not know whose broker it meets",
    finds: ["wrong exit"],
    run: async () => {
      const anomalies: Anomaly[] = [];
      await inOwnCluster({ SCHEMA_REGISTRY_URL: "http://localhost:1" }, async (config) => {
        await up({ config });
        const { state: path } = statePaths(config.folders.state);
        const state = (await readJson<ClusterState>(path))!;
        // Its input ends with the supervisor, and it would end: one that hangs does not.
        for (const { process } of state.processes) if (process) Deno.kill(process.pid, "SIGSTOP");
        Deno.kill(state.supervisor.pid, "SIGKILL");
        await Deno.remove(path);
        try {
          await up({ config });
        } catch (error) {
          anomalies.push({ kind: "wrong exit", detail: (error as Error).message });
        } finally {
          for (const { process } of state.processes) await kill(process);
          await down({ config });
        }
      });
      return { anomalies, figures: {} };
    },
  },
};
