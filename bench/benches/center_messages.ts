/** The Messages tab left open: what it keeps, how busy it is, how old its newest row is. */
import { sleep } from "../../lib/async/mod.ts";
import type { Browser, Page } from "npm:playwright-core@1.65.1";
import { type Kafka, producer } from "../../lib/kafka/mod.ts";
import { launchBrowser } from "../../tests/browser/_chromium.ts";
import type { Bench, BenchOptions } from "../bench.ts";
import { figure, type Line, quantile } from "../comparison.ts";
import { scales, startCenter } from "./center_page.ts";

const BENCH = "control-center-messages";
const WATCHES = [
  { aSecond: 5_000, windows: 1 },
  { aSecond: 20, windows: 1 },
  { aSecond: 5_000, windows: 4 },
] as const;
/** Until a page has as many rows as it keeps. */
const SETTLE_MS = 10_000;
const EVERY_MS = 50;

/** Watches a topic in one window, and in four. */
export const centerMessages: Bench = {
  name: BENCH,
  about:
    "a topic's messages left open for --seconds at 5,000 and 20 records/s, and in four windows",
  run: async function* ({ ground, seconds }: BenchOptions): AsyncIterable<Line> {
    const { kafka, brokers, drop } = await ground();
    await using center = await startCenter(brokers);
    await using browser = await launchBrowser();
    for (const { aSecond, windows } of WATCHES) {
      const topic = `cc-messages-${aSecond}-${windows}`;
      await kafka.topics.create(topic, { partitions: 6 });
      const url = `${center.url}/#/topics/${topic}`;
      const seen = await watched(browser, { kafka, topic, url, aSecond, windows, seconds });
      const where = `${aSecond} records/s, ${windows} ${windows === 1 ? "window" : "windows"}`;
      const tell = (what: string, unit: "MB" | "nodes" | "%" | "ms", numbers: readonly number[]) =>
        figure({ bench: BENCH, what: `${where}, ${seconds} s: ${what}`, unit }, numbers);
      yield tell("growth of a page's memory", "MB", seen.map(({ grownMb }) => grownMb));
      yield tell("nodes of a page", "nodes", seen.map(({ nodes }) => nodes));
      yield tell("main thread busy", "%", seen.map(({ busy }) => busy));
      yield tell(
        "age of the newest row, median",
        "ms",
        seen.map(({ agesMs }) => quantile(agesMs, 0.5)),
      );
      yield tell(
        "age of the newest row, 95 % below",
        "ms",
        seen.map(({ agesMs }) => quantile(agesMs, 0.95)),
      );
      await drop(topic);
    }
  },
};

interface Watch {
  readonly kafka: Kafka;
  readonly topic: string;
  readonly url: string;
  readonly aSecond: number;
  readonly windows: number;
  readonly seconds: number;
}

/** Writes at an even pace while windows follow; a line for each window. */
async function watched(browser: Browser, { kafka, topic, url, aSecond, windows, seconds }: Watch) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 860 } });
  const ended = new AbortController();
  const writing = write(kafka, topic, { aSecond, signal: ended.signal });
  try {
    const pages: Page[] = [];
    for (let at = 0; at < windows; at++) {
      const page = await context.newPage();
      await page.goto(url);
      await page.locator("tr.record").first().waitFor();
      pages.push(page);
    }
    await sleep(SETTLE_MS);
    const all = await Promise.all(pages.map(scales));
    const before = await Promise.all(all.map((one) => one.kept()));
    const began = await Promise.all(all.map((one) => one.worked()));
    const agesMs: number[][] = pages.map(() => []);
    for (const until = Date.now() + seconds * 1_000; Date.now() < until;) {
      await sleep(1_000);
      const ages = await Promise.all(pages.map((page) => page.evaluate(newestAgeMs)));
      ages.forEach((ms, at) => agesMs[at]!.push(ms));
    }
    const worked = await Promise.all(all.map((one) => one.worked()));
    const after = await Promise.all(all.map((one) => one.kept()));
    return all.map(({ process }, at) => ({
      grownMb: (after[at]!.heapBytes - before[at]!.heapBytes) / 1e6,
      nodes: after[at]!.nodes / all.filter((one) => one.process === process).length,
      busy: (worked[at]!.taskS - began[at]!.taskS) / (worked[at]!.atS - began[at]!.atS) * 100,
      agesMs: agesMs[at]!,
    }));
  } finally {
    ended.abort();
    await writing;
    await context.close();
  }
}

/** Runs in the page: how long ago the record of its newest row was made, by the time that the row shows. */
function newestAgeMs(): number {
  const times = [...document.querySelectorAll("tr.record td:nth-child(3)")].slice(0, 60).map(
    (cell) => {
      const [hours, minutes, rest] = cell.textContent!.split(" ").at(-1)!.split(":").map(Number);
      return ((hours! * 60 + minutes!) * 60 + rest!) * 1_000;
    },
  );
  const midnight = new Date().setHours(0, 0, 0, 0);
  return Date.now() - midnight - Math.max(...times);
}

async function write(
  kafka: Kafka,
  topic: string,
  { aSecond, signal }: { readonly aSecond: number; readonly signal: AbortSignal },
): Promise<void> {
  await using out = producer(kafka);
  const value = { vendorId: 1, passenger_count: 2, trip_distance: 1.5, total_amount: 12.3 };
  const beganMs = performance.now();
  for (let sent = 0; !signal.aborted;) {
    const due = Math.floor((performance.now() - beganMs) * aSecond / 1_000) - sent;
    if (due > 0) {
      await out.send(
        topic,
        Array.from({ length: due }, (_, at) => ({ key: `${(sent + at) % 50}`, value })),
      );
      sent += due;
    }
    await sleep(EVERY_MS, signal);
  }
}
