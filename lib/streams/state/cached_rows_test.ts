import assert from "node:assert/strict";
import fc from "fast-check";
import { int64, string } from "../mod.ts";
import type { StoreSpec } from "../topology/store_spec.ts";
import { CachedRows } from "./cached_rows.ts";
import { EncodedValue } from "./encoded_value.ts";
import { KeyFilter } from "./key_filter.ts";
import type { SqliteRows } from "./sqlite_rows.ts";
import { sqliteStores } from "./sqlite_store.ts";
import { toBytes } from "./state_key.ts";

const spec: StoreSpec = { name: "c", layout: "plain", key: string, value: int64, logged: true };

type Step =
  | { readonly do: "put"; readonly key: string; readonly value: number }
  | { readonly do: "delete" | "get"; readonly key: string }
  | { readonly do: "clear" | "commit" | "list" | "size" | "close" | "die" };

Deno.test("sqliteStores() holds what a Map would, and after any end what it held at the checkpoint that it has", async () => {
  const key = fc.string({ unit: fc.constantFrom("a", "b", "\xff"), maxLength: 3 });
  const step: fc.Arbitrary<Step> = fc.oneof(
    { weight: 9, arbitrary: fc.record({ do: fc.constant("put" as const), key, value: fc.nat() }) },
    {
      weight: 6,
      arbitrary: fc.record({ do: fc.constantFrom("delete" as const, "get" as const), key }),
    },
    {
      weight: 4,
      arbitrary: fc.record({
        do: fc.constantFrom("commit", "list", "size", "close", "die", "clear"),
      }),
    } as { weight: number; arbitrary: fc.Arbitrary<Step> },
  );
  const directory = await Deno.makeTempDir();
  let run = 0;
  fc.assert(
    fc.property(
      fc.array(step, { maxLength: 80 }),
      fc.constantFrom(0, 5_000, 1e9),
      (steps, cacheBytes) => {
        const stores = sqliteStores({ directory: `${directory}/${run++}`, cacheBytes });
        let storage = stores.open("0_0"), rows = storage.store(spec);
        let model = new Map<string, number>();
        /** What was held at each commit, by the checkpoint's metadata. */
        const held = new Map<string, Map<string, number>>([["", new Map()]]);
        const listed = () => [...rows.all()].map(([key, { value }]) => [key, value.value]);
        const sorted = () => [...model].sort(([a], [b]) => a < b ? -1 : 1);
        for (const one of steps) {
          switch (one.do) {
            case "put":
              rows.put(one.key, { value: EncodedValue.of(one.value), timestamp: one.value });
              model.set(one.key, one.value);
              break;
            case "delete":
              rows.delete(one.key);
              model.delete(one.key);
              break;
            case "get": {
              const row = rows.get(one.key), expected = model.get(one.key);
              assert.deepEqual([row?.value.value, row?.timestamp], [expected, expected]);
              break;
            }
            case "clear":
              rows.clear();
              model.clear();
              break;
            case "list":
              assert.deepEqual(listed(), sorted());
              break;
            case "size":
              assert.equal(rows.size, model.size);
              break;
            case "commit": {
              const metadata = `${held.size}`;
              storage.commit({ offsets: {}, metadata });
              held.set(metadata, new Map(model));
              break;
            }
            case "close":
            case "die":
              storage.close({ dirty: one.do === "die" });
              storage = stores.open("0_0");
              rows = storage.store(spec);
              model = new Map(held.get(storage.checkpoint()?.metadata ?? "")!);
              assert.deepEqual(listed(), sorted());
          }
        }
        storage.close();
      },
    ),
    { numRuns: 60 },
  );
  await Deno.remove(directory, { recursive: true });
});

Deno.test("sqliteStores() has everything that was committed when it is closed in order", async () => {
  const directory = await Deno.makeTempDir();
  const stores = sqliteStores({ directory }),
    storage = stores.open("0_0"),
    rows = storage.store(spec);
  for (let n = 0; n < 2_000; n++) {
    rows.put(`${n}`, { value: EncodedValue.of(n), timestamp: n });
    storage.commit({ offsets: { log: n }, metadata: "" });
  }
  storage.close();
  const again = stores.open("0_0");
  assert.deepEqual(again.checkpoint(), { offsets: { log: 1_999 }, metadata: "" });
  assert.equal(again.store(spec).size, 2_000);
  again.close();
  await Deno.remove(directory, { recursive: true });
});

Deno.test("KeyFilter never denies a key that it has, and seldom has one that it does not", () => {
  const filter = new KeyFilter();
  assert.equal(filter.mayHave("k0"), false);
  for (let n = 0; n < 100_000; n++) filter.add(toBytes(`k${n}`));
  for (let n = 0; n < 100_000; n++) assert.ok(filter.mayHave(`k${n}`));
  let wrong = 0;
  for (let n = 0; n < 100_000; n++) if (filter.mayHave(`x${n}`)) wrong++;
  assert.ok(wrong < 100, `${wrong}`);
});

Deno.test("CachedRows writes what changed in pieces, and keeps it in memory", () => {
  const written: number[] = [];
  const disk = {
    size: 0,
    get: () => assert.fail("it is in memory"),
    write: (changes: Iterable<unknown>) => written.push([...changes].length),
  };
  const rows = new CachedRows(disk as unknown as SqliteRows, spec, () => Infinity);
  for (let n = 0; n < 200_001; n++) rows.put(`${n}`, { value: EncodedValue.of(n), timestamp: n });
  assert.deepEqual(written, [100_000, 100_000]);
  assert.equal(rows.get("7")!.value.value, 7);
});
