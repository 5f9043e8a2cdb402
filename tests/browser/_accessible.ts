import assert from "node:assert/strict";
import type { Page } from "npm:playwright-core@1.65.1";
import { until } from "../own_brokers.ts";
import { axeFindings } from "./_axe.ts";
import { GROUP, picture, spoken } from "./_center.ts";
import { shows, type View, VIEWS } from "./_every_view.ts";

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

type Theme = "light" | "dark";

/** How a page is looked at; a projector shows a picture alone. */
const DESK = { width: 1280, height: 860 }, PHONE = { width: 360, height: 740 };
const PROJECTOR = { width: 1920, height: 1080 };
const DIALOGS_AND_PICTURES = VIEWS.filter(({ press, name }) => press || name.startsWith("show_"));
const PICTURES = VIEWS.filter(({ name }) => name.startsWith("show_"));
const PAGES = VIEWS.filter((one) => !DIALOGS_AND_PICTURES.includes(one));
const LOOKS: readonly (readonly [Theme, typeof DESK, readonly View[]])[] =
  Deno.env.get("TAXI_TEST_ALL")
    ? (["dark", "light"] as const).flatMap((theme) => [
      [theme, DESK, VIEWS] as const,
      [theme, PHONE, VIEWS] as const,
      [theme, PROJECTOR, PICTURES] as const,
    ])
    : [["dark", DESK, PAGES], ["light", PHONE, PAGES], ["light", DESK, DIALOGS_AND_PICTURES]];

/** Every page, dialog and picture, in both themes, on a desk and on a phone; then the keys of a picture alone. */
export async function isAccessible(page: Page, url: string): Promise<void> {
  const findings: string[] = [];
  for (const [colorScheme, size, views] of LOOKS) {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize(size);
    for (const view of views) {
      await shows(page, url, view);
      const look = `${view.name} ${colorScheme} ${size.width}`;
      await picture(page, look.replaceAll(" ", "_"));
      findings.push(...(await axeFindings(page)).map((one) => `${look}: ${one}`));
      const wide = await page.evaluate(() => document.documentElement.scrollWidth);
      if (wide > size.width) findings.push(`${look}: ${wide} pixels wide`);
    }
  }
  assert.deepEqual(findings, []);
  await page.emulateMedia({ colorScheme: "light" });
  await page.setViewportSize(DESK);
  await standsAlone(page, url);
}

/** A picture alone, chosen by mouse and by keys. */
async function standsAlone(page: Page, url: string): Promise<void> {
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
