/** Starts from a pack without a network: only with `deno task test --all`, as it downloads everything again. */
import assert from "node:assert/strict";
import { end, here, textOf } from "../lib/platform/mod.ts";
import { folders } from "../lib/settings/mod.ts";
import { freePorts } from "./free_ports.ts";
import { type Need, testWith } from "./needs.ts";

/** A namespace without a network, in which this machine reaches itself alone. */
const WITHOUT_NETWORK = ["-n", "sh", "-c", 'ip link set lo up && exec "$@"', "sh"];

const NAMESPACES: Need = {
  program: "unshare",
  ask: [...WITHOUT_NETWORK, "true"],
  get: "Linux, root and sudo apt install iproute2",
};

if (Deno.env.get("TAXI_TEST_ALL")) {
  await testWith(
    NAMESPACES,
    "deno task lab --from starts without a network and with an empty HOME",
    startsFromPack,
  );
}

async function startsFromPack() {
  const folder = await Deno.makeTempDir({ prefix: "taxi-pack-" });
  const home = `${folder}/home`, checkout = `${folder}/taxi streams`, pack = `${folder}/taxi.tar`;
  try {
    await Deno.mkdir(home);
    await copyCheckout(checkout);
    const made = await here.run(Deno.execPath(), ["task", "pack", pack], { cwd: checkout });
    assert.ok(made?.success, made?.errors);
    const port = freePorts(10);
    const child = await here.spawn("unshare", {
      args: [
        ...WITHOUT_NETWORK,
        ...[Deno.execPath(), "run", "-A", "tasks/lab.ts", "--no-browser", "--from", pack],
      ],
      cwd: checkout,
      env: {
        PATH: here.env.get("PATH")!,
        HOME: home,
        NO_COLOR: "1",
        TAXI_KAFKA_PORT: `${port}`,
        TAXI_REGISTRY_PORT: `${port + 6}`,
        TAXI_CONTROL_CENTER_PORT: `${port + 7}`,
        TAXI_LAB_PORT: `${port + 8}`,
      },
      output: "piped",
    });
    const errors = textOf(child.stderr), started = performance.now();
    let said = "";
    for await (const bytes of child.stdout) {
      said += new TextDecoder().decode(bytes);
      if (!/^Control Center: .*\n/m.test(said)) continue;
      console.log(`opened after ${((performance.now() - started) / 1000).toFixed(0)} s`);
      here.kill(child.pid, "SIGTERM");
    }
    await end(child, 60_000);
    assert.match(said, /^JupyterLab: http:\/\/127\.0\.0\.1:\d+\/lab\/tree\//m, await errors);
    assert.doesNotMatch(await errors, /Download http/);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Without what is made in it, as a learner has it. */
async function copyCheckout(to: string): Promise<void> {
  const { root } = folders();
  const left = [".git", ".taxi", ".venv", ".venv.lock", "dist"];
  const copy = async (path: string): Promise<void> => {
    for await (const { name, isDirectory, isFile } of Deno.readDir(`${root}${path}`)) {
      if (path === "" && left.includes(name)) continue;
      if (isFile) await Deno.copyFile(`${root}${path}/${name}`, `${to}${path}/${name}`);
      if (!isDirectory) continue;
      await Deno.mkdir(`${to}${path}/${name}`, { recursive: true });
      await copy(`${path}/${name}`);
    }
  };
  await Deno.mkdir(to);
  await copy("");
}
