import assert from "node:assert/strict";
import { plannedRemovals, reset } from "./reset.ts";
import { writeJson } from "./state.ts";
import { openStateFolder } from "./state_folder.ts";
import { down, status } from "./mod.ts";
import { type ClusterConfig, clusterConfig } from "./cluster_config.ts";
import { lookAt } from "./process.ts";

const unix = Deno.build.os !== "windows";

async function inFolder(test: (folder: string) => Promise<void>) {
  const folder = await Deno.makeTempDir();
  await test(folder).finally(() => Deno.remove(folder, { recursive: true }));
}

const configIn = (folder: string) =>
  clusterConfig(new Map([["TAXI_STATE", `${folder}/state`], ["TAXI_CACHE", `${folder}/cache`]]));

Deno.test("openStateFolder() makes a folder for its owner only", () =>
  inFolder(async (folder) => {
    await openStateFolder(`${folder}/new`);
    await openStateFolder(`${folder}/new`);
    if (unix) assert.equal((await Deno.stat(`${folder}/new`)).mode! & 0o777, 0o700);
  }));

Deno.test("openStateFolder() refuses a link, a file, and a folder that everybody may change", () =>
  inFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/file`, "");
    await assert.rejects(openStateFolder(`${folder}/file`));
    if (!unix) return;
    await Deno.mkdir(`${folder}/open`);
    await Deno.chmod(`${folder}/open`, 0o777);
    await Deno.symlink(`${folder}/open`, `${folder}/link`);
    await assert.rejects(openStateFolder(`${folder}/link`), {
      message: `Cannot keep a cluster in "${folder}/link": it is a link ` +
        "(remove the link, or set TAXI_STATE to a real folder)",
    });
    await assert.rejects(openStateFolder(`${folder}/open`), {
      message: `Cannot keep a cluster in "${folder}/open": everybody may write to it ` +
        `(run "chmod 700 ${folder}/open")`,
    });
  }));

Deno.test("reset() removes our data and nothing else", () =>
  inFolder(async (folder) => {
    const config = configIn(folder);
    await openStateFolder(config.folders.state);
    await Deno.mkdir(`${config.folders.state}/brokers-1/broker-1`, { recursive: true });
    await Deno.writeTextFile(`${config.folders.state}/homework.txt`, "mine");
    const removed = await reset({ config });
    assert.deepEqual(removed.map(({ what }) => what), [
      "topics, records and offsets of the cluster with 1 broker",
      "logs",
    ]);
    const left = await Array.fromAsync(Deno.readDir(config.folders.state));
    assert.deepEqual(left.map(({ name }) => name), ["homework.txt"]);
  }));

Deno.test("reset() touches no folder without our marker, and no download unless asked", () =>
  inFolder(async (folder) => {
    const config = configIn(folder);
    await Deno.mkdir(`${config.folders.state}/brokers-1`, { recursive: true });
    await assert.rejects(reset({ config }), {
      message:
        `Cannot reset "${folder}/state": it does not carry our marker, so its files may be yours ` +
        "(remove it by hand if you are sure)",
    });
    await Deno.remove(config.folders.state, { recursive: true });
    await Deno.mkdir(config.folders.cache);
    await Deno.writeTextFile(`${config.folders.cache}/jar`, "");
    assert.deepEqual(await plannedRemovals({ config }), []);
    await assert.rejects(plannedRemovals({ config, all: true }), {
      message: /does not carry our marker/,
    });
  }));

Deno.test("status() and down() of a cluster that never was say so", () =>
  inFolder(async (folder) => {
    const config = configIn(folder);
    const { up, phase, processes } = await status({ config });
    assert.deepEqual([up, phase, processes], [false, "stopped", []]);
    assert.equal(await down({ config }), false);
  }));

Deno.test("status() does not believe a stale state: its processes have other starts", () =>
  inFolder(async (folder) => {
    const config = configIn(folder);
    await openStateFolder(config.folders.state);
    const stale = { pid: Deno.pid, started: "another boot" };
    writeJson(`${config.folders.state}/cluster.json`, {
      phase: "running",
      supervisor: stale,
      size: 1,
      processes: [{
        name: "broker 1",
        port: 1,
        version: "4.4.0",
        state: "running",
        process: stale,
      }],
      warnings: [],
    });
    const { up, processes } = await status({ config });
    assert.deepEqual([up, processes.map(({ state }) => state)], [false, ["exited"]]);
    assert.equal(await down({ config }), false);
  }));

Deno.test("status() and down() believe no state that others could have written: it names processes to end", () =>
  inFolder(async (folder) => {
    if (!unix) return;
    const config = configIn(folder), { state } = config.folders;
    const victim = new Deno.Command("sleep", { args: ["600"] }).spawn();
    try {
      await openStateFolder(state);
      const started = (await lookAt([victim.pid])).get(victim.pid)?.started ?? "";
      const process = { pid: victim.pid, started };
      const processes = [{ name: "broker 1", port: 1, version: "4", state: "running", process }];
      writeJson(`${state}/cluster.json`, {
        ...{ phase: "running", supervisor: process, size: 1, processes, warnings: [] },
      });
      await Deno.symlink(state, `${folder}/link`);
      const linked = clusterConfig(
        new Map([["TAXI_STATE", `${folder}/link`], ["TAXI_CACHE", `${folder}/cache`]]),
      );
      for (const [config, mode, why] of plantedIn(configIn(folder), linked)) {
        await Deno.chmod(state, mode);
        await assert.rejects(down({ config }), { message: why });
        await assert.rejects(status({ config }), { message: why });
      }
      victim.kill("SIGCONT"); // It lives: otherwise this throws.
    } finally {
      victim.kill("SIGKILL");
      await victim.status;
    }
  }));

/** Ways in which the state is not its user's alone, and what is said. */
function plantedIn(own: ClusterConfig, linked: ClusterConfig) {
  return [
    [own, 0o777, /everybody may write to it/],
    [own, 0o775, /its group may write to it/],
    [linked, 0o700, /it is a link/],
  ] as const;
}

Deno.test("reset() removes no downloads from a folder that others could have filled, or that is a link", () =>
  inFolder(async (folder) => {
    if (!unix) return;
    const config = configIn(folder), { cache } = config.folders;
    await Deno.mkdir(cache);
    await Deno.writeTextFile(`${cache}/taxi-streams-cache`, "");
    await Deno.writeTextFile(`${cache}/homework.txt`, "mine");
    await Deno.symlink(cache, `${folder}/link`);
    const linked = clusterConfig(
      new Map([["TAXI_STATE", `${folder}/state`], ["TAXI_CACHE", `${folder}/link`]]),
    );
    for (const [config, mode, why] of plantedIn(configIn(folder), linked)) {
      await Deno.chmod(cache, mode);
      await assert.rejects(plannedRemovals({ config, all: true }), { message: why });
    }
    assert.equal(await Deno.readTextFile(`${cache}/homework.txt`), "mine");
  }));
