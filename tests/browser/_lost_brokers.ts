import { killBroker, startBroker, status } from "../../lib/cluster/mod.ts";
import { picture, type Steps } from "./_center.ts";

/** One broker of three is killed, and started again. */
export async function losesOne({ page, config }: Steps): Promise<void> {
  await page.getByRole("link", { name: "Cluster 1" }).first().click();
  await page.getByText("healthy").waitFor();
  await killBroker(2, { config });
  await page.getByRole("row", { name: /^2 gone/ }).waitFor();
  await page.getByText("needs attention").waitFor();
  await page.locator(".fact", { hasText: /^[1-9]\d*under-replicated/ }).waitFor();
  await picture(page, "one_of_three");
  await startBroker(2, { config });
  await page.getByText("healthy").waitFor();
}

/** All brokers and the registry are killed; one broker is started again. */
export async function losesAll({ page, config }: Steps): Promise<void> {
  const { processes } = await status({ config });
  const registry = processes.find(({ name }) => name === "registry")!;
  Deno.kill(registry.pid!, "SIGKILL");
  for (const broker of [1, 2, 3]) await killBroker(broker, { config });
  await page.getByText(/^Kafka at .* does not answer|^Cannot .* Kafka/).waitFor();
  await page.getByText(/^The schema registry at .* does not answer/).waitFor();
  await startBroker(1, { config });
  await page.getByText("Waiting for it.").first().waitFor({ state: "detached" });
  await page.getByText("healthy").waitFor();
}
