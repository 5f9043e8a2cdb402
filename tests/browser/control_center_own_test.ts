import assert from "node:assert/strict";
import type { Page } from "npm:playwright-core@1.65.1";
import { schemaRegistry } from "../../lib/avro/mod.ts";
import type { RecordsPart } from "../../lib/control_center/contract.ts";
import { startControlCenter } from "../../lib/control_center/mod.ts";
import { type ClusterConfig, killBroker, startBroker, status, up } from "../../lib/cluster/mod.ts";
import { connect, type Kafka } from "../../lib/kafka/mod.ts";
import { until } from "../own_brokers.ts";
import { environmentOf, inOwnCluster } from "../own_cluster.ts";
import { axeFindings } from "./_axe.ts";
import { browserTest, launchBrowser } from "./_chromium.ts";
import {
  focused,
  fromBeginning,
  openTopic,
  picture,
  row,
  spoken,
  tabTo,
  watch,
} from "./_center.ts";
import { endsHostile, showsHostileText } from "./_hostile.ts";
import { Program } from "./_program.ts";
import { showsApp } from "./_streams_apps.ts";

const GROUP = "consumer.group.id.demo.2";

interface Steps {
  readonly page: Page;
  readonly kafka: Kafka;
  readonly config: ClusterConfig;
}

await browserTest(
  "control-center shows the seed's steps in a real browser, and finds a lost cluster again",
  async (test) => {
    await inOwnCluster({}, async (config) => {
      const { brokers, registry: url } = await up({ config, brokers: 3 });
      const registry = schemaRegistry({ url });
      const settings = { brokers, local: true, ssl: false };
      await using center = await startControlCenter({ port: 0, kafka: settings, registry });
      await using kafka = await connect({ settings, onNotice: () => {} });
      await using browser = await launchBrowser();
      const page = await browser.newPage({ viewport: { width: 1280, height: 860 } });
      page.setDefaultTimeout(120_000);
      const faults = watch(page);
      const steps = { page, kafka, config };
      const step = async (name: string, run: () => Promise<void>) => {
        assert.ok(await test.step(name, run), `step failed: ${name}`);
        assert.deepEqual(faults, [], name);
      };
      await step(
        "create demo_1 with 2 partitions, by keyboard alone",
        () => creates(page, center.url),
      );
      await step(
        "watch the producer's records, pause, resume, jump to offset 0",
        () => reads(steps),
      );
      await step("three consumers: two owners and one idle", () => showsOwners(steps));
      await step(
        "by keyboard alone: move the group, write a record, find and open it",
        () => resets(steps),
      );
      await step("an interval in a key of the window topic", () => showsWindows(steps));
      await step("rides decoded from Avro, with their schema", () => showsAvro(steps));
      await step(
        "20,000 records at once: all counted, what is not shown is said",
        () => bursts(steps),
      );
      await step(
        "thousands of records later the page is as small as before",
        () => staysSmall(page),
      );
      await step("change a setting, empty and delete a topic", () => changesTopic(steps));
      await step("hostile text stays text", () => showsHostileText(page, { kafka, registry }));
      await step("a screen reader hears names, and what changes", () => isSpoken(page, center.url));
      await step(
        "axe finds nothing, and a picture stands alone",
        () => isAccessible(page, center.url),
      );
      await step("viewers leave no group behind", async () => {
        await endsHostile(kafka);
        assert.deepEqual(await kafka.groups.list(), [GROUP, "datatalksclub.stream.v2.windowing"]);
      });
      await step("one broker of three is gone, and comes back", () => losesOne(steps));
      await test.step("Kafka and registry are gone, and come back", () => losesAll(steps));
    });
  },
);

