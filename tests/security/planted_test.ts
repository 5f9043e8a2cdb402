/** Folders that somebody else could have prepared: each task that reads or runs anything from them refuses, as a whole command. */
import assert from "node:assert/strict";
import { identify } from "../../lib/cluster/process.ts";
import { folders } from "../../lib/settings/mod.ts";

const isRoot = Deno.build.os === "linux" && Deno.uid() === 0;
const OTHER_USER = 1234;

/** Ways in which a folder is not its user's alone, and what is said of each. */
const PLANTED: Readonly<Record<string, RegExp>> = {
  "open": /everybody may write to it/,
  "group": /its group may write to it/,
  "link": /it is a link/,
  "link/": /it is a link/,
  "link/.": /it is a link/,
  theirs: /it belongs to user 1234, not to you/,
};

/** Makes them, each with what would run, delete or end something if it were believed. */
async function plant(folder: string, victim: number): Promise<void> {
  for (
    const [name, mode] of [["open", 0o777], ["group", 0o770], ["theirs", 0o755], [
      "real",
      0o700,
    ]] as const
  ) {
    const path = `${folder}/${name}`;
    await Deno.mkdir(`${path}/jupyter/config`, { recursive: true });
    await Deno.mkdir(`${path}/java/bin`, { recursive: true });
    await Deno.mkdir(`${path}/brokers-1`);
    await Deno.writeTextFile(`${path}/brokers-1/homework.txt`, "mine");
    await Deno.writeTextFile(`${path}/taxi-streams-state`, "");
    await Deno.writeTextFile(`${path}/taxi-streams-cache`, "");
    await Deno.writeTextFile(
      `${path}/jupyter/config/jupyter_server_config.py`,
      `open("${folder}/ran", "w").write("python")`,
    );
    await Deno.writeTextFile(`${path}/java/bin/java`, `#!/bin/sh\necho java > ${folder}/ran\n`);
    await Deno.chmod(`${path}/java/bin/java`, 0o755);
    // As the cluster's state names it: anybody can find that out about any process.
    const process = await identify(victim);
    assert.ok(process);
    const processes = [{ name: "broker 1", port: 1, version: "4", state: "running", process }];
    await Deno.writeTextFile(
      `${path}/cluster.json`,
      JSON.stringify({ phase: "running", supervisor: process, size: 1, processes, warnings: [] }),
    );
    await Deno.chmod(path, mode);
    if (name === "theirs" && isRoot) await Deno.chown(path, OTHER_USER, OTHER_USER);
  }
  await Deno.symlink(`${folder}/real`, `${folder}/link`);
}

/** Every task that reads or runs anything from the state folder, or from the cache, and a way that is tried with it. */
const OF_STATE: readonly [command: string, way: string][] = [
  ["up", "group"],
  ["down", "theirs"],
  ["status", "link/"],
  ["reset --yes", "link/."],
  ["lab --no-browser", "open"],
  ["doctor", "link"],
];
const OF_CACHE: readonly [command: string, way: string][] = [
  ["up", "theirs"],
  ["reset --all --yes", "group"],
  ["up", "link/"],
];

Deno.test({
  name: "planted folders are refused by every task that reads or runs anything from them",
  ignore: Deno.build.os === "windows",
  fn: async () => {
    const folder = await Deno.realPath(await Deno.makeTempDir());
    const victim = new Deno.Command("sleep", { args: ["600"] }).spawn();
    try {
      await plant(folder, victim.pid);
      const run = async (command: string, env: Record<string, string>) => {
        const [task, ...args] = command.split(" ");
        const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
          args: ["run", "-A", "--quiet", "--no-check", `tasks/${task}.ts`, ...args],
          cwd: folders().root,
          env: {
            ...env,
            NO_COLOR: "1",
            // No cluster of ours is to be started, found or stopped.
            ...{ KAFKA_BROKERS: "", SCHEMA_REGISTRY_URL: "", TAXI_KAFKA_PORT: "1" },
          },
          stdin: "null",
        }).output();
        return { code, said: new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr) };
      };
      // They all ask one function, which has tests of its own: here each asks it, and does so first.
      const refused = async (command: string, way: string, env: Record<string, string>) => {
        const { code, said } = await run(command, env);
        assert.notEqual(code, 0, `${command}, ${way}: ${said}`);
        assert.match(said, PLANTED[way]!, `${command}, ${way}`);
      };
      const other = (way: string) => way === "theirs" && !isRoot ? "open" : way;
      await Promise.all([
        ...OF_STATE.map(([command, way]) =>
          refused(command, other(way), {
            TAXI_STATE: `${folder}/${other(way)}`,
            TAXI_CACHE: `${folder}/own`,
          })
        ),
        ...OF_CACHE.map(([command, way], i) =>
          refused(command, other(way), {
            TAXI_STATE: `${folder}/own-${i}`,
            TAXI_CACHE: `${folder}/${other(way)}`,
          })
        ),
      ]);
      // Nothing ran, nothing was deleted, no process was ended.
      await assert.rejects(Deno.stat(`${folder}/ran`), Deno.errors.NotFound);
      for (const name of ["open", "group", "theirs", "real"]) {
        assert.equal(await Deno.readTextFile(`${folder}/${name}/brokers-1/homework.txt`), "mine");
      }
      victim.kill("SIGCONT");
    } finally {
      victim.kill("SIGKILL");
      await victim.status;
      await Deno.remove(folder, { recursive: true });
    }
  },
});
