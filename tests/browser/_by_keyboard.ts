import assert from "node:assert/strict";
import type { Page } from "npm:playwright-core@1.65.1";
import { GROUP, hasFocus, row, type Steps, tabTo } from "./_center.ts";

/** The seed: select the `Cluster 1` cluster, and create `demo_1` with 2 partitions and default settings. */
export async function createsTopic(page: Page, url: string): Promise<void> {
  await page.goto(url);
  await page.getByRole("heading", { name: "Cluster 1" }).waitFor();
  await tabTo(page, "Skip to content");
  await tabTo(page, /^Cluster 1/);
  await tabTo(page, /^Topics/);
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Topics" }).waitFor();
  await tabTo(page, "Create topic");
  await page.keyboard.press("Enter");
  await hasFocus(page, "Topic name");
  await page.keyboard.press("Escape");
  await page.locator("dialog").waitFor({ state: "detached" });
  await hasFocus(page, "Create topic");
  // Who types on at once types into the dialog.
  await page.keyboard.press("Enter");
  await page.keyboard.type("demo_1");
  await tabTo(page, "Number of partitions");
  await page.keyboard.type("2");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "demo_1" }).waitFor();
  await page.getByText("0 records in 2 partitions").waitFor();
}

/** By keyboard alone: the group goes back to the beginning, a record is written, found and opened. */
export async function movesAndWrites({ page, kafka }: Steps): Promise<void> {
  const press = (key: string) => page.keyboard.press(key);
  const committed = async () =>
    (await kafka.groups.offsets(GROUP, "demo_1")).map((it) => it.offset);
  const before = await committed();
  assert.ok(before.length === 2 && before.every((offset) => offset > 0), `committed: ${before}`);
  await page.goto(page.url().replace(/#.*/, `#/groups/${GROUP}`));
  await page.getByRole("heading", { name: "Change this group" }).waitFor();
  await tabTo(page, "Reset offsets");
  await press("Enter");
  await hasFocus(page, "Topic");
  await tabTo(page, "What would change?");
  await press("Enter");
  await page.getByText(`demo_1-0: ${before[0]!.toLocaleString("en")} → 0`).waitFor();
  assert.deepEqual(await committed(), before, "nothing is moved by looking");
  await tabTo(page, "Move the group");
  await press("Enter");
  await page.locator("dialog").waitFor({ state: "detached" });
  assert.deepEqual(await committed(), [0, 0]);

  await page.goto(page.url().replace(/#.*/, "#/topics/demo_1"));
  await page.getByText("newest first").waitFor();
  await tabTo(page, "Produce");
  await press("Enter");
  await hasFocus(page, "Key (empty: no key)");
  await page.keyboard.type("vendor-1");
  await page.getByText(/^murmur2 of 8 bytes, mod 2 = partition \d/).waitFor();
  await tabTo(page, "Value");
  await press("Control+A");
  await page.keyboard.type('"written by hand"');
  await tabTo(page, "Send");
  await press("Enter");
  await page.getByText(/^Written to partition \d, offset \d+/).waitFor();
  await hasFocus(page, "Send");
  await press("Escape");
  await hasFocus(page, "Produce");
  await tabTo(page, "Contains", "Shift+Tab");
  await page.keyboard.type("by hand");
  await tabTo(page, "Jump to", "Shift+Tab");
  // One letter: a second one that arrives late on a busy machine would start another search.
  await press("b");
  await tabTo(page, "Show");
  await press("Enter");
  await page.getByText("oldest first").waitFor();
  await page.getByText(/\d do not match/).waitFor();
  await row(page, '"written by hand"').waitFor();
  await hasFocus(page, "Show");
  await tabTo(page, "Pause");
  await press("Enter");
  await hasFocus(page, "Resume");
  await tabTo(page, /^Offset \d+ of partition \d$/);
  await press("Enter");
  await page.getByRole("link", { name: "Link to this record" }).waitFor();
}
