import assert from "node:assert/strict";
import { app, json, memoryStores, string, topic, tumbling } from "../mod.ts";
import { sqliteStores } from "../state/sqlite_store.ts";
import type { StoreProvider } from "../mod.ts";
import { Task } from "./task.ts";

const rides = topic("rides", { key: string, value: json<number>() });

function counting() {
  const counts = app("counts");
  counts.stream(rides).groupByKey().windowedBy(tumbling({ sizeMs: 10 })).count("c");
  return counts.topology();
}

function openTask(stores: StoreProvider): Task {
  const id = { subTopology: 0, partition: 0 };
  return new Task(counting(), id, { clock: { now: () => 0 }, stores });
}

const ride = (timestamp: number) => ({
  key: new TextEncoder().encode("k"),
  value: new TextEncoder().encode("1"),
  timestamp,
  offset: timestamp,
});
const counted = (task: Task) => [...task.stores.get("c")!.all()].map(([, row]) => row.value.value);

function process(task: Task, ...timestamps: number[]): void {
  task.enqueue("rides", timestamps.map(ride));
  while (task.step() === true);
}

const directory = Deno.makeTempDirSync();
for (
  const [name, stores] of [
    ["memoryStores()", memoryStores()],
    ["sqliteStores()", sqliteStores({ directory })],
  ] as const
) {
  Deno.test(`${name} gives a task its committed rows, offsets and stream time back`, () => {
    const first = openTask(stores);
    process(first, 1, 2, 15);
    const changelog = first.takeChangelog() as unknown[];
    assert.equal(changelog.length, 2);
    first.commit({ "counts-c-changelog": 2 });
    first.close();
    const second = openTask(stores);
    assert.deepEqual(second.checkpoint()?.offsets, { "counts-c-changelog": 2 });
    assert.deepEqual(counted(second), [2, 1]);
    assert.equal(second.streamTime, 15);
    process(second, 3);
    assert.deepEqual(counted(second), [2, 1], "a late record stays late");
    second.close({ dirty: true });
  });

  Deno.test(`${name} never gives a task rows that were not committed`, () => {
    const first = openTask(stores);
    first.commit({});
    process(first, 100);
    first.close();
    const second = openTask(stores);
    assert.equal(second.stores.get("c")!.rows.size <= 2, true);
    assert.ok(second.streamTime < 100);
    second.close();
  });
}

Deno.test("sqliteStores() leaves one file a task", () => {
  const files = [...Deno.readDirSync(directory)].map((entry) => entry.name);
  assert.ok(files.includes("0_0.sqlite"));
  Deno.removeSync(directory, { recursive: true });
});
