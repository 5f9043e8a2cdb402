import assert from "node:assert/strict";
import { Gatherer } from "./gather.ts";

const record = (partition: number, offset: number) => ({
  topic: "t",
  partition,
  offset,
  timestamp: 0,
  key: null,
  value: null,
  headers: [],
});

Deno.test("Gatherer shows or counts every record of a burst, exactly once", () => {
  const gatherer = new Gatherer(60);
  for (let offset = 0; offset < 5_000; offset++) gatherer.add(record(offset % 2, offset >> 1));
  const { records, gaps } = gatherer.take();
  assert.equal(records.length, 60);
  assert.equal(records.length + gaps.reduce((sum, { count }) => sum + count, 0), 5_000);
  assert.deepEqual(gaps[0], { partition: 0, from: 0, to: 2_469, count: 2_470 });
  assert.equal(gatherer.isEmpty, true);
});
