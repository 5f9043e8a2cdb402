import assert from "node:assert/strict";
import { schemaRegistry } from "../../lib/avro/mod.ts";
import { up } from "../../lib/cluster/mod.ts";
import { startControlCenter } from "../../lib/control_center/mod.ts";
import { connect } from "../../lib/kafka/mod.ts";
import { inOwnCluster } from "../own_cluster.ts";
import { isAccessible, isSpoken } from "./_accessible.ts";
import { showsBurst } from "./_bursts.ts";
import { createsTopic, movesAndWrites } from "./_by_keyboard.ts";
import { GROUP, watch } from "./_center.ts";
import { browserTest, launchBrowser, TIMEOUT_MS } from "./_chromium.ts";
import { showsOwners } from "./_groups.ts";
import { endsHostile, showsHostileText } from "./_hostile.ts";
import { losesAll, losesOne } from "./_lost_brokers.ts";
import { readsMessages, showsAvro, showsWindows } from "./_messages.ts";
import { choosesModes } from "./_modes.ts";
import { reusesRecord } from "./_record_actions.ts";
import { changesTopic } from "./_topic_changes.ts";

await browserTest(
  "control-center shows the seed's steps in a real browser, and finds a lost cluster again",
  async (test) => {
    await inOwnCluster({}, async (config) => {
      const { brokers, registry: url } = await up({ config, brokers: 3 });
      const registry = schemaRegistry({ url });
      const settings = { brokers, local: true, ssl: false };
      await using center = await startControlCenter({ port: 0, kafka: settings, registry });
      await using kafka = await connect({ settings, onNotice: () => {} });
      await using browser = await launchBrowser();
      const page = await browser.newPage({ viewport: { width: 1280, height: 860 } });
      page.setDefaultTimeout(TIMEOUT_MS);
      const faults = watch(page);
      const steps = { page, kafka, config };
      const step = async (name: string, run: () => Promise<void>) => {
        assert.ok(await test.step(name, run), `step failed: ${name}`);
        assert.deepEqual(faults, [], name);
      };
      await step(
        "create demo_1 with 2 partitions, by keyboard alone",
        () => createsTopic(page, center.url),
      );
      await step(
        "watch the producer's records, pause, resume, jump to offset 0",
        () => readsMessages(steps),
      );
      await step("three consumers: two owners and one idle", () => showsOwners(steps));
      await step(
        "by keyboard alone: move the group, write a record, find and open it",
        () => movesAndWrites(steps),
      );
      await step(
        "the record is copied, downloaded and written again, and filters are offered again",
        () => reusesRecord(page),
      );
      await step("an interval in a key of the window topic", () => showsWindows(steps));
      await step("rides decoded from Avro, with their schema", () => showsAvro(steps));
      await step(
        "compatibility is chosen for all subjects, and for one",
        () => choosesModes(page, registry),
      );
      await step(
        "20,000 records at once: all counted, what is not shown is said",
        () => showsBurst(steps),
      );
      await step("change a setting, empty and delete a topic", () => changesTopic(steps));
      await step("hostile text stays text", () => showsHostileText(page, { kafka, registry }));
      await step("a screen reader hears names, and what changes", () => isSpoken(page, center.url));
      await step(
        "axe finds nothing, and a picture stands alone",
        () => isAccessible(page, center.url),
      );
      await step("viewers leave no group behind", async () => {
        await endsHostile(kafka);
        assert.deepEqual(await kafka.groups.list(), [GROUP, "datatalksclub.stream.v2.windowing"]);
      });
      await step("one broker of three is gone, and comes back", () => losesOne(steps));
      await test.step("Kafka and registry are gone, and come back", () => losesAll(steps));
    });
  },
);
