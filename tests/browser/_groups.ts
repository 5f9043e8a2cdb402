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
}
