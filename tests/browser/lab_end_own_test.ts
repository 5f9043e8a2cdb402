import { sleep } from "../../lib/async/mod.ts";
import assert from "node:assert/strict";
import process from "node:process";
import { labPlaces, startLab } from "../../lib/lab/mod.ts";
import { folders } from "../../lib/settings/mod.ts";
import { freePorts } from "../free_ports.ts";

/** Runs as a process of its own, to be killed: prints JupyterLab's process when it answers. */
const PARENT = `
import { labPlaces, startLab } from "${new URL("../../lib/lab/mod.ts", import.meta.url)}";
import { folders } from "${new URL("../../lib/settings/mod.ts", import.meta.url)}";
const places = labPlaces({ ...folders(), state: Deno.args[0] });
const lab = await startLab({ port: Number(Deno.args[1]), places });
console.log(lab.pid);
await lab.ended;
`;

Deno.test("startLab() starts a JupyterLab that ends when its parent is killed", async () => {
  const state = await Deno.makeTempDir({ prefix: "taxi-lab-" });
  const parent = new Deno.Command(Deno.execPath(), {
    args: ["eval", `--config=${folders().root}/deno.json`, PARENT, state, `${freePorts(1)}`],
    stdin: "null",
    stdout: "piped",
  }).spawn();
  let pid = "";
  for await (const text of parent.stdout.pipeThrough(new TextDecoderStream())) {
    pid += text;
    if (pid.endsWith("\n")) parent.kill("SIGKILL");
  }
  await parent.status;
  await ended(Number(pid));
  await Deno.remove(state, { recursive: true });
});

Deno.test("Lab.stop() ends JupyterLab by its input alone, and no kernel stays", async () => {
  const state = await Deno.makeTempDir({ prefix: "taxi-lab-" });
  const places = labPlaces({ ...folders(), state }), port = freePorts(1);
  const lab = await startLab({ port, places });
  const { search } = new URL(lab.url);
  const made = await fetch(`http://localhost:${port}/api/kernels${search}`, { method: "POST" });
  assert.equal(made.status, 201, await made.text());
  const left = () =>
    Array.from(Deno.readDirSync(places.runtime), ({ name }) => name)
      .filter((name) => /^(kernel|jpserver)-.*\.json$/.test(name));
  assert.equal(left().length, 2);
  await lab.stop();
  // It removes both when it ends by itself: a kill would leave them, and the kernel.
  assert.deepEqual(left(), []);
  await Deno.remove(state, { recursive: true });
});

Deno.test("startLab() says what JupyterLab said when it does not start", async () => {
  const state = await Deno.makeTempDir({ prefix: "taxi-lab-" });
  using taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  await assert.rejects(
    startLab({ port: taken.addr.port, places: labPlaces({ ...folders(), state }) }),
    { message: /^Cannot start JupyterLab: .* \(its log is .*lab\.log\)$/ },
  );
  await Deno.remove(state, { recursive: true });
});

/** Resolves when a process is gone. */
async function ended(pid: number): Promise<void> {
  assert.ok(pid > 0);
  while (isAlive(pid)) await sleep(50);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
