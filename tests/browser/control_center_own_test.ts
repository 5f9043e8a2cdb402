import assert from "node:assert/strict";
import type { Page } from "npm:playwright-core@1.65.1";
import { parseSchema, schemaRegistry } from "../../lib/avro/mod.ts";
import { avroSerde } from "../../lib/avro/mod.ts";
import { startControlCenter } from "../../lib/control_center/mod.ts";
import { down, killBroker, startBroker, up } from "../../lib/cluster/mod.ts";
import { connect, consumer, type Kafka, producer } from "../../lib/kafka/mod.ts";
import { inOwnWorld } from "../own_cluster.ts";
import { launchBrowser } from "./_chromium.ts";

const HOSTILE = '<img src=x onerror="globalThis.hacked=1"><script>globalThis.hacked=1</script>';

Deno.test("control-center shows the seed's steps in a real browser, and finds Kafka again", async () => {
  await inOwnWorld({}, async (world) => {
    const { brokers, registry: url } = await up({ world });
    const registry = schemaRegistry({ url });
    const settings = { brokers, local: true, ssl: false };
    await using center = await startControlCenter({ port: 0, kafka: settings, registry });
    await using kafka = await connect({ settings, onNotice: () => {} });
    const browser = await launchBrowser();
    try {
      const page = await browser.newPage({ viewport: { width: 1280, height: 860 } });
      const faults = watch(page);
      await createsTopic(page, center.url);
      await followsAndPauses(page, kafka);
      await jumpsToZero(page);
      await showsOwners(page, kafka);
      await showsWindowsAndAvro(page, kafka, registry);
      await showsHostileText(page, kafka);
      assert.deepEqual(await kafka.groups.list(), ["demo.readers"], "a viewer left a group behind");
      assert.deepEqual(faults, []);
      await killBroker(1, { world });
      await page.getByText("Waiting for it.").waitFor();
      await startBroker(1, { world });
      await page.getByText("Waiting for it.").waitFor({ state: "detached", timeout: 60_000 });
    } finally {
      await browser.close();
      await down({ world });
    }
  });
});

