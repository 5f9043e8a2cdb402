import type { Page } from "npm:playwright-core@1.65.1";
import type { CompatibilityMode, SchemaRegistry } from "../../lib/avro/mod.ts";
import { until } from "../own_brokers.ts";

/** Chooses what later versions must keep to: for all subjects, and for one. */
export async function choosesModes(page: Page, registry: SchemaRegistry): Promise<void> {
  const before = await registry.compatibility(), subject = "datatalkclub.yellow_taxi_rides-value";
  const choose = async (words: string, mode: CompatibilityMode, subject?: string) => {
    await page.getByRole("combobox", { name: words, exact: true }).selectOption(mode);
    await until(
      `the registry to hold ${subject ?? "all subjects"} to ${mode}`,
      async () => await registry.compatibility(subject) === mode || undefined,
    );
  };
  await page.getByRole("link", { name: /^Schemas/ }).first().click();
  await choose("Compatibility of all others", "FULL");
  // A subject without a mode of its own has that of all.
  await page.getByRole("row", { name: new RegExp(`^${subject} .* FULL$`) }).waitFor();
  await page.getByRole("link", { name: subject }).click();
  await choose("Compatibility", "NONE", subject);
  await page.getByRole("link", { name: /^Schemas/ }).first().click();
  await page.getByRole("row", { name: new RegExp(`^${subject} .* NONE$`) }).waitFor();
  await choose("Compatibility of all others", before);
}
