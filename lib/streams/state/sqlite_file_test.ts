import assert from "node:assert/strict";
import { int64, string } from "../mod.ts";
import { sqliteStores } from "./sqlite_store.ts";
import type { StoreSpec } from "../topology/store_spec.ts";
import { EncodedValue } from "./encoded_value.ts";
import type { TaskStorage } from "./row_store.ts";
import { StoreError } from "./store_error.ts";

const spec: StoreSpec = { name: "c", layout: "plain", key: string, value: int64, logged: true };
const ROWS = 400;

/** Rows on disk, closed in order; then something happens to the file, and it is opened again. */
async function reopened(
  harm: (path: string) => void,
  look: (storage: TaskStorage) => void,
): Promise<void> {
  const directory = await Deno.makeTempDir();
  try {
    const first = sqliteStores({ directory }).open("0_0"), rows = first.store(spec);
    for (let n = 0; n < ROWS; n++) {
      rows.put(`key ${n}`, { value: EncodedValue.of(n), timestamp: 1_600_000_000_000 + n });
    }
    first.commit({ offsets: { changelog: ROWS }, metadata: "{}" });
    first.close();
    harm(`${directory}/0_0.sqlite`);
    const again = sqliteStores({ directory }).open("0_0");
    try {
      look(again);
    } finally {
      again.close();
    }
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

/** Writes over bytes of a file from some place on. */
function overwrite(path: string, at: number, bytes: Uint8Array): void {
  using file = Deno.openSync(path, { read: true, write: true });
  file.seekSync(at, Deno.SeekMode.Start);
  file.writeSync(bytes);
}

const noise = (length: number) => crypto.getRandomValues(new Uint8Array(length));

const HARMS: Record<string, (path: string) => void> = {
  "is garbage": (path) => Deno.writeFileSync(path, noise(9_000)),
  "is cut short": (path) => Deno.truncateSync(path, Deno.statSync(path).size - 4_096),
  "is half gone": (path) => Deno.truncateSync(path, 5_000),
  "has a page of garbage": (path) => overwrite(path, 8_192, noise(4_096)),
  "is of another version": (path) => overwrite(path, 60, new Uint8Array([0, 0, 0, 1])),
};

for (const [what, harm] of Object.entries(HARMS)) {
  Deno.test(`sqliteStores() begins with an empty file and says why when the one it finds ${what}`, () =>
    reopened(harm, (storage) => {
      assert.ok(storage.damage, "it says why");
      assert.equal(storage.checkpoint(), undefined);
      assert.equal(storage.store(spec).size, 0);
    }));
}

Deno.test("sqliteStores() takes a file that is gone for a new one", () =>
  reopened((path) => Deno.removeSync(path), (storage) => {
    assert.deepEqual([storage.damage, storage.checkpoint()], [undefined, undefined]);
  }));

Deno.test("sqliteStores() refuses a row that is not what was written, and has nothing left next time", async () => {
  const directory = await Deno.makeTempDir();
  const first = sqliteStores({ directory }).open("0_0"), rows = first.store(spec);
  rows.put("marker", { value: EncodedValue.of(7), timestamp: 0 });
  first.commit({ offsets: {}, metadata: "{}" });
  first.close();
  const path = `${directory}/0_0.sqlite`, bytes = Deno.readFileSync(path);
  const at = new TextDecoder("latin1").decode(bytes).indexOf("marker");
  overwrite(path, at + 6 + 7, new Uint8Array([8]));
  const second = sqliteStores({ directory }).open("0_0");
  assert.equal(second.damage, undefined, "its structure is whole");
  assert.throws(() => second.store(spec).get("marker"), (error) => {
    assert.ok(error instanceof StoreError && error.damaged);
    assert.match(error.message, /^Cannot keep tables in ".*": it is damaged, .*start again/);
    return true;
  });
  assert.throws(() => second.commit({ offsets: {}, metadata: "{}" }), StoreError);
  second.close();
  const third = sqliteStores({ directory }).open("0_0");
  assert.equal(third.store(spec).size, 0);
  third.close();
  await Deno.remove(directory, { recursive: true });
});
