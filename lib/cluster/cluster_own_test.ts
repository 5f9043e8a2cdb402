import assert from "node:assert/strict";
import { environmentOf, inOwnWorld, produce, valuesOf } from "../../tests/own_cluster.ts";
import { diagnose, down, status, up, type World } from "./mod.ts";
import { gone, isRunning } from "./process.ts";
import { type ClusterState, readJson, statePaths } from "./state.ts";

const keeper = async (world: World) =>
  (await readJson<ClusterState>(statePaths(world.folders.state).state))!;

async function registerSchema(registry: string, type: string): Promise<number> {
  const schema = JSON.stringify({
    type: "record",
    name: "Ride",
    fields: [{ name: "amount", type }],
  });
  const response = await fetch(`${registry}/subjects/rides-value/versions`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ schema }),
  });
  await response.body?.cancel();
  return response.status;
}

/** Addresses that a process of ours listens on, in the kernel's own notation; Linux only. */
async function openAddresses(pids: readonly number[]): Promise<string[]> {
  const inodes = new Set(
    pids.flatMap((pid) =>
      [...Deno.readDirSync(`/proc/${pid}/fd`)].map(({ name }) => {
        try {
          return Deno.readLinkSync(`/proc/${pid}/fd/${name}`).match(/^socket:\[(\d+)\]$/)?.[1];
        } catch {
          return undefined;
        }
      })
    ),
  );
  const found: string[] = [];
  for (const table of ["tcp", "tcp6"]) {
    const lines = (await Deno.readTextFile(`/proc/net/${table}`)).split("\n");
    for (
      const [, local, , state, , , , , , inode] of lines.map((line) => line.trim().split(/\s+/))
    ) {
      if (state === "0A" && inodes.has(inode)) found.push(local!.split(":")[0]!);
    }
  }
  return [...new Set(found)].sort();
}

Deno.test("a cluster comes up, keeps data and schemas, and survives its keeper's death", () =>
  inOwnWorld({}, async (world) => {
    // Two at once: one starts it, the other waits for it.
    const both = await Promise.all([1, 2].map(() => up({ world })));
    assert.deepEqual(both.map(({ started }) => started).sort(), [false, true]);
    const { registry } = both[0]!;

    const now = await status({ world });
    assert.deepEqual(
      now.processes.map(({ name, state }) => `${name} ${state}`),
      ["broker 1 running", "registry running", "keeper running"],
    );
    if (Deno.build.os === "linux") {
      const pids = now.processes.map(({ pid }) => pid!);
      // 127.0.0.1 for the keeper; Java writes the same address in IPv6.
      assert.deepEqual(await openAddresses(pids), [
        "0000000000000000FFFF00000100007F",
        "0100007F",
      ]);
    }
    assert.equal(await registerSchema(registry, "float"), 200);
    assert.equal(await registerSchema(registry, "string"), 409, "BACKWARD forbids it");
    await produce(world, { topic: "demo_1", values: ["a", "b", "c"] });

    assert.deepEqual(
      (await diagnose({ world })).filter(({ ok, topic }) => !ok && topic !== "memory"),
      [],
    );

    await down({ world });
    assert.equal((await status({ world })).up, false);
    await up({ world });
    assert.deepEqual(await valuesOf(world, "demo_1"), ["a", "b", "c"]);
    assert.equal(await registerSchema(registry, "string"), 409, "the schema was kept");

    // Its Java processes go on without it; the next start ends them first.
    const before = await keeper(world);
    Deno.kill(before.keeper.pid, "SIGKILL");
    await gone(before.keeper, 10_000);
    await up({ world });
    const after = await keeper(world);
    for (const { process } of before.nodes) assert.equal(await isRunning(process), false);
    assert.notEqual(after.keeper.pid, before.keeper.pid);
    assert.deepEqual(await valuesOf(world, "demo_1"), ["a", "b", "c"]);

    // Nobody could stop a cluster whose folder is gone: it stops itself.
    await Deno.rename(world.folders.state, `${world.folders.state}-away`);
    for (const id of [after.keeper, ...after.nodes.map(({ process }) => process)]) {
      while (await isRunning(id)) await new Promise((resolve) => setTimeout(resolve, 50));
    }
    await Deno.remove(`${world.folders.state}-away`, { recursive: true });
  }));

Deno.test("up that was killed half-way is finished by the next up; a second checkout is named", () =>
  inOwnWorld({ SCHEMA_REGISTRY_URL: "http://localhost:1" }, async (world) => {
    const child = new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", `${world.folders.root}/tasks/up.ts`],
      env: environmentOf(world),
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).spawn();
    const begun = async () => (await readJson<ClusterState>(statePaths(world.folders.state).state));
    while (await begun() === undefined) await new Promise((resolve) => setTimeout(resolve, 20));
    child.kill("SIGKILL");
    await child.status;
    const first = (await begun())!.keeper.pid;
    await up({ world });
    assert.equal((await keeper(world)).keeper.pid, first, "the keeper went on alone");

    await inOwnWorld({}, async (other) => {
      const neighbour = { ...other, ports: world.ports };
      await assert.rejects(up({ world: neighbour }), (error: Error) => {
        const owner = Deno.build.os === "linux"
          ? `the Taxi Streams checkout in "${world.folders.root}"`
          : "";
        assert.ok(
          error.message.startsWith(
            `Cannot start broker 1: port ${world.ports.kafka} is taken by ${owner}`,
          ),
          error.message,
        );
        assert.match(error.message, /set TAXI_KAFKA_PORT to another port\)$/);
        return true;
      });
    });
    await assert.rejects(up({ world, brokers: 3 }), {
      message: "Cannot start 3 brokers: a cluster with 1 broker is running " +
        '(run "deno task down" first; each size keeps its own data)',
    });
  }));
