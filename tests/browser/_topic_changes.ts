import assert from "node:assert/strict";
import { environmentOf } from "../own_cluster.ts";
import type { Steps } from "./_center.ts";
import { Program } from "./_program.ts";

/** Changes a setting, then empties and deletes the topic, whose name has to be typed again. */
export async function changesTopic({ page, kafka, config }: Steps): Promise<void> {
  await page.getByRole("link", { name: "Settings" }).click();
  await page.getByRole("button", { name: "Change retention.ms" }).click();
  await page.getByLabel("Value").fill("3600000");
  const args = ["--topic", "burst", "--rate", "max", "--count", "1"];
  await new Program("producer", args, environmentOf(config)).done();
  await page.getByText("20,001 offsets in").waitFor();
  assert.equal(await page.getByLabel("Value").inputValue(), "3600000", "news leave it as typed");
  await page.getByRole("button", { name: "Change", exact: true }).last().click();
  await page.getByRole("row", { name: /^retention.ms.* 3600000 1 hour this topic/ }).waitFor();
  for (const [what, after] of [["Empty", /^0 records in/], ["Delete"]]) {
    await page.getByRole("button", { name: `${what} topic` }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("textbox").fill("burs");
    await dialog.getByRole("button", { name: `${what} topic` }).click();
    await dialog.getByRole("alert").getByText("its name was not typed again").waitFor();
    await dialog.getByRole("textbox").fill("burst");
    await dialog.getByRole("button", { name: `${what} topic` }).click();
    if (what === "Empty") await page.getByText(after!).waitFor();
  }
  await page.getByRole("heading", { name: "Topics" }).waitFor();
  assert.equal(await kafka.topics.exists("burst"), false);
}
