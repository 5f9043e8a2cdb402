import assert from "node:assert/strict";
import { platform } from "../platform/mod.ts";
import { clusterConfig } from "./cluster_config.ts";
import { statePaths } from "./state.ts";
import { tell } from "./supervisor_client.ts";

Deno.test("tell() sends a signal where no command can be written, but on Windows it only says so", async () => {
  const folder = await Deno.makeTempDir();
  const config = clusterConfig(new Map([["TAXI_STATE", folder]])), paths = statePaths(folder);
  const told: unknown[] = [];
  const kill = (...args: unknown[]) => told.push(args) > 0;
  // A folder of that name lets nobody write the file, as a full disk does.
  await Deno.mkdir(`${paths.command}/full`, { recursive: true });
  await Deno.writeTextFile(paths.state, JSON.stringify({ supervisor: { pid: 42 } }));
  assert.throws(() => tell(config, { command: "stop" }, platform("windows", { kill })));
  assert.throws(() => tell(config, { command: "restart" }, platform("linux", { kill })));
  assert.deepEqual(told, []);
  tell(config, { command: "stop" }, platform("linux", { kill }));
  assert.deepEqual(told, [[42, "SIGTERM"]]);
  await Deno.remove(folder, { recursive: true });
});
