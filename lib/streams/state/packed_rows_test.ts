import assert from "node:assert/strict";
import fc from "fast-check";
import { PackedRows } from "./packed_rows.ts";
import { toStateKey } from "./state_key.ts";

const text = (bytes: Uint8Array | null) => bytes && toStateKey(bytes);
const bytes = (value: string) => Uint8Array.from(value, (c) => c.charCodeAt(0));

Deno.test("PackedRows holds what a Map would, and lists what changed in the order of bytes", () => {
  const key = fc.string({ unit: fc.constantFrom("\0", "a", "b", "\xff"), maxLength: 9 });
  const value = fc.option(fc.string({ unit: fc.constantFrom("x", "\xfe"), maxLength: 40 }));
  const change = fc.record({ key, value, time: fc.nat(), isChange: fc.boolean() });
  fc.assert(fc.property(fc.array(change, { maxLength: 300 }), (all) => {
    const rows = new PackedRows(), model = new Map<string, [string | null, number]>();
    const changed = new Set<string>();
    for (const { key, value, time, isChange } of all) {
      rows.set(key, value === null ? null : bytes(value), time, isChange);
      model.set(key, [value, time]);
      if (isChange) changed.add(key);
    }
    for (const [key, [value, time]] of model) {
      const row = rows.get(key)!;
      assert.deepEqual([text(row.value), row.timestamp], [value, time]);
      assert.equal(rows.has(key), value !== null);
    }
    assert.equal(rows.get("missing"), undefined);
    assert.equal(rows.changed, changed.size);
    const listed = [...rows.changes()].map(([key, { value }]) => [toStateKey(key), text(value)]);
    const expected = [...changed].sort().map((key) => [key, model.get(key)![0]]);
    assert.deepEqual(listed, expected);
    rows.unchanged();
    assert.deepEqual([...rows.changes()], []);
    rows.clear();
    assert.equal(rows.get(all[0]?.key ?? ""), undefined);
  }));
});

Deno.test("PackedRows finds each of many rows, and takes little memory for them", () => {
  const rows = new PackedRows(), keyOf = (n: number) => `key-${n}`;
  for (let n = 0; n < 50_000; n++) rows.set(keyOf(n), bytes(`${n}`), n, true);
  for (let n = 0; n < 50_000; n += 7) assert.equal(text(rows.get(keyOf(n))!.value), `${n}`);
  assert.ok(rows.byteLength / 50_000 < 50, `${rows.byteLength / 50_000} bytes a row`);
});
