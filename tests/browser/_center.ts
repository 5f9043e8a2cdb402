/**
 * Drives the Control Center in a real browser, for tests: what a person does on its pages, and what a screen reader says.
 *
 * @module
 */
import type { Page } from "npm:playwright-core@1.65.1";
import type { ClusterConfig } from "../../lib/cluster/mod.ts";
import type { Kafka } from "../../lib/kafka/mod.ts";
import { until } from "../own_brokers.ts";

/** The consumer group of the seed's steps. */
export const GROUP = "consumer.group.id.demo.2";

/** What the seed's steps go by. */
export interface Steps {
  readonly page: Page;
  readonly kafka: Kafka;
  readonly config: ClusterConfig;
}

/** Collects what a page complains about: errors, refused scripts, dialogs. That the server refused a wish is no fault. */
export function watch(page: Page): string[] {
  const faults: string[] = [];
  page.on("pageerror", ({ message }) => faults.push(message));
  page.on("dialog", (dialog) => {
    faults.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on("console", (line) => {
    if (line.type() === "error" && !/status of 400/.test(line.text())) faults.push(line.text());
  });
  return faults;
}

/** Opens a topic from the list of topics; internal ones are folded away there. */
export async function openTopic(page: Page, topic: string): Promise<void> {
  await page.getByRole("link", { name: /^Topics/ }).first().click();
  await page.getByRole("heading", { name: "Topics" }).waitFor();
  await page.getByLabel(/^Show \d+ internal/).check();
  await page.getByRole("link", { name: topic, exact: true }).click();
  await page.getByRole("heading", { name: topic, exact: true }).waitFor();
}

/** Shows the oldest records of a topic. */
export async function fromBeginning(page: Page, topic: string): Promise<void> {
  await openTopic(page, topic);
  await page.getByLabel("Jump to").selectOption("begin");
  await page.getByRole("button", { name: "Show", exact: true }).click();
}

/** A line of the Messages tab. */
export const row = (page: Page, value: string | RegExp) =>
  page.locator(".messages tr", { hasText: value });

/** Presses a key until what has the focus carries this name; fails after a round of a large page. */
export async function tabTo(
  page: Page,
  name: string | RegExp,
  key: "Tab" | "Shift+Tab" = "Tab",
): Promise<void> {
  const passed: string[] = [];
  while (passed.length < 100) {
    await page.keyboard.press(key);
    const { words, isVisible, isPage } = await focused(page);
    // Between the last and the first of a page, the focus is on the browser's own buttons.
    if (isPage && !passed.includes("(the browser)")) {
      passed.push("(the browser)");
      continue;
    }
    if (!isVisible) throw new Error(`The focus on "${words}" cannot be seen`);
    if (typeof name === "string" ? words === name : name.test(words)) return;
    passed.push(words);
  }
  throw new Error(`The ${key} key never comes to "${name}": ${passed.join(", ")}`);
}

/** Waits until what has the focus carries this name. */
export async function hasFocus(page: Page, name: string): Promise<void> {
  await until(
    `the focus on "${name}"`,
    async () => (await focused(page)).words === name || undefined,
  );
}

/** What has the focus: its words, and whether it is drawn around. */
export async function focused(page: Page) {
  return await page.evaluate(() => {
    const it = document.activeElement as HTMLElement & { labels?: NodeListOf<HTMLElement> };
    const label = it.labels?.[0]?.firstChild?.textContent ?? "";
    const words = it.getAttribute("aria-label") ?? (label || it.textContent || "");
    return {
      words: words.trim().replace(/\s+/g, " "),
      isPage: it === document.body,
      isVisible: getComputedStyle(it).outlineStyle !== "none",
    };
  });
}

/** What Chromium tells a screen reader: `role name`, and `live` for what is announced when it changes. */
export async function spoken(page: Page): Promise<readonly string[]> {
  const session = await page.context().newCDPSession(page);
  const { nodes } = await session.send("Accessibility.getFullAXTree");
  await session.detach();
  return nodes.filter(({ ignored }) => !ignored).map(({ role, name, properties }) => {
    const live = properties?.find((one) => one.name === "live")?.value.value;
    return [role?.value, name?.value, live && `(live ${live})`].filter(Boolean).join(" ");
  });
}

/** A picture to look at, where somebody wants one. */
export async function picture(page: Page, name: string): Promise<void> {
  const folder = Deno.env.get("TAXI_SCREENSHOTS");
  if (folder) await page.screenshot({ path: `${folder}/control_center_${name}.png` });
}
