import { inOwnCluster, produce, valuesOf } from "../../own_cluster.ts";
import { down, up } from "../../../lib/cluster/mod.ts";
import { statePaths } from "../../../lib/cluster/state.ts";
import type { Anomaly } from "../anomalies.ts";
import type { Row } from "../row.ts";
import { failedTests } from "../test_files.ts";

/**
 * R18: what keeps Kafka from starting, or lets it start damaged. The faults are done and judged by the test files of
 * `lib/cluster`, which run in `deno task test` by themselves; the row runs the same files.
 */
export const startFaults: Row = {
  id: "R18",
  name: "start-faults",
  about:
    "data, metadata and checkpoints damaged, ports taken, folders foreign, disks full: one line of cause and action, " +
    "and damage that Kafka starts with is told",
  brokers: 0,
  gate: false,
  rounds: 1,
  gateRounds: 1,
  run: () =>
    failedTests([
      "lib/cluster/faults/before_start_test.ts",
      "lib/cluster/faults/data_folder_test.ts",
      "lib/cluster/faults/words_test.ts",
      "lib/cluster/up_test.ts",
      "lib/cluster/faults/faults_own_test.ts",
    ]),
  control: {
    about:
      "without what was written down at the stop, Kafka starts as if a lost topic had always been empty",
    finds: ["lost write"],
    run: async () => {
      const anomalies: Anomaly[] = [];
      await inOwnCluster({ SCHEMA_REGISTRY_URL: "http://localhost:1" }, async (config) => {
        const paths = statePaths(config.folders.state), topic = "demo_1";
        await up({ config });
        await produce(config, { topic, values: ["a", "b", "c"] });
        await down({ config });
        await Deno.remove(`${paths.broker(1, 1)}/${topic}-0`, { recursive: true });
        const meta = `${paths.brokers(1)}/cluster.json`;
        const { inventories: _, ...rest } = JSON.parse(await Deno.readTextFile(meta));
        await Deno.writeTextFile(meta, JSON.stringify(rest));
        const { warnings } = await up({ config });
        const left = (await valuesOf(config, topic)).length;
        if (warnings.length === 0 && left < 3) {
          anomalies.push({ kind: "lost write", detail: `${left} of 3 records, and not a word` });
        }
      });
      return { anomalies, figures: {} };
    },
  },
};
