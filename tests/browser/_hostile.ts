import assert from "node:assert/strict";
import type { Page } from "npm:playwright-core@1.65.1";
import { parseSchema, type SchemaRegistry } from "../../lib/avro/mod.ts";
import { consumer, type Kafka, producer } from "../../lib/kafka/mod.ts";
import { fromBeginning } from "./_center.ts";

const SCRIPT = '<img src=x onerror="globalThis.hacked=1"><script>globalThis.hacked=1</script>';
const VALUES = [
  SCRIPT,
  "x".repeat(400_000),
  `${"[".repeat(5_000)}${"]".repeat(5_000)}`,
  "\u202eabc",
  "a zero byte \u0000 among words",
  "\u0000\u0001\u0002\u00ff",
  '{"__proto__":{"hacked":1},"constructor":null}',
];

/** Puts what could break a page wherever text comes from elsewhere, and looks at each place. */
export async function showsHostileText(
  page: Page,
  { kafka, registry }: { readonly kafka: Kafka; readonly registry: SchemaRegistry },
): Promise<void> {
  await inRecords(page, kafka);
  await inSettings(page);
  await inGroups(page, kafka);
  await inSchemas(page, registry);
  assert.equal(await page.evaluate("globalThis.hacked"), undefined);
  assert.equal(await page.evaluate("({}).hacked"), undefined);
  assert.equal(await page.locator("main img, main script").count(), 0);
}

/** Removes the group that {@link showsHostileText} has made. */
export async function endsHostile(kafka: Kafka): Promise<void> {
  await kafka.groups.delete(SCRIPT);
}

const utf8 = (text: string) => new TextEncoder().encode(text);

async function inRecords(page: Page, kafka: Kafka): Promise<void> {
  await kafka.topics.create("hostile", { partitions: 1 });
  const raw = { encode: (text: unknown) => utf8(text as string), decode: () => null };
  await using out = producer<unknown, unknown>(kafka, { key: raw, value: raw });
  const headers = { [SCRIPT]: utf8(SCRIPT), "\u202eabc": new Uint8Array([0, 255]) };
  await out.send("hostile", VALUES.map((value) => ({ key: value, value, headers })));
  await fromBeginning(page, "hostile");
  await page.getByText("⟨U+202E⟩").first().waitFor();
  for (const button of await page.getByRole("button", { name: /^Offset \d+ of/ }).all()) {
    await button.click();
    await page.getByText("Headers").waitFor();
    await page.getByRole("button", { name: "Show raw bytes" }).click();
    await page.getByRole("button", { name: "Show decoded" }).waitFor();
  }
  await page.getByRole("link", { name: "Lanes" }).click();
  await page.locator(".lane li").first().waitFor();
}

/** Kafka takes no such setting: its refusal, which repeats the text, is shown. */
async function inSettings(page: Page): Promise<void> {
  await page.getByRole("link", { name: "Settings" }).click();
  await page.getByRole("button", { name: "Change cleanup.policy" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Value").fill(SCRIPT);
  await dialog.getByRole("button", { name: "Change", exact: true }).click();
  await dialog.getByRole("alert").getByText(/^Cannot /).waitFor();
  await page.keyboard.press("Escape");
}

async function inGroups(page: Page, kafka: Kafka): Promise<void> {
  const options = { group: SCRIPT, topics: "hostile", name: SCRIPT };
  const member = await consumer(kafka, options);
  await page.getByRole("link", { name: /^Consumer groups/ }).first().click();
  await page.getByRole("link", { name: SCRIPT }).click();
  await page.getByText(`${SCRIPT} owns hostile-0`).waitFor();
  await page.locator("svg title", { hasText: SCRIPT }).first().waitFor({ state: "attached" });
  await member.close();
  await page.getByText("Nobody is in this group now").waitFor();
}

async function inSchemas(page: Page, registry: SchemaRegistry): Promise<void> {
  const fields = [{ name: "a", type: "int", doc: SCRIPT, default: 0 }];
  const schema = { type: "record", name: "Hostile", doc: SCRIPT, fields };
  await registry.register("hostile-value", parseSchema(JSON.stringify({ ...schema, fields: [] })));
  await registry.register("hostile-value", parseSchema(JSON.stringify(schema)));
  await page.getByRole("link", { name: /^Schemas/ }).first().click();
  await page.getByRole("link", { name: "hostile-value" }).click();
  await page.getByText("breaks nobody").waitFor();
  await page.getByLabel("What version 2 changes").getByText(/^\+.*onerror/).waitFor();
  await page.getByLabel("Could this become the next version?").fill(SCRIPT);
  await page.getByRole("button", { name: "Check" }).click();
  await page.getByText(/^Cannot read the Avro schema/).waitFor();
}
