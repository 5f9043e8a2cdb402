import assert from "node:assert/strict";
import { environmentOf, inOwnCluster, produce, valuesOf } from "../../tests/own_cluster.ts";
import { commandLine, familyOf, listenersOf } from "../../tests/listeners.ts";
import { type ClusterConfig, diagnose, down, isFree, status, up } from "./mod.ts";
import { gone, isRunning } from "./process.ts";
import { type ClusterState, readJson, statePaths } from "./state.ts";

const supervisor = async (config: ClusterConfig) =>
  (await readJson<ClusterState>(statePaths(config.folders.state).state))!;

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

/** Paths of the registry's APIs that a port answers by itself, with a name that is not ours. */
async function answersOf(port: number): Promise<string[]> {
  const asked: [path: string, init?: RequestInit][] = [
    ["/apis/ccompat/v7/subjects"],
    ["/apis/registry/v3/system/info"],
    ["/apis/registry/v3/admin/export"],
    ["/apis/ccompat/v7/subjects/evil/versions", {
      method: "POST",
      headers: { "content-type": "application/json", "x-forwarded-user": "door" },
      body: JSON.stringify({ schema: '"int"' }),
    }],
  ];
  const answered: string[] = [];
  for (const [path, init] of asked) {
    const { status, body } = await fetch(`http://127.0.0.1:${port}${path}`, init);
    await body?.cancel();
    if (![401, 404].includes(status)) answered.push(`${status} ${path}`);
  }
  return answered;
}

const modeOf = (path: string) => Deno.statSync(path).mode! & 0o777;

const PASSWORD = "m4rker-password";

/** Sets variables of this process until it is disposed: a failed test leaves none to the next. */
function environment(variables: Readonly<Record<string, string>>): Disposable {
  for (const [name, value] of Object.entries(variables)) Deno.env.set(name, value);
  return {
    [Symbol.dispose]() {
      for (const name of Object.keys(variables)) Deno.env.delete(name);
    },
  };
}

