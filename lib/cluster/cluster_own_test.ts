import assert from "node:assert/strict";
import { environmentOf, inOwnWorld, produce, valuesOf } from "../../tests/own_cluster.ts";
import { commandLine, familyOf, listenersOf } from "../../tests/listeners.ts";
import { diagnose, down, isFree, status, up, type World } from "./mod.ts";
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

/** Files below a folder that hold a text; what Kafka and the registry keep in their own format is theirs. */
async function filesWith(folder: string, text: string): Promise<string[]> {
  const found: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const path = `${folder}/${name}`;
    if (isDirectory) found.push(...await filesWith(path, text));
    else if (/\.(log|json|properties)$/.test(name) && !/^\d+\.log$/.test(name)) {
      if ((await Deno.readTextFile(path)).includes(text)) found.push(path);
    }
  }
  return found;
}

const modeOf = (path: string) => Deno.statSync(path).mode! & 0o777;

const PASSWORD = "m4rker-password";

Deno.test("a cluster comes up, keeps data and schemas, and survives its keeper's death", () =>
  inOwnWorld({}, async (world) => {
    for (const name of ["KAFKA_PASSWORD", "SCHEMA_REGISTRY_PASSWORD"]) Deno.env.set(name, PASSWORD);
    const controlCenterPort = world.ports.registry + 1;
    // Two at once: one starts it, the other waits for it.
    const both = await Promise.all([1, 2].map(() => up({ world, controlCenterPort })));
    assert.deepEqual(both.map(({ started }) => started).sort(), [false, true]);
    const { registry } = both[0]!;

    const now = await status({ world });
    assert.deepEqual(
      now.processes.map(({ name, state }) => `${name} ${state}`),
      ["broker 1 running", "registry running", "keeper running"],
    );
    if (Deno.build.os === "linux") {
      // Nothing waits for the Control Center; this does.
      while (isFree(controlCenterPort)) await new Promise((resolve) => setTimeout(resolve, 50));
      const family = familyOf((await keeper(world)).keeper.pid);
      const open = listenersOf(family);
      assert.deepEqual(open.filter(({ loopback }) => !loopback), [], "other machines reach it");
      const { kafka, registry: door } = world.ports;
      const known = [kafka, kafka + 1, door, controlCenterPort];
      assert.deepEqual(known.filter((port) => !open.some((one) => one.port === port)), []);
      // Besides: the registry behind its door, and its management port.
      assert.equal(open.filter(({ port }) => !known.includes(port)).length, 2);
      for (const pid of family) assert.ok(!commandLine(pid).includes(PASSWORD));
      const { state: folder } = world.folders;
      assert.deepEqual([folder, `${folder}/log`, `${folder}/brokers-1`].map(modeOf), [
        ...[0o700, 0o700, 0o700],
      ]);
      const files = ["cluster.json", "brokers-1/broker-1.properties", "log/broker-1.log"];
      assert.deepEqual(files.map((one) => modeOf(`${folder}/${one}`)), [0o600, 0o600, 0o600]);
      // What a page of another name could ask: the rest of the registry's API lies below its door.
      for (const path of ["%2e%2e/registry/v3/admin/export", "..%2fregistry/v3/admin/export"]) {
        const { status, body } = await fetch(`http://localhost:${door}/apis/ccompat/${path}`);
        await body?.cancel();
        assert.equal(status, 404, path);
      }
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
    assert.deepEqual(await filesWith(world.folders.state, PASSWORD), []);
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
