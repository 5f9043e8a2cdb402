/** The Control Center's page under load, in a real browser. */
import { sleep } from "../../lib/async/mod.ts";
import type { Page } from "npm:playwright-core@1.65.1";
import { type Kafka, producer } from "../../lib/kafka/mod.ts";
import { launchBrowser } from "../../tests/browser/_chromium.ts";
import type { Bench, BenchOptions } from "../bench.ts";
import { figure, type Line } from "../comparison.ts";
import { opensMs, scales, startCenter } from "./center_page.ts";

const BENCH = "control-center";
const LOAD = { aSecond: 20_000, seconds: 30, everyMs: 100 };
const TOPICS = 200;
/** A list draws so many lines before somebody scrolls. */
const LINES = 100;

/** Watches a topic that gets 20,000 records a second for half a minute, and opens a list of 200 topics. */
export const controlCenter: Bench = {
  name: BENCH,
  about: "its page in Chromium: 20,000 records/s watched for 30 s; a list of 200 topics opened",
  run: async function* ({ ground, rounds }: BenchOptions): AsyncIterable<Line> {
    const { kafka, brokers, drop } = await ground();
    await using center = await startCenter(brokers);
    await using browser = await launchBrowser();
    const page = await browser.newPage({ viewport: { width: 1280, height: 860 } });
    const { longestMs, isRight, grownMb, nodes, busy } = await watched(page, {
      kafka,
      url: center.url,
    });
    const count = isRight ? "" : ", WRONG COUNT";
    yield figure({ bench: BENCH, what: `longest task of the page${count}` }, [longestMs]);
    yield figure({ bench: BENCH, what: "growth of the page's memory", unit: "MB" }, [grownMb]);
    yield figure({ bench: BENCH, what: "nodes of the page", unit: "nodes" }, [nodes]);
    yield figure({ bench: BENCH, what: "main thread of the page busy", unit: "%" }, [busy * 100]);
    yield figure({ bench: BENCH, what: "most memory of the server", unit: "MB" }, [
      await center.peakMb(),
    ]);
    for (let at = 0; at < TOPICS; at++) await kafka.topics.create(`cc-${at}`);
    const opened: number[] = [];
    while (opened.length < rounds) {
      opened.push(await opensMs(page, `${center.url}/#/topics`, LINES));
    }
    yield figure({ bench: BENCH, what: "first byte to 200 topics listed" }, opened);
    await drop("cc-");
  },
};

/** Writes at an even pace while a page follows; gives its longest task, and whether it counted every record. */
async function watched(
  page: Page,
  { kafka, url }: { readonly kafka: Kafka; readonly url: string },
) {
  const topic = "cc-load", records = LOAD.aSecond * LOAD.seconds;
  await kafka.topics.create(topic, { partitions: 2 });
  await page.addInitScript(`globalThis.longestMs = 0;
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) longestMs = Math.max(longestMs, duration);
    }).observe({ type: "longtask" });`);
  await page.goto(`${url}/#/topics/${topic}`);
  await page.getByText("Waiting for new records").waitFor();
  await page.evaluate("longestMs = 0");
  const scale = await scales(page), before = await scale.kept(), began = await scale.worked();
  await using out = producer(kafka);
  const value = { vendorId: 1, passenger_count: 2, trip_distance: 1.5, total_amount: 12.3 };
  const some = Array.from({ length: LOAD.aSecond * LOAD.everyMs / 1_000 }, () => ({ value }));
  const beganMs = performance.now();
  for (let sent = 0; sent < records; sent += some.length) {
    const early = beganMs + sent / LOAD.aSecond * 1_000 - performance.now();
    if (early > 0) await sleep(early);
    await out.send(topic, some);
  }
  const words = `${records.toLocaleString("en")} records read`;
  const isRight = await page.getByText(words).waitFor().then(() => true, () => false);
  const longestMs = await page.evaluate("longestMs") as number;
  const ended = await scale.worked(), after = await scale.kept();
  return {
    longestMs,
    isRight,
    grownMb: (after.heapBytes - before.heapBytes) / 1e6,
    nodes: after.nodes,
    busy: (ended.taskS - began.taskS) / (ended.atS - began.atS),
  };
}
