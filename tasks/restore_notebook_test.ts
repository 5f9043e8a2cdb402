import assert from "node:assert/strict";
import { restore, SHIPPED } from "./restore_notebook.ts";

const AT_MS = Date.UTC(2026, 0, 2, 3, 4, 5);

/** An unpacked course with one notebook. */
async function checkout(): Promise<string> {
  const root = await Deno.makeTempDir({ prefix: "taxi-restore-" });
  await Deno.mkdir(`${root}/${SHIPPED}`, { recursive: true });
  for (const folder of ["notebooks", SHIPPED]) {
    await Deno.writeTextFile(`${root}/${folder}/01_rides.ipynb`, "shipped");
  }
  return root;
}

Deno.test("restore() brings the shipped notebook back and keeps the learner's beside it", async () => {
  const root = await checkout(), file = `${root}/notebooks/01_rides.ipynb`;
  await Deno.writeTextFile(file, "mine");
  const lines = await restore("1", { root, nowMs: AT_MS });
  assert.equal(await Deno.readTextFile(file), "shipped");
  const backup = "notebooks/01_rides.mine-20260102-030405.ipynb";
  assert.equal(await Deno.readTextFile(`${root}/${backup}`), "mine");
  assert.equal(lines[0], `Your copy is now ${backup}`);
  assert.deepEqual(await restore("01_rides", { root }), [
    "notebooks/01_rides.ipynb is as it was shipped: nothing to do",
  ]);
  await Deno.remove(root, { recursive: true });
});

Deno.test("restore() brings back a deleted notebook, and refuses one that never was", async () => {
  const root = await checkout();
  await Deno.remove(`${root}/notebooks/01_rides.ipynb`);
  assert.equal((await restore("01", { root })).length, 1);
  await assert.rejects(restore("9", { root }), {
    name: "RangeError",
    message: 'Cannot restore "9": the course has 01_rides',
  });
  await Deno.remove(root, { recursive: true });
});

Deno.test("restore() says what to do where the shipped copies are gone", async () => {
  const root = await Deno.makeTempDir({ prefix: "taxi-restore-" });
  await assert.rejects(
    restore("1", { root }),
    /Cannot restore a notebook: .*is gone \(download the course again/,
  );
  await Deno.remove(root, { recursive: true });
});
