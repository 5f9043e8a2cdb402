import assert from "node:assert/strict";
import { until } from "../own_brokers.ts";
import { environmentOf } from "../own_cluster.ts";
import { GROUP, picture, type Steps } from "./_center.ts";
import { Program } from "./_program.ts";

/** Three consumers of two partitions, and the group after they have gone. */
export async function showsOwners({ page, kafka, config }: Steps): Promise<void> {
  await using stack = new AsyncDisposableStack();
  const consumers = [1, 2, 3].map(() =>
    stack.use(new Program("consumer", ["--group", GROUP], environmentOf(config)))
  );
  await page.getByRole("link", { name: /^Consumer groups/ }).first().click();
  await page.getByText("1 idle").waitFor();
  await page.getByRole("link", { name: GROUP }).click();
  const owners = page.locator(".owner");
  await owners.filter({ hasText: "owns demo_1-0" }).waitFor();
  await owners.filter({ hasText: "owns demo_1-1" }).waitFor();
  await owners.filter({ hasText: "idle: owns no partition" }).waitFor();
  const names = await owners.locator("b").allTextContents();
  assert.deepEqual(names.sort(), consumers.map(({ member }) => member).sort());
  await page.getByText("Only a group without members can be changed").waitFor();
  await picture(page, "group");
  await until("both owners to have committed", async () => {
    const committed = await kafka.groups.offsets(GROUP, "demo_1");
    return committed.length === 2 && committed.every(({ offset }) => offset > 0) || undefined;
  });
  await stack.disposeAsync();
  await page.getByText("Nobody is in this group now").waitFor();
  await needsTime({ page, kafka, config });
}

/** A time that was not chosen is none: least of all 1970, which would mean the beginning. */
async function needsTime({ page, kafka }: Steps): Promise<void> {
  const before = await kafka.groups.offsets(GROUP, "demo_1");
  await page.getByRole("button", { name: "Reset offsets" }).click();
  await page.getByRole("combobox", { name: "To", exact: true }).selectOption("time");
  await page.getByRole("button", { name: "What would change?" }).click();
  await page.getByText("Choose a time first").waitFor();
  await page.getByRole("button", { name: "Move the group" }).click();
  assert.equal(
    await page.getByLabel("Time").last().evaluate((it) => it.matches(":invalid")),
    true,
  );
  await page.keyboard.press("Escape");
  await page.locator("dialog").waitFor({ state: "detached" });
  assert.deepEqual(await kafka.groups.offsets(GROUP, "demo_1"), before);
}
