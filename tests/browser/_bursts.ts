import assert from "node:assert/strict";
import type { Page } from "npm:playwright-core@1.65.1";
import type { RecordsPart } from "../../lib/control_center/contract.ts";
import { environmentOf } from "../own_cluster.ts";
import { openTopic, type Steps } from "./_center.ts";
import { Program } from "./_program.ts";

/** More records at once than the page shows: those that it leaves out are counted, and can be asked for. */
export async function showsBurst({ page, kafka, config }: Steps): Promise<void> {
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
export async function staysSmall(page: Page): Promise<void> {
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
