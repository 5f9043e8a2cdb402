import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { environmentOf, inOwnCluster, produce, valuesOf } from "../../tests/own_cluster.ts";
import { lookAt } from "./process.ts";
import { down, status, stopBroker, up } from "./mod.ts";
import { type ClusterState, readJson, statePaths } from "./state.ts";
import { supervisorGone } from "./supervisor_client.ts";

const NO_REGISTRY = { SCHEMA_REGISTRY_URL: "http://localhost:1" };
const SUPERVISOR = fileURLToPath(
  new URL("../../tests/supervisor_without_signals.ts", import.meta.url),
);

const namesIn = (folder: string) => [...Deno.readDirSync(folder)].map(({ name }) => name).sort();

Deno.test("without a signal and without a list of processes, a cluster starts, loses a broker, stops clean", () =>
  inOwnCluster(NO_REGISTRY, async (config) => {
    const paths = statePaths(config.folders.state);
    await up({ config, supervisor: SUPERVISOR });
    const state = (await readJson<ClusterState>(paths.state))!;
    assert.deepEqual(state.processes.map(({ process }) => process?.started), [""]);
    assert.equal((await status({ config })).phase, "running");
    const settings = await Deno.readTextFile(`${paths.brokers(1)}/broker-1.properties`);
    assert.match(settings, /^delete\.topic\.enable=false$/m);
    await produce(config, { topic: "demo_1", values: ["a", "b"] });

    await stopBroker(1, { config });
    const [broker] = (await readJson<ClusterState>(paths.state))!.processes;
    assert.equal(broker!.why, 'it was stopped (run "deno task up" to start it again)');
    assert.ok(namesIn(paths.broker(1, 1)).includes(".kafka_cleanshutdown"));
    await up({ config });
    assert.deepEqual(await valuesOf(config, "demo_1"), ["a", "b"]);

    const pids = (await readJson<ClusterState>(paths.state))!.processes.map((one) =>
      one.process!.pid
    );
    assert.equal((await lookAt(pids)).size, 1);
    await down({ config });
    assert.ok(namesIn(paths.broker(1, 1)).includes(".kafka_cleanshutdown"));
    assert.deepEqual([...(await lookAt(pids)).keys()], []);
  }));

Deno.test("a cluster that ends with its starter stops clean when that is killed", () =>
  inOwnCluster(NO_REGISTRY, async (config) => {
    const code = `
      const { clusterConfig, up } = await import("${new URL("./mod.ts", import.meta.url)}");
      await up({ config: clusterConfig(), endsWithUs: true });
      console.log("up");
      setInterval(() => {}, 1_000);`;
    const starter = new Deno.Command(Deno.execPath(), {
      args: ["eval", "--quiet", code],
      env: environmentOf(config),
      stdin: "null",
      stdout: "piped",
    }).spawn();
    const reader = starter.stdout.getReader();
    assert.equal(new TextDecoder().decode((await reader.read()).value), "up\n");
    const paths = statePaths(config.folders.state);
    const pids = (await readJson<ClusterState>(paths.state))!.processes.map((one) =>
      one.process!.pid
    );
    starter.kill("SIGKILL");
    await starter.status;
    await reader.cancel();
    // Noticed within five seconds; a broker then has its time to write.
    while ((await readJson<ClusterState>(paths.state))!.phase === "running") {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    assert.ok(await supervisorGone(config, 60_000));
    assert.ok(namesIn(paths.broker(1, 1)).includes(".kafka_cleanshutdown"));
    assert.deepEqual([...(await lookAt(pids)).keys()], []);
  }));
