import assert from "node:assert/strict";
import { platform } from "../../platform/mod.ts";
import { clusterConfig } from "../cluster_config.ts";
import { type ClusterState, readJson, statePaths } from "../state.ts";
import { openStateFolder } from "../state_folder.ts";
import { follow } from "../supervisor_client.ts";
import { StateFile } from "./state_file.ts";

const START = {
  supervisor: { pid: 1, started: "s" },
  size: 1,
  platform: platform("linux"),
} as const;

async function inFolder(test: (folder: string) => Promise<void>) {
  const folder = await Deno.makeTempDir();
  await test(folder).finally(() => Deno.remove(folder, { recursive: true }));
}

Deno.test("StateFile says the next phase although no rename works, so that the supervisor can end", () =>
  inFolder(async (folder) => {
    let isHeld = false;
    const rename = (from: string, to: string) => {
      if (isHeld) throw new Deno.errors.PermissionDenied("another program has it open");
      Deno.renameSync(from, to);
    };
    const path = `${folder}/cluster.json`;
    const file = new StateFile(path, { ...START, platform: platform("windows", { rename }) });
    isHeld = true;
    file.phase("running");
    assert.equal((await readJson<ClusterState>(path))!.phase, "running");
    // Not even in place: the change is kept, and written with the next one.
    await Deno.remove(path);
    await Deno.mkdir(path);
    file.warn("odd");
    assert.deepEqual(file.state.warnings, ["odd"]);
    await Deno.remove(path);
    isHeld = false;
    file.phase("stopped");
    const { phase, warnings } = (await readJson<ClusterState>(path))!;
    assert.deepEqual([phase, warnings], ["stopped", ["odd"]]);
  }));

Deno.test("follow() does not wait for ever for a supervisor that says nothing new", () =>
  inFolder(async (folder) => {
    const config = clusterConfig(new Map([["TAXI_STATE", `${folder}/state`]]));
    await openStateFolder(config.folders.state);
    const { state, logs } = statePaths(config.folders.state);
    new StateFile(state, START).doing("Preparing storage");
    const said: string[] = [];
    const waiting = follow(config, {
      isStarting: () => Promise.resolve(true),
      progress: ({ text }) => said.push(text),
      newsWithinMs: 1,
    });
    await assert.rejects(waiting, {
      message: "Cannot start Kafka: its supervisor has said nothing new for 0.001 s " +
        `(run "deno task down", then look at "${logs}")`,
    });
    assert.deepEqual(said, ["Preparing storage"]);
  }));
