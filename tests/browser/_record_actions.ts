import assert from "node:assert/strict";
import { basename } from "node:path";
import type { Page } from "npm:playwright-core@1.65.1";
import { row } from "./_center.ts";

const TEXT = '"written by hand"';

/** With the record of {@link TEXT} opened: copies it, downloads it, and writes it once more with other words. */
export async function reusesRecord(page: Page): Promise<void> {
  const button = (name: string | RegExp) => page.getByRole("button", { name, exact: true });
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  for (const [part, text] of [["key", "vendor-1"], ["value", TEXT]]) {
    await button(`Copy ${part}`).click();
    await button(`Copied ${part}`).waitFor();
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), text);
  }
  const [, offset, partition] = (await button(/^Offset \d+ of partition \d$/)
    .and(page.locator('[aria-expanded="true"]')).getAttribute("aria-label"))!
    .match(/^Offset (\d+) of partition (\d)$/)!;
  const downloading = page.waitForEvent("download");
  await page.getByRole("link", { name: "Download value" }).click();
  const download = await downloading;
  assert.equal(download.suggestedFilename(), `demo_1-${partition}-${offset}.value`);
  assert.equal(await Deno.readTextFile(await download.path()), TEXT);

  await button("Send again").click();
  const dialog = page.getByRole("dialog", { name: "Produce to demo_1" });
  assert.equal(await dialog.getByLabel("Key (empty: no key)").inputValue(), "vendor-1");
  const value = dialog.getByRole("textbox", { name: "Value" });
  assert.equal(await value.inputValue(), TEXT);
  await value.fill('"written again"');
  await dialog.getByRole("button", { name: "Send" }).click();
  await dialog.getByText(new RegExp(`^Written to partition ${partition}, offset \\d+`)).waitFor();
  await dialog.getByRole("button", { name: "Close" }).click();
  await page.getByLabel("Contains").fill("written again");
  await page.getByRole("button", { name: "Show", exact: true }).click();
  await row(page, TEXT).waitFor({ state: "detached" });
  await row(page, '"written again"').filter({ hasText: "vendor-1" }).waitFor();
  await offersFilters(page);
}

/** Filters of this topic that were used before are offered again, the last first; none of them holds by itself. */
async function offersFilters(page: Page): Promise<void> {
  const [address = ""] = page.url().split("?");
  assert.equal(basename(address), "demo_1");
  await page.goto("about:blank");
  await page.goto(address);
  await page.getByText("newest first").waitFor();
  assert.equal(await page.getByLabel("Contains").inputValue(), "");
  const offered = await page.locator("#filters option").evaluateAll((all) =>
    all.map((one) => (one as HTMLOptionElement).value)
  );
  assert.deepEqual(offered, ["written again", "by hand", 'number":5']);
}
