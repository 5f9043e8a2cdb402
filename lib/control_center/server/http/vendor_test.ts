import assert from "node:assert/strict";

const FOLDER = new URL("../../page/vendor/", import.meta.url);

Deno.test("page/vendor holds exactly what the lock file names, unchanged", async () => {
  const { sha256 } = JSON.parse(await Deno.readTextFile(new URL("vendor.lock.json", FOLDER)));
  const names = [...Deno.readDirSync(FOLDER)].map(({ name }) => name).sort();
  assert.deepEqual(names, [...Object.keys(sha256), "vendor.lock.json"].sort());
  for (const [name, sum] of Object.entries(sha256)) {
    const bytes = await Deno.readFile(new URL(name, FOLDER));
    assert.equal(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex(), sum, name);
  }
});

Deno.test("page/ asks nothing of other machines and sets no markup from text", async () => {
  for (const { name, isFile } of Deno.readDirSync(new URL("../../page/", import.meta.url))) {
    if (!isFile) continue;
    const text = await Deno.readTextFile(new URL(`../../page/${name}`, import.meta.url));
    assert.doesNotMatch(text.replaceAll("http://www.w3.org/2000/svg", ""), /https?:\/\//, name);
    assert.doesNotMatch(text, /innerHTML|insertAdjacent|document\.write|eval\(|new Function/, name);
  }
});