/** The seed: select the `Cluster 1` cluster, and create `demo_1` with 2 partitions and default settings. */
async function creates(page: Page, url: string): Promise<void> {
  await page.goto(url);
  await page.getByRole("heading", { name: "Cluster 1" }).waitFor();
  await tabTo(page, "Skip to content");
  await tabTo(page, /^Cluster 1/);
  await tabTo(page, /^Topics/);
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Topics" }).waitFor();
  await tabTo(page, "Create topic");
  const opens = async () => {
    await page.keyboard.press("Enter");
    await page.getByRole("dialog").waitFor();
    assert.equal((await focused(page)).words, "Topic name");
  };
  await opens();
  await page.keyboard.press("Escape");
  await page.locator("dialog").waitFor({ state: "detached" });
  assert.equal((await focused(page)).words, "Create topic", "the focus is back where it was");
  await opens();
  await page.keyboard.type("demo_1");
  await tabTo(page, "Number of partitions");
  await page.keyboard.type("2");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "demo_1" }).waitFor();
  await page.getByText("0 records in 2 partitions").waitFor();
}

async function reads({ page, config }: Steps): Promise<void> {
  await page.getByText("Waiting for new records").waitFor();
  await using _ = new Program("producer", ["--rate", "10"], environmentOf(config));
  await row(page, '{"number":2}').waitFor();
  await page.getByRole("button", { name: "Pause" }).click();
  await page.getByText(/^\d+ more$/).waitFor();
  // Both at one moment: the page goes on meanwhile.
  const seen = () =>
    page.evaluate(() => {
      const texts = (selector: string) =>
        [...document.querySelectorAll(selector)].map((one) => one.textContent!.trim());
      return {
        numbers: texts(".messages .json").map((text) => JSON.parse(text).number as number),
        passed: texts("tr.gap").reduce((sum, text) => sum + Number.parseInt(text), 0),
      };
    });
  const before = Math.max(...(await seen()).numbers);
  await page.getByRole("button", { name: "Resume" }).click();
  // Partitions come one after the other, and a machine that is busy for six seconds has more than the page shows at once.
  await until("every number to be shown once, or counted as not shown", async () => {
    const { numbers, passed } = await seen();
    const last = Math.max(...numbers), isOnce = new Set(numbers).size === numbers.length;
    return last >= before + 5 && isOnce && numbers.length + passed === last + 1 || undefined;
  });
  await page.getByLabel("Jump to").selectOption("offset");
  await page.getByLabel("Offset", { exact: true }).fill("0");
  await page.getByRole("button", { name: "Show", exact: true }).click();
  await page.getByText("oldest first").waitFor();
  await page.getByRole("button", { name: "Offset 0 of partition 0" }).click();
  await page.getByText(/"number": \d/).waitFor();
  await page.getByLabel("Contains").fill('number":5');
  await page.getByRole("button", { name: "Show", exact: true }).click();
  await row(page, '{"number":0}').waitFor({ state: "detached" });
  await row(page, '{"number":5}').waitFor();
  await picture(page, "messages");
}

async function showsOwners({ page, config }: Steps): Promise<void> {
  await using stack = new AsyncDisposableStack();
  const consumers = [1, 2, 3].map(() =>
    stack.use(new Program("consumer", ["--group", GROUP], environmentOf(config)))
  );
  await page.getByRole("link", { name: /^Consumer groups/ }).first().click();
  await page.getByText("1 idle").waitFor({ timeout: 120_000 });
  await page.getByRole("link", { name: GROUP }).click();
  const owners = page.locator(".owner");
  await owners.filter({ hasText: "owns demo_1-0" }).waitFor();
  await owners.filter({ hasText: "owns demo_1-1" }).waitFor();
  await owners.filter({ hasText: "idle: owns no partition" }).waitFor();
  const names = await owners.locator("b").allTextContents();
  assert.deepEqual(names.sort(), consumers.map(({ member }) => member).sort());
  await page.getByText("Only a group without members can be changed").waitFor();
  await picture(page, "group");
  await stack.disposeAsync();
  await page.getByText("Nobody is in this group now").waitFor();
}

