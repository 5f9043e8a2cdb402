import assert from "node:assert/strict";
import { until } from "../own_brokers.ts";
import { environmentOf } from "../own_cluster.ts";
import { fromBeginning, picture, row, type Steps } from "./_center.ts";
import { Program } from "./_program.ts";
import { showsApp } from "./_streams_apps.ts";

/** The producer's records as they come, paused, resumed, from offset 0, and filtered. */
export async function readsMessages({ page, config }: Steps): Promise<void> {
  await page.getByText("Waiting for new records").waitFor();
  await using _ = new Program("producer", ["--rate", "10"], environmentOf(config));
  await row(page, '{"number":2}').waitFor();
  await page.getByRole("button", { name: "Pause" }).click();
  await page.getByText(/^\d+ more$/).waitFor();
  // Both at one moment: the page goes on meanwhile.
  const seen = () =>
    page.evaluate(() => {
      const texts = (selector: string) =>
        [...document.querySelectorAll(selector)].map((one) => one.textContent!.trim());
      return {
        numbers: texts(".messages .json").map((text) => JSON.parse(text).number as number),
        passed: texts("tr.gap").reduce((sum, text) => sum + Number.parseInt(text), 0),
      };
    });
  const before = Math.max(...(await seen()).numbers);
  await page.getByRole("button", { name: "Resume" }).click();
  // Partitions come one after the other, and a machine that is busy for six seconds has more than the page shows at once.
  await until("every number to be shown once, or counted as not shown", async () => {
    const { numbers, passed } = await seen();
    const last = Math.max(...numbers), isOnce = new Set(numbers).size === numbers.length;
    return last >= before + 5 && isOnce && numbers.length + passed === last + 1 || undefined;
  });
  await page.getByLabel("Jump to").selectOption("offset");
  await page.getByLabel("Offset", { exact: true }).fill("0");
  await page.getByRole("button", { name: "Show", exact: true }).click();
  await page.getByText("oldest first").waitFor();
  await page.getByRole("button", { name: "Offset 0 of partition 0" }).click();
  await page.getByText(/"number": \d/).waitFor();
  await page.getByLabel("Contains").fill('number":5');
  await page.getByRole("button", { name: "Show", exact: true }).click();
  await row(page, '{"number":0}').waitFor({ state: "detached" });
  await row(page, '{"number":5}').waitFor();
  await picture(page, "messages");
}

/** A windowed program, and then the keys of its changelog. */
export async function showsWindows({ page, config }: Steps): Promise<void> {
  const env = environmentOf(config);
  await new Program("rides", ["--rate", "max", "--count", "50"], env).done();
  await using worker = new Program("worker", ["windowing", "--time", "pickup"], env);
  const app = "datatalksclub.stream.v2.windowing";
  await showsApp(page, app);
  await worker[Symbol.asyncDispose]();
  await page.goto(page.url().replace(/#.*/, `#/apps/${app}`));
  await page.getByText("stopped", { exact: true }).first().waitFor();
  await fromBeginning(page, `${app}-vendor_rides_windowed-changelog`);
  const key = await page.locator(".messages .window").first().innerText();
  assert.match(
    key.replace(/\s+/g, " "),
    /^\d @ \[2021-01-01 00:\d\d:00, ?2021-01-01 00:\d\d:00\)$/,
  );
}

/** Avro records, decoded, with the schema that they name. */
export async function showsAvro({ page, config }: Steps): Promise<void> {
  const args = ["--rate", "max", "--count", "50"];
  await new Program("avro-producer", args, environmentOf(config)).done();
  const topic = "datatalkclub.yellow_taxi_rides";
  await fromBeginning(page, topic);
  await row(page, /\{"vendorId":\d,"passenger_count":\d,"trip_distance":/).first().waitFor();
  await page.getByRole("button", { name: /^Offset 0 of/ }).first().click();
  await page.getByText(new RegExp(`schema id \\d+ · ${topic}-value version 1`)).waitFor();
  await picture(page, "avro");
}
