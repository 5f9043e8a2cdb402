import assert from "node:assert/strict";
import type { Page } from "npm:playwright-core@1.65.1";
import { until } from "../own_brokers.ts";
import { axeFindings } from "./_axe.ts";
import { GROUP, spoken } from "./_center.ts";

/** What each page says to somebody who cannot see it. */
export async function isSpoken(page: Page, url: string): Promise<void> {
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
export async function isAccessible(page: Page, url: string): Promise<void> {
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
