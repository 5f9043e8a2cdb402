import type { Page } from "npm:playwright-core@1.65.1";
import { picture } from "./_center.ts";

/** A running program: its drawing, its task and its table, all by clicking. */
export async function showsApp(page: Page, app: string): Promise<void> {
  await page.getByRole("link", { name: /^Streams apps/ }).first().click();
  await page.locator("tr", { hasText: app }).getByText("running").waitFor();
  await page.getByRole("link", { name: app }).click();
  await page.getByRole("group", { name: `Topology of ${app}` }).waitFor();
  await page.locator("td.who").first().waitFor();
  await picture(page, "app");
  await page.locator(`svg.topology a[href$="/vendor_rides_windowed"]`).first().click();
  await page.locator("td.window", { hasText: /^\d @ \[2021-01-01 00:/ }).first().waitFor();
  await picture(page, "table");
}
