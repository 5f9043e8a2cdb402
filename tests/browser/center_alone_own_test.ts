import assert from "node:assert/strict";
import type { Page } from "npm:playwright-core@1.65.1";
import { schemaRegistry } from "../../lib/avro/mod.ts";
import { startControlCenter } from "../../lib/control_center/mod.ts";
import { freePorts } from "../free_ports.ts";
import { browserTest, launchBrowser, TIMEOUT_MS } from "./_chromium.ts";

/** Kafka and registry are away: what is tested here needs neither. */
const start = (port: number) =>
  startControlCenter({
    port,
    kafka: { brokers: ["localhost:1"], local: true, ssl: false },
    registry: schemaRegistry({ url: "http://localhost:1", retryForMs: 1 }),
  });

async function openPage(run: (page: Page) => Promise<void>): Promise<void> {
  await using browser = await launchBrowser();
  const page = await browser.newPage();
  page.setDefaultTimeout(TIMEOUT_MS);
  await run(page);
}

await browserTest(
  "the page says of an address that names nothing that there is no such place",
  () =>
    openPage(async (page) => {
      await using center = await start(0);
      const nowhere = ["nonsense/xyz", "topics/demo_1/nosuchtab", "topics/100%", "brokers"];
      for (const hash of nowhere) {
        await page.goto("about:blank");
        await page.goto(`${center.url}/#/${hash}`);
        await page.getByRole("heading", { name: "There is no such place" }).waitFor();
        await page.getByText(`This address names no page: #/${hash}`).waitFor();
        assert.equal(await page.title(), "nothing here · Control Center", hash);
      }
      await page.locator(".card").getByRole("link", { name: "Cluster 1" }).click();
      await page.getByRole("heading", { name: "Cluster 1" }).waitFor();
      // A page that is open does not stay there under an address that is another.
      await page.goto(`${center.url}/#/topics/100%`);
      await page.getByRole("heading", { name: "There is no such place" }).waitFor();
    }),
);

await browserTest(
  "the page of a server that was started again loads itself anew, but not while somebody types",
  () =>
    openPage(async (page) => {
      const port = freePorts(1);
      await using stack = new AsyncDisposableStack();
      let center = stack.use(await start(port));
      const cut = page.getByText("The Control Center itself does not answer");
      const startAgain = async () => {
        await center.close();
        await cut.waitFor();
        center = stack.use(await start(port));
        await cut.waitFor({ state: "detached" });
      };
      const isOld = () => page.evaluate("globalThis.isOld === true");
      await page.goto(`${center.url}/#/topics`);
      await page.getByRole("button", { name: "Create topic" }).click();
      await page.getByLabel("Topic name").fill("half typed");
      await page.evaluate("globalThis.isOld = true");
      await startAgain();
      assert.equal(await isOld(), true);
      assert.equal(await page.getByLabel("Topic name").inputValue(), "half typed");
      await page.keyboard.press("Escape");
      await page.waitForFunction(() => !("isOld" in globalThis));
      await page.getByRole("button", { name: "Create topic" }).click();
      await page.getByLabel("Topic name").fill("t");
      await page.getByRole("button", { name: "Create", exact: true }).click();
      // Its own server takes what it sends, and says what Kafka says.
      await page.getByRole("dialog").getByText(/^Cannot .*Kafka/).waitFor();
    }),
);