/** Collects what a page complains about: errors, refused scripts, dialogs. */
function watch(page: Page): string[] {
  const faults: string[] = [];
  page.on("pageerror", ({ message }) => faults.push(message));
  page.on("dialog", (dialog) => {
    faults.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on("console", (line) => {
    if (line.type() === "error") faults.push(line.text());
  });
  return faults;
}

/** The seed: select the `Cluster 1` cluster, and create `demo_1` with 2 partitions and default settings. */
async function createsTopic(page: Page, url: string): Promise<void> {
  await page.goto(url);
  await page.getByRole("link", { name: "Cluster 1" }).first().click();
  await page.getByRole("heading", { name: "Cluster 1" }).waitFor();
  await page.getByRole("link", { name: /^Topics/ }).first().click();
  await page.getByRole("button", { name: "Create topic" }).click();
  await page.getByLabel("Topic name").fill("demo_1");
  await page.getByLabel("Number of partitions").fill("2");
  await page.getByRole("button", { name: "Create", exact: true }).click();
  await page.getByRole("heading", { name: "demo_1" }).waitFor();
  await page.getByText("0 records in 2 partitions").waitFor();
}

async function followsAndPauses(page: Page, kafka: Kafka): Promise<void> {
  await using out = producer(kafka);
  await page.getByText("Waiting for new records").waitFor();
  for (const number of [0, 1, 2]) await out.send("demo_1", { value: { number } });
  await row(page, '{"number":2}').waitFor();
  await page.getByRole("button", { name: "Pause" }).click();
  await page.getByRole("button", { name: "Resume" }).waitFor();
  await out.send("demo_1", [3, 4, 5, 6].map((number) => ({ value: { number } })));
  await page.getByText("4 more", { exact: true }).waitFor();
  assert.equal(await row(page, '{"number":3}').count(), 0);
  await page.getByRole("button", { name: "Resume" }).click();
  await row(page, '{"number":6}').waitFor();
  for (const number of [0, 1, 2, 3, 4, 5, 6]) {
    assert.equal(await row(page, `{"number":${number}}`).count(), 1, `number ${number}`);
  }
}

async function jumpsToZero(page: Page): Promise<void> {
  await page.getByLabel("Jump to").selectOption("offset");
  await page.getByLabel("Offset", { exact: true }).fill("0");
  await page.getByRole("button", { name: "Show", exact: true }).click();
  await page.getByText("oldest first").waitFor();
  await row(page, '{"number":0}').waitFor();
  await page.getByRole("button", { name: "Offset 0 of partition 0" }).click();
  await page.getByText('"number": 0').waitFor();
  await page.getByLabel("Contains").fill('number":5');
  await page.getByRole("button", { name: "Show", exact: true }).click();
  await row(page, '{"number":0}').waitFor({ state: "detached" });
  await row(page, '{"number":5}').waitFor();
}

async function showsOwners(page: Page, kafka: Kafka): Promise<void> {
  const group = "demo.readers", topics = "demo_1", closeOnSignals = false;
  const members = [];
  for (const name of ["a", "b", "c"]) {
    members.push(await consumer(kafka, { group, topics, name, closeOnSignals }));
  }
  await page.getByRole("link", { name: /^Consumer groups/ }).first().click();
  await page.getByText("1 idle").waitFor();
  await page.getByRole("link", { name: group }).click();
  await page.getByText("a owns demo_1-0").waitFor();
  await page.getByText("b owns demo_1-1").waitFor();
  await page.getByText("c idle: owns no partition").waitFor();
  await picture(page, "group");
  await Promise.all(members.map((member) => member.close()));
  await page.getByText("Nobody is in this group now").waitFor();
}

async function showsWindowsAndAvro(
  page: Page,
  kafka: Kafka,
  registry: ReturnType<typeof schemaRegistry>,
): Promise<void> {
  await using out = producer(kafka);
  const start = Date.UTC(2021, 0, 1);
  await kafka.topics.create("windows");
  await out.send("windows", { key: { key: 1, start, end: start + 60_000 }, value: 12 });
  await fromBeginning(page, "windows");
  await page.getByText("1 @ [2021-01-01 00:00:00, 2021-01-01 00:01:00)").waitFor();
  const schema = parseSchema(await Deno.readTextFile("schemas/taxi_ride_key.avsc"));
  await using avro = producer(kafka, {
    key: avroSerde<unknown>({ registry, schema, part: "key" }),
  });
  await kafka.topics.create("rides_avro");
  await avro.send("rides_avro", { key: { vendorId: 2 }, value: 1 });
  await fromBeginning(page, "rides_avro");
  await page.getByText('{"vendorId":2}').waitFor();
  await page.getByRole("button", { name: /^Offset 0 of/ }).click();
  await page.getByText(/schema id \d+ · rides_avro-key version 1/).waitFor();
}

async function showsHostileText(page: Page, kafka: Kafka): Promise<void> {
  await kafka.topics.create("hostile");
  await using out = producer(kafka);
  const headers = { [HOSTILE]: new TextEncoder().encode(HOSTILE) };
  const values = [HOSTILE, "x".repeat(500_000), "[".repeat(5_000), "\u202e\u0000abc"];
  await out.send("hostile", values.map((value) => ({ key: HOSTILE, value, headers })));
  await fromBeginning(page, "hostile");
  await page.getByText("⟨U+202E⟩").waitFor();
  for (const button of await page.getByRole("button", { name: /^Offset \d+ of/ }).all()) {
    await button.click();
    await page.getByText("Headers").waitFor();
  }
  assert.equal(await page.evaluate("globalThis.hacked"), undefined);
  assert.equal(await page.locator("main img, main script").count(), 0);
}

async function fromBeginning(page: Page, topic: string): Promise<void> {
  await page.getByRole("link", { name: /^Topics/ }).first().click();
  await page.getByRole("link", { name: topic, exact: true }).click();
  await page.getByLabel("Jump to").selectOption("begin");
  await page.getByRole("button", { name: "Show", exact: true }).click();
}

const row = (page: Page, value: string) => page.locator(".messages tr", { hasText: value });

/** A picture to look at, where somebody wants one. */
async function picture(page: Page, name: string): Promise<void> {
  const folder = Deno.env.get("TAXI_SCREENSHOTS");
  if (folder) await page.screenshot({ path: `${folder}/control_center_${name}.png` });
}