/** By keyboard alone: the group goes back to the beginning, a record is written, found and opened. */
async function resets({ page, kafka }: Steps): Promise<void> {
  const press = (key: string) => page.keyboard.press(key);
  const committed = async () =>
    (await kafka.groups.offsets(GROUP, "demo_1")).map((it) => it.offset);
  const before = await committed();
  await page.goto(page.url().replace(/#.*/, `#/groups/${GROUP}`));
  await page.getByRole("heading", { name: "Change this group" }).waitFor();
  await tabTo(page, "Reset offsets");
  await press("Enter");
  await tabTo(page, "What would change?");
  await press("Enter");
  await page.getByText(`demo_1-0: ${before[0]} → 0`).waitFor();
  assert.deepEqual(await committed(), before, "nothing is moved by looking");
  await tabTo(page, "Move the group");
  await press("Enter");
  await page.locator("dialog").waitFor({ state: "detached" });
  assert.deepEqual(await committed(), [0, 0]);

  await page.goto(page.url().replace(/#.*/, "#/topics/demo_1"));
  await page.getByText("newest first").waitFor();
  await tabTo(page, "Produce");
  await press("Enter");
  await page.getByRole("dialog").waitFor();
  assert.match((await focused(page)).words, /^Key/);
  await page.keyboard.type("vendor-1");
  await page.getByText(/^murmur2 of 8 bytes, mod 2 = partition \d/).waitFor();
  await tabTo(page, "Value");
  await press("Control+A");
  await page.keyboard.type('"written by hand"');
  await tabTo(page, "Send");
  await press("Enter");
  await page.getByText(/^Written to partition \d, offset \d+/).waitFor();
  await press("Escape");
  assert.equal((await focused(page)).words, "Produce", "the focus is back where it was");
  await tabTo(page, "Contains", "Shift+Tab");
  await page.keyboard.type("by hand");
  await tabTo(page, "Jump to", "Shift+Tab");
  await page.keyboard.type("beg");
  await tabTo(page, "Show");
  await press("Enter");
  await page.getByText("oldest first").waitFor();
  await row(page, '"written by hand"').waitFor();
  await tabTo(page, /^Offset \d+ of partition \d$/);
  await press("Enter");
  await page.getByRole("link", { name: "Link to this record" }).waitFor();
}

async function showsWindows({ page, config }: Steps): Promise<void> {
  const env = environmentOf(config);
  await new Program("rides", ["--rate", "max", "--count", "50"], env).done();
  await using worker = new Program("worker", ["windowing", "--time", "pickup"], env);
  const app = "datatalksclub.stream.v2.windowing";
  await showsApp(page, app);
  await worker[Symbol.asyncDispose]();
  await page.goto(page.url().replace(/#.*/, `#/apps/${app}`));
  await page.getByText("stopped", { exact: true }).first().waitFor();
  await fromBeginning(page, `${app}-vendor_rides_windowed-changelog`);
  const key = await page.locator(".messages .window").first().innerText();
  assert.match(
    key.replace(/\s+/g, " "),
    /^\d @ \[2021-01-01 00:\d\d:00, ?2021-01-01 00:\d\d:00\)$/,
  );
}

async function showsAvro({ page, config }: Steps): Promise<void> {
  const args = ["--rate", "max", "--count", "50"];
  await new Program("avro-producer", args, environmentOf(config)).done();
  const topic = "datatalkclub.yellow_taxi_rides";
  await fromBeginning(page, topic);
  await row(page, /\{"vendorId":\d,"passenger_count":\d,"trip_distance":/).first().waitFor();
  await page.getByRole("button", { name: /^Offset 0 of/ }).first().click();
  await page.getByText(new RegExp(`schema id \\d+ · ${topic}-value version 1`)).waitFor();
  await picture(page, "avro");
}

async function bursts({ page, kafka, config }: Steps): Promise<void> {
  await kafka.topics.create("burst", { partitions: 2 });
  await takesTurns(page);
  const args = ["--topic", "burst", "--rate", "max", "--count", "20000"];
  await new Program("producer", args, environmentOf(config)).done();
  await page.getByText("20,000 records read").waitFor();
  const gap = page.locator("tr.gap").first();
  const [, from] = (await gap.innerText()).match(/not shown\s+\(offsets ([\d,]+) to/) ?? [];
  await gap.getByRole("button", { name: "Show them" }).click();
  await page.getByRole("button", {
    name: new RegExp(`^Offset ${from!.replaceAll(",", "")} of partition`),
  }).waitFor();
}

/** A browser opens six connections to one server: beside four windows that follow records, a fifth waits and says so. */
async function takesTurns(page: Page): Promise<void> {
  await page.getByRole("link", { name: /^Topics/ }).first().click();
  await page.getByRole("heading", { name: "Topics" }).waitFor();
  await page.evaluate(async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    Object.assign(globalThis, { endsOthers: resolve });
    await Promise.all(
      [0, 1, 2, 3].map((at) =>
        new Promise<void>((taken) =>
          navigator.locks.request(`records-${at}`, async () => {
            taken();
            await promise;
          })
        )
      ),
    );
  });
  await openTopic(page, "burst");
  await page.getByText("4 windows of this browser already follow records").waitFor();
  await page.getByText("Not reading").waitFor();
  await page.evaluate("endsOthers()");
  await page.getByText("Waiting for new records").waitFor();
}

/** What a page keeps of a topic does not depend on how much it has read. */
async function staysSmall(page: Page): Promise<void> {
  const part = (at: number): RecordsPart => ({
    ...{ gaps: [], unmatched: 0, hollow: 0, notes: [], next: "next:0.0_1.0" },
    at: at < 199 ? "behind" : "held",
    records: Array.from({ length: 60 }, (_, nth) => ({
      ...{ partition: 0, offset: at * 60 + nth, timestamp: at, headers: [] },
      ...{ key: textOf("k"), value: textOf(`record ${at * 60 + nth}`) },
    })),
  });
  const parts = Array.from({ length: 200 }, (_, at) => JSON.stringify(part(at)));
  await page.route("**/records?*", (route) =>
    route.fulfill({
      contentType: "text/event-stream",
      body: parts.map((data) => `event: records\ndata: ${data}\n\n`).join(""),
    }));
  await openTopic(page, "demo_1");
  await page.getByText("12,000 records read").waitFor();
  await page.unroute("**/records?*");
  const session = await page.context().newCDPSession(page);
  await session.send("HeapProfiler.collectGarbage");
  const { nodes } = await session.send("Memory.getDOMCounters");
  await session.detach();
  assert.ok(nodes < 10_000, `${nodes} nodes are kept of 12,000 records`);
  await openTopic(page, "burst");
}

const textOf = (text: string) => ({ kind: "text" as const, text, bytes: text.length, cut: false });

async function changesTopic({ page, kafka, config }: Steps): Promise<void> {
  await page.getByRole("link", { name: "Settings" }).click();
  await page.getByRole("button", { name: "Change retention.ms" }).click();
  await page.getByLabel("Value").fill("3600000");
  const args = ["--topic", "burst", "--rate", "max", "--count", "1"];
  await new Program("producer", args, environmentOf(config)).done();
  await page.getByText("20,001 offsets in").waitFor();
  assert.equal(await page.getByLabel("Value").inputValue(), "3600000", "news leave it as typed");
  await page.getByRole("button", { name: "Change", exact: true }).last().click();
  await page.getByRole("row", { name: /^retention.ms.* 3600000 1 hour this topic/ }).waitFor();
  for (const [what, after] of [["Empty", /^0 records in/], ["Delete"]]) {
    await page.getByRole("button", { name: `${what} topic` }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("textbox").fill("burs");
    await dialog.getByRole("button", { name: `${what} topic` }).click();
    await dialog.getByRole("alert").getByText("its name was not typed again").waitFor();
    await dialog.getByRole("textbox").fill("burst");
    await dialog.getByRole("button", { name: `${what} topic` }).click();
    if (what === "Empty") await page.getByText(after!).waitFor();
  }
  await page.getByRole("heading", { name: "Topics" }).waitFor();
  assert.equal(await kafka.topics.exists("burst"), false);
}

/** What each page says to somebody who cannot see it. */
async function isSpoken(page: Page, url: string): Promise<void> {
  const hears = async (hash: string, ...all: readonly (string | RegExp)[]) => {
    await page.goto(`${url}/#/${hash}`);
    for (const one of all) {
      const is = (text: string) => typeof one === "string" ? text === one : one.test(text);
      await until(
        `the page #/${hash} to say ${one}`,
        async () => (await spoken(page)).find(is),
      );
    }
  };
  await hears(
    "",
    /^RootWebArea .*Control Center/,
    "navigation Places",
    "main",
    "heading Cluster 1",
    "columnheader Broker",
    "alert (live assertive)",
  );
  await hears("topics", "button Create topic", "searchbox Find a topic", "link demo_1");
  await hears(
    "topics/demo_1",
    "navigation Parts of this topic",
    "combobox Jump to",
    "combobox Partition",
    "combobox Contains",
    "button Pause",
    /^status.* \(live polite\)$/,
  );
  await hears("topics/demo_1/lanes", /^list Partition 0: \d+ offsets, next offset \d+/);
  await hears(
    `groups/${GROUP}`,
    "heading Who owned what",
    /^image Lag over time; now demo_1-0: \d+/,
  );
  await hears(
    "schemas/datatalkclub.yellow_taxi_rides-value",
    "combobox Compatibility",
    "textbox Could this become the next version?",
  );
}

/** Every kind of page and one dialog, dark; the widest of them on a phone, light. */
async function isAccessible(page: Page, url: string): Promise<void> {
  const subject = "schemas/datatalkclub.yellow_taxi_rides-value";
  const app = "apps/datatalksclub.stream.v2.windowing", topic = "topics/demo_1";
  const places = ["", "topics", topic, `${topic}/lanes`, `${topic}/partitions`];
  const others = [
    "brokers/1",
    `${topic}/readers`,
    `${topic}/analysis`,
    `${topic}/settings`,
    "groups",
    `groups/${GROUP}`,
    "schemas",
    subject,
    `${app}/vendor_rides_windowed?key=1`,
  ];
  const isClean = async (hash: string) => {
    await page.goto(`${url}/#/${hash}`);
    await page.locator(".card").first().waitFor();
    assert.deepEqual(await axeFindings(page), [], hash);
  };
  await page.emulateMedia({ colorScheme: "dark" });
  for (const hash of [...places, ...others]) await isClean(hash);
  await page.goto(`${url}/#/${topic}`);
  await page.getByRole("button", { name: "Produce" }).click();
  await page.getByRole("dialog").waitFor();
  assert.deepEqual(await axeFindings(page), [], "Produce");
  await page.keyboard.press("Escape");
  await page.emulateMedia({ colorScheme: "light" });
  await page.setViewportSize({ width: 360, height: 740 });
  for (const hash of [topic, `groups/${GROUP}`]) await isClean(hash);
  await page.setViewportSize({ width: 1280, height: 860 });

  await page.goto(`${url}/#/groups/${GROUP}`);
  await page.getByRole("link", { name: "Who owned what alone, large" }).click();
  const lag = page.getByRole("heading", { name: "Lag", exact: true });
  await lag.waitFor({ state: "hidden" });
  await page.getByRole("heading", { name: "Who owned what" }).waitFor();
  await page.keyboard.press("1");
  await lag.waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("heading", { name: "Change this group" }).waitFor();
}

async function losesOne({ page, config }: Steps): Promise<void> {
  await page.getByRole("link", { name: "Cluster 1" }).first().click();
  await page.getByText("healthy").waitFor();
  await killBroker(2, { config });
  await page.getByRole("row", { name: /^2 gone/ }).waitFor({ timeout: 120_000 });
  await page.getByText("needs attention").waitFor();
  await page.locator(".fact", { hasText: /^[1-9]\d*under-replicated/ }).waitFor();
  await picture(page, "one_of_three");
  await startBroker(2, { config });
  await page.getByText("healthy").waitFor({ timeout: 120_000 });
}

async function losesAll({ page, config }: Steps): Promise<void> {
  const { processes } = await status({ config });
  const registry = processes.find(({ name }) => name === "registry")!;
  Deno.kill(registry.pid!, "SIGKILL");
  for (const broker of [1, 2, 3]) await killBroker(broker, { config });
  await page.getByText(/^Kafka at .* does not answer|^Cannot .* Kafka/).waitFor({
    timeout: 120_000,
  });
  await page.getByText(/^The schema registry at .* does not answer/).waitFor({ timeout: 120_000 });
  await startBroker(1, { config });
  await page.getByText("Waiting for it.").first().waitFor({ state: "detached", timeout: 120_000 });
  await page.getByText("healthy").waitFor({ timeout: 120_000 });
}
