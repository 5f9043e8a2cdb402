import assert from "node:assert/strict";
import { platform } from "../platform/mod.ts";
import { pythonSays } from "./diagnose.ts";
import { clusterConfig, diagnose } from "./mod.ts";

Deno.test("diagnose() finds no fault with a machine on which nothing was started yet", async () => {
  const folder = await Deno.makeTempDir();
  const port = freePort();
  const findings = await diagnose({ config: configIn(folder, port) });
  const ours = [
    "downloads",
    "disk",
    "state folder",
    `port ${port}`,
    "cluster",
    "brokers",
    "registry",
  ];
  const about = findings.filter(({ topic }) => ours.includes(topic));
  assert.deepEqual(
    about.map(({ topic, ok }) => `${topic} ${ok}`),
    ours.map((topic) => `${topic} true`),
  );
  await Deno.remove(folder, { recursive: true });
});

Deno.test("diagnose() says what is wrong and the one fix", async () => {
  const folder = await Deno.makeTempDir();
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  const config = configIn(folder, port);
  await Deno.mkdir(config.folders.state);
  if (Deno.build.os !== "windows") await Deno.chmod(config.folders.state, 0o777);
  const findings = await diagnose({ config });
  const about = (topic: string) => findings.find((finding) => finding.topic === topic)!;
  assert.match(about(`port ${port}`).says, /^taken by .*, wanted for broker 1$/);
  assert.equal(about(`port ${port}`).fix, "end that process, or set TAXI_KAFKA_PORT");
  if (Deno.build.os !== "windows") {
    assert.deepEqual(about("state folder"), {
      topic: "state folder",
      ok: false,
      says: `${config.folders.state}: everybody may write to it`,
      fix: `run "chmod 700 ${config.folders.state}"`,
    });
  }
  await Deno.remove(folder, { recursive: true });
});

Deno.test("diagnose() on a Windows with 6 GB free: no fault in its memory, and its folders are looked at", async () => {
  const folder = await Deno.makeTempDir();
  const config = configIn(folder, freePort());
  const about = async (availableBytes: number, os: "windows" | "darwin") => {
    const memory = () => ({ availableBytes, totalBytes: 25e9 });
    const findings = await diagnose({ config, platform: platform(os, { memory }) });
    const found = findings.filter(({ topic }) => ["memory", "folders"].includes(topic));
    return found.map(({ topic, ok, says }) => `${topic} ${ok}: ${says}`);
  };
  const { root } = config.folders;
  assert.deepEqual(await about(6e9, "windows"), [
    "memory true: 6.0 of 25.0 GB free",
    `folders true: ${root}`,
  ]);
  assert.deepEqual(await about(1e9, "darwin"), ["memory false: 1.0 of 25.0 GB free"]);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("diagnose() says which Python it is, what it lacks, and what the Microsoft Store's cannot", () => {
  const python = { command: "/usr/bin/python3", version: "3.11.2", venv: true, pip: true };
  const says = (more: Partial<typeof python>, hasUv = false) =>
    pythonSays({ ...python, ...more }, hasUv);
  assert.equal(says({}), "3.11.2 at /usr/bin/python3");
  assert.equal(says({}, true), "3.11.2 at /usr/bin/python3, and uv, which makes environments");
  assert.match(says({ venv: false }), /, without venv: uv is fetched instead$/);
  assert.match(says({ venv: false, pip: false }), /, without venv and pip: uv is fetched instead$/);
  const store = "C:\\Users\\ada\\AppData\\Local\\Microsoft\\WindowsApps\\python.exe";
  assert.match(
    says({ command: store }),
    /, from the Microsoft Store \(.*"winget install Python\.Python\.3\.13"\)$/,
  );
});

function configIn(folder: string, port: number) {
  return clusterConfig(
    new Map([
      ["TAXI_STATE", `${folder}/state`],
      ["TAXI_CACHE", `${folder}/cache`],
      ["TAXI_KAFKA_PORT", `${port}`],
    ]),
  );
}

function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}