Deno.test("a cluster comes up, keeps data and schemas, and survives its supervisor's death", () =>
  inOwnCluster({}, async (config) => {
    using _ = environment({
      KAFKA_USERNAME: "ada",
      KAFKA_PASSWORD: PASSWORD,
      SCHEMA_REGISTRY_USERNAME: "ada",
      SCHEMA_REGISTRY_PASSWORD: PASSWORD,
    });
    const controlCenterPort = config.ports.registry + 1;
    // Two at once: one starts it, the other waits for it.
    const both = await Promise.all([1, 2].map(() => up({ config, controlCenterPort })));
    assert.deepEqual(both.map(({ started }) => started).sort(), [false, true]);
    const { registry } = both[0]!;

    const now = await status({ config });
    assert.deepEqual(
      now.processes.map(({ name, state }) => `${name} ${state}`),
      ["broker 1 running", "registry running", "supervisor running"],
    );
    if (Deno.build.os === "linux") {
      // Nothing waits for the Control Center; this does.
      while (await isFree(controlCenterPort)) {
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      const family = familyOf((await supervisor(config)).supervisor.pid);
      const open = listenersOf(family);
      assert.deepEqual(open.filter(({ loopback }) => !loopback), [], "other machines reach it");
      const { kafka, registry } = config.ports;
      const known = [kafka, kafka + 1, registry, controlCenterPort];
      assert.deepEqual(known.filter((port) => !open.some((one) => one.port === port)), []);
      // Besides: the registry behind its proxy, and its management port.
      const others = open.filter(({ port }) => !known.includes(port));
      assert.equal(others.length, 2);
      // A page of another site can find those, under a name of its own: they change and tell nothing of ours.
      for (const { port } of others) assert.deepEqual(await answersOf(port), [], `port ${port}`);
      // Java's temporary files are where nobody else can make them first.
      const temporary = Array.from(Deno.readDirSync(`${config.folders.state}/registry/tmp`));
      assert.ok(temporary.some(({ name }) => name === "vertx-cache"));
      for (const pid of family) assert.ok(!commandLine(pid).includes(PASSWORD));
      const { state: folder } = config.folders;
      assert.deepEqual([folder, `${folder}/log`, `${folder}/brokers-1`].map(modeOf), [
        ...[0o700, 0o700, 0o700],
      ]);
      const files = ["cluster.json", "brokers-1/broker-1.properties", "log/broker-1.log"];
      assert.deepEqual(files.map((one) => modeOf(`${folder}/${one}`)), [0o600, 0o600, 0o600]);
      // What a page of another name could ask: the rest of the registry's API lies below its proxy.
      for (const path of ["%2e%2e/registry/v3/admin/export", "..%2fregistry/v3/admin/export"]) {
        const { status, body } = await fetch(`http://localhost:${registry}/apis/ccompat/${path}`);
        await body?.cancel();
        assert.equal(status, 404, path);
      }
    }
    assert.equal(await registerSchema(registry, "float"), 200);
    assert.equal(await registerSchema(registry, "string"), 409, "BACKWARD forbids it");
    await produce(config, { topic: "demo_1", values: ["a", "b", "c"] });

    assert.deepEqual(
      (await diagnose({ config })).filter(({ ok, topic }) => !ok && topic !== "memory"),
      [],
    );

    await down({ config });
    assert.equal((await status({ config })).up, false);
    assert.deepEqual(await filesWith(config.folders.state, PASSWORD), []);
    await up({ config });
    assert.deepEqual(await valuesOf(config, "demo_1"), ["a", "b", "c"]);
    assert.equal(await registerSchema(registry, "string"), 409, "the schema was kept");

    // Its Java processes end when their input does; the next start waits for that.
    const before = await supervisor(config);
    Deno.kill(before.supervisor.pid, "SIGKILL");
    await gone(before.supervisor, 10_000);
    await up({ config });
    const after = await supervisor(config);
    for (const { process } of before.processes) assert.equal(await isRunning(process), false);
    assert.notEqual(after.supervisor.pid, before.supervisor.pid);
    assert.deepEqual(await valuesOf(config, "demo_1"), ["a", "b", "c"]);

    // Nobody could stop a cluster whose folder is gone: it stops itself.
    await Deno.rename(config.folders.state, `${config.folders.state}-away`);
    for (const id of [after.supervisor, ...after.processes.map(({ process }) => process)]) {
      while (await isRunning(id)) await new Promise((resolve) => setTimeout(resolve, 50));
    }
    await Deno.remove(`${config.folders.state}-away`, { recursive: true });
  }));

Deno.test("up that was killed half-way is finished by the next up; a second checkout is named", () =>
  inOwnCluster({ SCHEMA_REGISTRY_URL: "http://localhost:1" }, async (config) => {
    const child = new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", `${config.folders.root}/tasks/up.ts`],
      env: environmentOf(config),
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).spawn();
    const begun =
      async () => (await readJson<ClusterState>(statePaths(config.folders.state).state));
    let ended: Deno.CommandStatus | undefined;
    child.status.then((status) => ended = status);
    while (await begun() === undefined) {
      assert.equal(ended, undefined, "up ended before it had started anything");
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    child.kill("SIGKILL");
    await child.status;
    const first = (await begun())!.supervisor.pid;
    await up({ config });
    assert.equal((await supervisor(config)).supervisor.pid, first, "the supervisor went on alone");

    await inOwnCluster({}, async (other) => {
      const neighbour = { ...other, ports: config.ports };
      await assert.rejects(up({ config: neighbour }), (error: Error) => {
        const owner = Deno.build.os === "linux"
          ? `the Taxi Streams checkout in "${config.folders.root}"`
          : "";
        assert.ok(
          error.message.startsWith(
            `Cannot start broker 1: port ${config.ports.kafka} is taken by ${owner}`,
          ),
          error.message,
        );
        assert.match(error.message, /set TAXI_KAFKA_PORT to another port\)$/);
        return true;
      });
    });
    await assert.rejects(up({ config, brokers: 3 }), {
      message: "Cannot start 3 brokers: a cluster with 1 broker is running " +
        '(run "deno task down" first; each size keeps its own data)',
    });
  }));
