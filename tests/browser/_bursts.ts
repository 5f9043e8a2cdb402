import type { Page } from "npm:playwright-core@1.65.1";
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
