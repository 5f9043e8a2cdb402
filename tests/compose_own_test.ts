/** `docker-compose.yml` on a real engine: only with `deno task test --all`, as it builds images and downloads others. */
import assert from "node:assert/strict";
import { connect } from "../lib/kafka/mod.ts";
import { here } from "../lib/platform/mod.ts";
import { folders, kafkaSettings } from "../lib/settings/mod.ts";
import { launchBrowser } from "./browser/_chromium.ts";
import { labPage } from "./browser/_page.ts";
import { freePorts } from "./free_ports.ts";
import { type Need, testWith } from "./needs.ts";
import { until } from "./own_brokers.ts";

const ENGINE: Need = {
  program: "docker",
  ask: ["compose", "ls"],
  get: "install Docker with its compose plugin, and start it",
};

const RIDES = "datatalkclub.yellow_taxi_ride.json";
const port = freePorts(10);
const PORTS = {
  TAXI_KAFKA_PORT: `${port}`,
  TAXI_KAFKA_PORT_2: `${port + 1}`,
  TAXI_KAFKA_PORT_3: `${port + 2}`,
  TAXI_REGISTRY_PORT: `${port + 3}`,
  TAXI_CONTROL_CENTER_PORT: `${port + 4}`,
  TAXI_LAB_PORT: `${port + 5}`,
};
const env = { ...here.env.toObject(), ...PORTS, COMPOSE_PROJECT_NAME: `taxi-test-${Deno.pid}` };

async function compose(...args: readonly string[]): Promise<string> {
  const ended = await here.run("docker", ["compose", ...args], { cwd: folders().root, env });
  assert.ok(ended?.success, `docker compose ${args.join(" ")}: ${ended?.errors}${ended?.output}`);
  return ended.output;
}

const kafka = () =>
  connect({ settings: kafkaSettings(new Map([["KAFKA_BROKERS", `localhost:${port}`]])) });

async function recordsIn(topic: string): Promise<number> {
  await using client = await kafka();
  const ends = await client.topics.endOffsets(topic);
  return ends.reduce((sum, end) => sum + Number(end), 0);
}

if (Deno.env.get("TAXI_TEST_ALL")) {
  await testWith(ENGINE, "docker compose runs the course", () => Promise.resolve());
  if (await here.run("docker", ENGINE.ask).then((ended) => ended?.success)) {
    Deno.test({
      name: "docker compose: each step of the README",
      sanitizeOps: false, // the browser's own
      sanitizeResources: false,
      fn: (t) => steps(t).finally(() => compose("--profile", "three", "down", "--volumes")),
    });
  }
}

async function steps(t: Deno.TestContext): Promise<void> {
  await t.step("up --wait brings everything, as somebody who is not root", async () => {
    await compose("up", "--build", "--wait");
    for (const service of ["broker", "schema-registry", "control-center", "lab"]) {
      assert.notEqual((await compose("exec", "-T", service, "id", "-u")).trim(), "0", service);
    }
  });
  await t.step("a task writes to the broker beside it", async () => {
    await compose("run", "--rm", "task", "rides", "--count", "1000", "--rate", "max");
    assert.equal(await recordsIn(RIDES), 1000);
  });
  await t.step("three workers share one program", async () => {
    await compose("up", "--wait", "--scale", "worker=3");
    await using client = await kafka();
    const group = "datatalksclub.stream.v2.stream_count_vendor_trips";
    await client.groups.settled(group, { members: 3, timeoutMs: 120_000 });
    await compose("up", "--wait", "--scale", "worker=0");
  });
  await t.step("the lab answers with its token only, and runs notebook 04 in a browser", inLab);
  await t.step("topics outlive a restart and a down", async () => {
    await compose("restart", "broker");
    await compose("up", "--wait");
    assert.equal(await recordsIn(RIDES), 1000);
    await compose("down");
    await compose("up", "--wait", "broker");
    assert.equal(await recordsIn(RIDES), 1000);
  });
  await t.step(
    "down --volumes forgets them; with the profile there are three brokers",
    async () => {
      await compose("down", "--volumes");
      await compose("--profile", "three", "up", "--wait", "broker", "broker-2", "broker-3");
      await using client = await kafka();
      assert.deepEqual(await client.topics.list(), []);
      const brokers = (await client.brokers()).map(({ address }) => address);
      assert.deepEqual(brokers.toSorted(), [0, 1, 2].map((n) => `localhost:${port + n}`));
    },
  );
}

/** The addresses that the lab has printed since it was made: one for each start. */
async function labUrls(): Promise<readonly string[]> {
  const printed = await compose("logs", "--no-color", "--no-log-prefix", "lab");
  // Compose clears each line before it writes one.
  return Array.from(printed.matchAll(/JupyterLab: (http\S+)/g), ([, url]) => url!);
}

async function inLab(): Promise<void> {
  // The page hands out its application, so that the test can ask it for facts.
  const settings = JSON.stringify({ LabApp: { expose_app_in_browser: true } });
  const config = ".taxi/jupyter/config/jupyter_lab_config.json";
  await compose("exec", "-T", "lab", "sh", "-c", `echo '${settings}' > ${config}`);
  const before = await until("the lab to print its address", async () => {
    const urls = await labUrls();
    return urls.length > 0 ? urls : undefined;
  });
  await compose("restart", "lab");
  const url = await until("the lab to print another address", async () => {
    const urls = await labUrls();
    return urls.length > before.length ? urls.at(-1) : undefined;
  });
  const { origin, searchParams } = new URL(url);
  assert.equal(origin, `http://127.0.0.1:${PORTS.TAXI_LAB_PORT}`);
  const status = async (path: string, headers = {}) => {
    const answer = await fetch(`${origin}${path}`, { headers });
    await answer.body?.cancel();
    return answer.status;
  };
  assert.equal(await status("/api/kernels"), 403);
  assert.equal(await status(`/api/kernels?token=${searchParams.get("token")}`), 200);
  const browser = await launchBrowser();
  try {
    const { open, page, runAll } = await labPage(browser, url);
    await open("notebooks/04_consumer_groups.ipynb");
    assert.deepEqual((await runAll({ timeoutMs: 300_000 })).errors, []);
    await keepPicture(page, "lab");
    await page.goto(`http://127.0.0.1:${PORTS.TAXI_CONTROL_CENTER_PORT}/#/topics`);
    await page.getByText(RIDES).first().waitFor();
    await keepPicture(page, "control-center");
  } finally {
    await browser.close();
  }
}

/** Where `TAXI_PICTURES` names a folder, for people to look at. */
async function keepPicture(
  page: { screenshot(options: { path: string }): Promise<unknown> },
  name: string,
): Promise<void> {
  const folder = Deno.env.get("TAXI_PICTURES");
  if (folder) await page.screenshot({ path: `${folder}/compose-${name}.png` });
}
