import assert from "node:assert/strict";
import type { Locator, Page } from "npm:playwright-core@1.65.1";
import { schemaRegistry } from "../../lib/avro/mod.ts";
import { startControlCenter } from "../../lib/control_center/mod.ts";
import { until } from "../own_brokers.ts";
import { focused, hasFocus, tabTo, watch } from "./_center.ts";
import { browserTest, launchBrowser, TIMEOUT_MS } from "./_chromium.ts";
import {
  cluster,
  groupLine,
  recordLine,
  tellNow,
  tellRecords,
  tellsInstead,
  topicLine,
} from "./_told.ts";

/** A page that hears only what a test tells it; Kafka and registry are away. */
async function openTold(run: (page: Page, url: string) => Promise<void>): Promise<void> {
  await using center = await startControlCenter({
    port: 0,
    kafka: { brokers: ["localhost:1"], local: true, ssl: false },
    registry: schemaRegistry({ url: "http://localhost:1", retryForMs: 1 }),
  });
  await using browser = await launchBrowser();
  const page = await browser.newPage({ viewport: { width: 1280, height: 860 } });
  page.setDefaultTimeout(TIMEOUT_MS);
  const faults = watch(page);
  await tellsInstead(page);
  await run(page, center.url);
  assert.deepEqual(faults, []);
}

/** A page begins again there: else only the part of its address behind the # would change. */
async function goTo(page: Page, address: string): Promise<void> {
  await page.goto("about:blank");
  await page.goto(address);
}

await browserTest(
  "the side bar names in a badge what needs a look, each place on one line however much there is",
  () =>
    openTold(async (page, url) => {
      await goTo(page, `${url}/#/`);
      const places = page.getByRole("navigation", { name: "Places" });
      const groups = Array.from({ length: 1_234 }, (_, at) => groupLine(`g-${at}`, 0));
      const ill = { ...groupLine("ill", 0), state: "Unknown", problem: "not allowed" };
      const weak = { ...topicLine("demo_1", 0), weak: 2 };
      await tellNow(page, cluster({ topics: [weak], groups: [...groups, ill], lost: [3] }));
      await places.getByRole("link", { name: "Consumer groups 1 group cannot be looked at 1,235" })
        .waitFor();
      const badge = places.locator(".badge").first();
      assert.equal(
        await badge.getAttribute("title"),
        "1 broker gone, 2 partitions under-replicated",
      );
      assert.equal(await places.locator(".badge").count(), 2);
      // Other machines have other letters, which may be wider.
      for (const letterSpacing of ["0", "2px"]) {
        await page.evaluate((one) => void (document.body.style.letterSpacing = one), letterSpacing);
        const links = await places.getByRole("link").evaluateAll((all) =>
          all.map((one) => {
            const { height, right } = one.getBoundingClientRect();
            return { height, isCut: right > one.closest(".side")!.getBoundingClientRect().right };
          })
        );
        const least = Math.min(...links.map(({ height }) => height));
        assert.ok(links.every(({ height }) => height < least * 1.5), JSON.stringify(links));
        assert.ok(links.every(({ isCut }) => !isCut), `letters ${letterSpacing} wider`);
      }
      await tellNow(page, cluster({ topics: [topicLine("demo_1", 0)], groups }));
      await badge.waitFor({ state: "detached" });
    }),
);

await browserTest(
  "the ring around what has the focus is drawn whole, and none around the page area",
  () =>
    openTold(async (page, url) => {
      await goTo(page, `${url}/#/`);
      await tellNow(page, cluster());
      await page.getByRole("heading", { name: "Cluster 1" }).waitFor();
      for (const name of [/^Cluster 1/, /^Topics/, /^Consumer groups/, "As code"]) {
        await tabTo(page, name);
        assert.ok(await isRingWhole(page), `the ring around ${name}`);
      }
      await page.locator(".skip").focus();
      await page.keyboard.press("Enter");
      await page.locator("main:focus").waitFor();
      assert.equal((await focused(page)).isVisible, false);
    }),
);

/** Whether the outline of what has the focus lies in the window, and no box around cuts it off. */
async function isRingWhole(page: Page): Promise<boolean> {
  return await page.evaluate(() => {
    const it = document.activeElement!, style = getComputedStyle(it);
    const wide = parseFloat(style.outlineWidth) + parseFloat(style.outlineOffset);
    const { left, top, right, bottom } = it.getBoundingClientRect();
    const boxes = [{ left: 0, top: 0, right: innerWidth, bottom: innerHeight }];
    for (let box = it.parentElement; box; box = box.parentElement) {
      if (getComputedStyle(box).overflow !== "visible") boxes.push(box.getBoundingClientRect());
    }
    return wide > 0 && boxes.every((box) =>
      left - wide >= box.left && right + wide <= box.right &&
      top - wide >= box.top && bottom + wide <= box.bottom
    );
  });
}

