import assert from "node:assert/strict";
import type { Kafka } from "../../kafka/mod.ts";
import { restore } from "./restore.ts";

Deno.test("restore() asks Kafka nothing where stores have all of their changelogs", async () => {
  const kafka = { cluster: () => assert.fail("Kafka is asked") } as unknown as Kafka;
  const nothing = () => assert.fail("nothing is left to restore");
  const jobs = [
    { topic: "counts-changelog", partition: 0, from: 0, end: 0, restore: nothing },
    { topic: "sums-changelog", partition: 0, from: 7, end: 7, restore: nothing },
  ];
  const { restored, ends } = await restore(kafka, jobs, { signal: new AbortController().signal });
  assert.equal(restored, 0);
  assert.deepEqual(Object.fromEntries(ends), { "counts-changelog": 0, "sums-changelog": 7 });
});
