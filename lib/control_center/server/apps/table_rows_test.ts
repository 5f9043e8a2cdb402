import assert from "node:assert/strict";
import { NewestRows } from "./table_rows.ts";

const record = (key: string, bytes: number, offset = 0) => ({
  ...{ key: new TextEncoder().encode(key), value: new Uint8Array(bytes), timestamp: 0, offset },
});

Deno.test("NewestRows keeps no more than 64 MB of a table, the newest, and says that some are left out", () => {
  const rows = new NewestRows();
  for (let i = 0; i < 64; i++) rows.add(record(`${i}`.padStart(4), 2 ** 20 - 4), 0);
  assert.equal(rows.dropOldest(), false);
  rows.add(record("0001", 2 ** 20 - 4), 0);
  assert.equal(rows.dropOldest(), true);
  const keys = rows.all.map(({ key }) => new TextDecoder().decode(key!));
  assert.deepEqual([keys.length, keys[0], keys.at(-1)], [64, "   1", "0001"]);
});

Deno.test("NewestRows gives back the room of a row that was overwritten or deleted", () => {
  const rows = new NewestRows();
  for (let i = 0; i < 200; i++) {
    rows.add(record("same", 2 ** 20), 0);
    assert.equal(rows.dropOldest(), false);
  }
  rows.add({ ...record("same", 0), value: null }, 0);
  assert.deepEqual(rows.all, []);
});
