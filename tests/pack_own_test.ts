/** Starts from a pack without a network: only with `deno task test --all`, as it downloads everything again. */
import assert from "node:assert/strict";
import { end, here, textOf } from "../lib/platform/mod.ts";
import { freePorts } from "./free_ports.ts";
import { type Need, testWith } from "./needs.ts";
import { copyCheckout } from "./own_checkout.ts";

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

async function startsFromPack(t: Deno.TestContext) {
  const folder = await Deno.makeTempDir({ prefix: "taxi-pack-" });
  const checkout = `${folder}/taxi streams`, pack = `${folder}/taxi.tar`;
  try {
    await copyCheckout(checkout);
    const made = await here.run(Deno.execPath(), ["task", "pack", pack], { cwd: checkout });
    assert.ok(made?.success, made?.errors);
    await t.step(
      "a changed byte, half a file and another system's are refused in one line",
      () => isRefused({ folder, checkout, pack }),
    );
    await t.step("the whole of it opens the course", () => opens({ folder, checkout, pack }));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

interface Packed {
  readonly folder: string;
  readonly checkout: string;
  readonly pack: string;
}

/** Starts the lab from a pack, where there is no network and nothing at home. */
async function start({ folder, checkout }: Packed, pack: string) {
  const home = `${folder}/home`, port = freePorts(10);
  await Deno.mkdir(home, { recursive: true });
  return await here.spawn("unshare", {
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
}

async function isRefused(packed: Packed) {
  const { folder, pack } = packed, spoilt = `${folder}/spoilt.tar`;
  const refusal = async () => {
    const child = await start(packed, spoilt);
    const [errors, { code }] = await Promise.all([textOf(child.stderr), child.exited]);
    await Deno.remove(spoilt);
    assert.equal(code, 1, errors);
    const [, said, ...more] = errors.trim().split("\n");
    assert.deepEqual(more, []);
    return said!.replace(`✗ Cannot start from "${spoilt}": `, "");
  };
  const middle = Math.floor((await Deno.stat(pack)).size / 2);
  await Deno.copyFile(pack, spoilt);
  await change(spoilt, middle, (bytes) => bytes.map((byte) => byte ^ 1));
  assert.match(await refusal(), /^".*" was changed on its way \(get the pack once more\)$/);
  await Deno.copyFile(pack, spoilt);
  await Deno.truncate(spoilt, middle);
  assert.match(await refusal(), /^it ends in the middle of ".*" \(get the pack once more\)$/);
  // What it is for stands at its beginning, in its list.
  await Deno.copyFile(pack, spoilt);
  const list = new TextDecoder("latin1").decode((await Deno.readFile(pack)).subarray(0, 4_096));
  await change(
    spoilt,
    list.indexOf('"linux-') + 1,
    () => new TextEncoder().encode("macos"),
  );
  assert.match(await refusal(), /^it is for macos-\w+, and this is linux-\w+ \(make one with /);
}

/** Writes over five bytes of a file. */
async function change(path: string, at: number, by: (bytes: Uint8Array) => Uint8Array) {
  using file = await Deno.open(path, { read: true, write: true });
  const bytes = new Uint8Array(5);
  await file.seek(at, Deno.SeekMode.Start);
  await file.read(bytes);
  await file.seek(at, Deno.SeekMode.Start);
  await file.write(by(bytes));
}

async function opens(packed: Packed) {
  const child = await start(packed, packed.pack);
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
}
