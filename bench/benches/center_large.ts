/** The Control Center on a cluster with much in it. */
import { sleep } from "../../lib/async/mod.ts";
import type { Browser } from "npm:playwright-core@1.65.1";
import { parseSchema, schemaRegistry } from "../../lib/avro/mod.ts";
import { up } from "../../lib/cluster/mod.ts";
import { connect, type Kafka } from "../../lib/kafka/mod.ts";
import { launchBrowser } from "../../tests/browser/_chromium.ts";
import { inOwnCluster } from "../../tests/own_cluster.ts";
import type { Bench, BenchOptions } from "../bench.ts";
import { figure, type Line } from "../comparison.ts";
import { opensMs, startCenter } from "./center_page.ts";

const BENCH = "control-center-large";
const MUCH = { topics: 500, groups: 500, subjects: 200, partitions: 100 };
/** A list draws so many lines before somebody scrolls. */
const LINES = 100;
/** Requests that are under way at a time. */
const AT_ONCE = 10;

/** Opens every list with much in it, then leaves the page open. */
export const centerLarge: Bench = {
  name: BENCH,
  about:
    "its page on a cluster with 500 topics, 500 groups, 200 subjects and a topic of 100 partitions",
  run: async function* ({ rounds, seconds }: BenchOptions): AsyncIterable<Line> {
    const lines: Line[] = [];
    await inOwnCluster({}, async (config) => {
      const { brokers, registry } = await up({ config, brokers: 1 });
      const settings = { brokers, local: true, ssl: false };
      await using kafka = await connect({ settings, onNotice: () => {} });
      await fill(kafka, registry);
      await using center = await startCenter(brokers.join(","), registry);
      await using browser = await launchBrowser();
      for (const [place, what] of PLACES) {
        const page = await browser.newPage({ viewport: { width: 1280, height: 860 } });
        const opened: number[] = [];
        while (opened.length < rounds) {
          opened.push(await opensMs(page, `${center.url}/#/${place}`, LINES));
        }
        await page.close();
        lines.push(figure({ bench: BENCH, what: `first byte to ${what} listed` }, opened));
      }
      const { bytes, cpuMs } = await idle(browser, center, seconds);
      const perSecond = { bench: BENCH, unit: "kB/s", what: "traffic to an idle page" } as const;
      lines.push(figure(perSecond, [bytes / 1_000 / seconds]));
      const core = {
        bench: BENCH,
        unit: "%",
        what: "of a core used by the server meanwhile",
      } as const;
      lines.push(figure(core, [cpuMs / 10 / seconds]));
    });
    yield* lines;
  },
};

const PLACES = [
  ["topics", `${MUCH.topics} topics`],
  ["groups", `${MUCH.groups} groups`],
  ["schemas", `${MUCH.subjects} subjects`],
  ["topics/wide/partitions", `${MUCH.partitions} partitions`],
] as const;

/** What an open page costs while nothing happens. Without a worker, its stream is the page's own and can be counted. */
async function idle(
  browser: Browser,
  center: { readonly url: string; cpuMs(): Promise<number> },
  seconds: number,
) {
  const page = await browser.newPage();
  await page.addInitScript("delete globalThis.SharedWorker");
  await page.goto(`${center.url}/#/topics`);
  await page.locator("tbody tr").first().waitFor();
  await sleep(10_000);
  const session = await page.context().newCDPSession(page);
  await session.send("Network.enable");
  let bytes = 0;
  session.on("Network.dataReceived", ({ dataLength }) => bytes += dataLength);
  const before = await center.cpuMs();
  await sleep(seconds * 1_000);
  return { bytes, cpuMs: await center.cpuMs() - before };
}

async function fill(kafka: Kafka, url: string): Promise<void> {
  const registry = schemaRegistry({ url });
  await kafka.topics.create("wide", { partitions: MUCH.partitions });
  await each(MUCH.topics, (at) => kafka.topics.create(`topic-${at}`, { partitions: 1 }));
  await each(
    MUCH.groups,
    (at) => kafka.groups.reset(`group-${at}`, { topic: `topic-${at}`, to: "earliest" }),
  );
  const fields = [{ name: "a", type: "int" }];
  await each(MUCH.subjects, (at) => {
    const schema = { type: "record", name: `Schema${at}`, fields };
    return registry.register(`subject-${at}-value`, parseSchema(JSON.stringify(schema)));
  });
}

async function each(count: number, make: (at: number) => Promise<unknown>): Promise<void> {
  let next = 0;
  const lane = async () => {
    while (next < count) await make(next++);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
}
