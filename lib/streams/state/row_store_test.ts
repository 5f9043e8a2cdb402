import assert from "node:assert/strict";
import { int64, memoryStores, string } from "../mod.ts";
import { spillingStores } from "./sqlite_spilling.ts";
import { sqliteStores } from "./sqlite_store.ts";
import type { StoreSpec } from "../topology/store_spec.ts";
import { EncodedValue } from "./encoded_value.ts";
import { windowKey } from "./layout.ts";

const plain: StoreSpec = { name: "c", layout: "plain", key: string, value: int64, logged: true };
const windows: StoreSpec = { ...plain, name: "w", layout: "window", sizeMs: 10, retentionMs: 20 };
const row = (value: number) => ({ value: EncodedValue.of(value), timestamp: value * 10 });

for (
  const [name, make] of [
    ["memoryStores()", memoryStores],
    ["sqliteStores()", () => sqliteStores({ directory: ":memory:" })],
    ["spillingStores()", () => spillingStores({ directory: "nowhere", memoryBytes: Infinity })],
  ] as const
) {
  Deno.test(`${name} lists rows in the order of their bytes, whatever the order of writing`, () => {
    const storage = make().open("0_0");
    const rows = storage.store(plain);
    for (const key of ["b", "\xff", "a", "ab"]) rows.put(key, row(1));
    rows.delete("b");
    assert.deepEqual([...rows.all()].map(([key]) => key), ["a", "ab", "\xff"]);
    assert.deepEqual([...rows.range("a", "b")].map(([key]) => key), ["a", "ab"]);
    assert.equal(rows.size, 3);
    storage.close();
  });

  Deno.test(`${name} keeps a value and its time`, () => {
    const storage = make().open("0_0");
    const rows = storage.store(plain);
    rows.put("a", row(7));
    assert.equal(rows.get("a")?.value.value, 7);
    assert.equal(rows.get("a")?.timestamp, 70);
    assert.equal(rows.get("b"), undefined);
    storage.close();
  });

  Deno.test(`${name} finds the windows that began before a time, oldest first`, () => {
    const storage = make().open("0_0");
    const rows = storage.store(windows);
    for (const start of [300, 0, 70]) rows.put(windowKey("k", start), row(1));
    assert.deepEqual(rows.olderThan(100), [windowKey("k", 0), windowKey("k", 70)]);
    assert.deepEqual(rows.olderThan(0), []);
    storage.close();
  });

  Deno.test(`${name} forgets what was not committed when closed dirty`, () => {
    const stores = make();
    const first = stores.open("0_0");
    first.store(plain).put("a", row(1));
    first.close({ dirty: true });
    const second = stores.open("0_0");
    assert.equal(second.store(plain).get("a"), undefined);
    assert.equal(second.checkpoint(), undefined);
    second.close();
  });
}

Deno.test("sqliteStores() finds rows, offsets and times as they were at the last commit", () => {
  const directory = Deno.makeTempDirSync();
  const first = sqliteStores({ directory }).open("0_0");
  first.store(plain).put("a", row(1));
  first.commit({ offsets: { "x-c-changelog": 5 }, metadata: "times" });
  first.store(plain).put("a", row(2));
  first.close();
  const second = sqliteStores({ directory }).open("0_0");
  assert.equal(second.store(plain).get("a")?.value.value, 1);
  assert.deepEqual(second.checkpoint(), {
    offsets: { "x-c-changelog": 5 },
    metadata: "times",
  });
  second.close();
  Deno.removeSync(directory, { recursive: true });
});

Deno.test("spillingStores() keeps rows in memory until there are too many, and goes on with the file", async () => {
  const directory = await Deno.makeTempDir(), spilled: string[] = [];
  const make = () =>
    spillingStores({ directory, memoryBytes: 50_000, onSpill: (task) => spilled.push(task) });
  const stores = make(), storage = stores.open("0_0"), rows = storage.store(plain);
  const files = () => [...Deno.readDirSync(directory)].map(({ name }) => name);
  const fill = (from: number, to: number) => {
    for (let n = from; n < to; n++) rows.put(`${n}`, row(n));
  };
  fill(0, 100);
  storage.commit({ offsets: { log: 100 }, metadata: "" });
  assert.deepEqual(files(), []);
  fill(100, 1_000);
  rows.delete("7");
  storage.commit({ offsets: { log: 1_000 }, metadata: "" });
  assert.deepEqual(spilled, ["0_0"]);
  fill(1_000, 1_100);
  assert.equal(rows.size, 1_099);
  assert.equal(rows.get("999")?.value.value, 999);
  storage.commit({ offsets: { log: 1_100 }, metadata: "" });
  storage.close();
  const again = make().open("0_0");
  assert.deepEqual(again.checkpoint()?.offsets, { log: 1_100 });
  assert.equal(again.store(plain).get("1099")?.value.value, 1_099);
  assert.equal(again.store(plain).get("7"), undefined);
  again.close();
  await Deno.remove(directory, { recursive: true });
});

Deno.test("spillingStores() shares its memory out among the tasks", async () => {
  const directory = await Deno.makeTempDir(), spilled: string[] = [];
  const stores = spillingStores({
    ...{ directory, memoryBytes: 60_000, onSpill: (task: string) => spilled.push(task) },
  });
  const tasks = ["0_0", "0_1"].map((task) => stores.open(task));
  for (const [i, storage] of tasks.entries()) {
    for (let n = 0; n < (i === 0 ? 10 : 200); n++) storage.store(plain).put(`${n}`, row(n));
    storage.commit({ offsets: {}, metadata: "" });
  }
  assert.deepEqual(spilled, ["0_1"]);
  for (const storage of tasks) storage.close();
  await Deno.remove(directory, { recursive: true });
});
