import assert from "node:assert/strict";
import { int64, memoryStores, string } from "../mod.ts";
import { sqliteStores } from "./sqlite_store.ts";
import type { StoreSpec } from "../topology/store_spec.ts";
import { Datum } from "./datum.ts";
import { windowKey } from "./layout.ts";

const plain: StoreSpec = { name: "c", layout: "plain", key: string, value: int64, logged: true };
const windows: StoreSpec = { ...plain, name: "w", layout: "window", sizeMs: 10, retentionMs: 20 };
const row = (value: number) => ({ value: Datum.of(value), timestamp: value * 10 });

for (
  const [name, make] of [
    ["memoryStores()", memoryStores],
    ["sqliteStores()", () => sqliteStores({ directory: ":memory:" })],
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