await browserTest(
  "the offset that a group has committed leads to the record that it reads next",
  () =>
    openTold(async (page, url) => {
      const lags = [
        { topic: "demo_1", partition: 0, committed: 5, end: 9, lag: 4, member: null },
        { topic: "demo_1", partition: 1, committed: 3, end: 3, lag: 0, member: null },
        { topic: "demo_1", partition: 2, committed: null, end: 7, lag: 7, member: null },
      ];
      await goTo(page, `${url}/#/groups/mine`);
      await tellNow(
        page,
        cluster({ topics: [topicLine("demo_1", 9)], groups: [{ ...groupLine("mine", 11), lags }] }),
      );
      await page.getByRole("row", { name: "demo_1-2 – 7 7 nobody" }).waitFor();
      // Where a group has read everything, or nothing yet, there is none to lead to.
      assert.equal(await page.locator('td[data-of="Committed"] a').count(), 1);
      await page.getByRole("link", { name: "5", exact: true }).click();
      await page.getByRole("heading", { name: "demo_1" }).waitFor();
      assert.match(page.url(), /from=offset%3A5&partition=0&open=0\.5$/);
    }),
);

await browserTest(
  "no field for a name, a key or JSON is checked for spelling",
  () =>
    openTold(async (page, url) => {
      await goTo(page, `${url}/#/topics/demo_1`);
      await tellNow(page, cluster({ topics: [topicLine("demo_1", 7)] }));
      await page.getByRole("button", { name: "Produce" }).click();
      const fields = page.getByRole("dialog").getByRole("textbox");
      assert.deepEqual(
        await fields.evaluateAll((all) => all.map((one) => (one as HTMLElement).spellcheck)),
        [false, false, false],
      );
    }),
);

await browserTest(
  "news of the cluster leave the focus of the keyboard where it was",
  () =>
    openTold(async (page, url) => {
      const before = cluster({ topics: [topicLine("demo_1", 7)], groups: [groupLine("mine", 7)] });
      // What is new stands above what was there.
      const after = cluster({
        topics: [topicLine("a_new_one", 1), topicLine("demo_1", 8)],
        groups: [groupLine("a-new-one", 1), groupLine("mine", 8)],
      });
      const stays = async (hash: string, it: Locator, name: string, news: Locator) => {
        await goTo(page, `${url}/#/${hash}`);
        await tellNow(page, before);
        await it.focus();
        await hasFocus(page, name);
        await tellNow(page, after);
        await news.waitFor();
        assert.equal((await focused(page)).words, name, hash);
      };
      const link = (name: string) => page.getByRole("link", { name, exact: true });
      await stays("topics", link("demo_1"), "demo_1", link("a_new_one"));
      await stays("groups", link("mine"), "mine", link("a-new-one"));
      const reset = page.getByRole("button", { name: "Reset offsets" });
      await stays(
        "groups/mine",
        reset,
        "Reset offsets",
        page.getByRole("cell", { name: "8" }).first(),
      );
      const records = page.getByText("8 offsets in 1 partition");
      await stays(
        "topics/demo_1",
        page.getByRole("combobox", { name: "Partition" }),
        "Partition",
        records,
      );

      await tellRecords(page, [recordLine(0), recordLine(1)]);
      const row = (offset: number) =>
        page.getByRole("button", { name: `Offset ${offset} of partition 0` });
      await row(1).focus();
      await tellRecords(page, [recordLine(2)]);
      await row(2).waitFor();
      assert.equal((await focused(page)).words, "Offset 1 of partition 0");
      await page.keyboard.press("Enter");
      await tellRecords(page, [recordLine(3), recordLine(4)]);
      await row(4).waitFor();
      await hasFocus(page, "Offset 1 of partition 0");
      assert.equal(await row(1).getAttribute("aria-expanded"), "true");
    }),
);

await browserTest(
  "a page keeps nothing of the thousands of records that it shows no more",
  () =>
    openTold(async (page, url) => {
      await goTo(page, `${url}/#/topics/demo_1`);
      await tellNow(page, cluster({ topics: [topicLine("demo_1", 7)] }));
      const part = (at: number) =>
        Array.from({ length: 60 }, (_, nth) => recordLine(at * 60 + nth));
      await tellRecords(page, part(0));
      // What is drawn now for the first time must not keep the rows that stand beside it.
      await page.getByRole("button", { name: "Produce" }).click();
      for (let at = 1; at < 200; at++) await tellRecords(page, part(at));
      await page.getByText("12,000 records read").waitFor();
      const session = await page.context().newCDPSession(page);
      // The browser keeps a few of its own, and for a moment what was drawn last.
      await until("nothing to be kept but what is shown", async () => {
        await session.send("HeapProfiler.collectGarbage");
        const { nodes } = await session.send("Memory.getDOMCounters");
        const shown = await page.evaluate(() => {
          let count = 1;
          for (const walker = document.createTreeWalker(document); walker.nextNode();) count++;
          return count;
        });
        assert.ok(shown < 10_000, `${shown} nodes are shown`);
        return nodes < shown + 500 || undefined;
      });
    }),
);
