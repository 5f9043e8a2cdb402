import assert from "node:assert/strict";
import { RotatingLog } from "./log.ts";

Deno.test("RotatingLog never takes more than two files of its size, readable by the owner only", async () => {
  const folder = await Deno.makeTempDir();
  const log = new RotatingLog(`${folder}/broker.log`, 20);
  for (let n = 10; n < 20; n++) log.write(`line ${n}\n`);
  log.close();
  assert.equal(await Deno.readTextFile(`${folder}/broker.log`), "line 18\nline 19\n");
  assert.equal(await Deno.readTextFile(`${folder}/broker.log.1`), "line 16\nline 17\n");
  if (Deno.build.os !== "windows") {
    assert.equal((await Deno.stat(`${folder}/broker.log`)).mode! & 0o777, 0o600);
  }
  await Deno.remove(folder, { recursive: true });
});

Deno.test("RotatingLog remembers only what the present process said", async () => {
  const folder = await Deno.makeTempDir();
  const log = new RotatingLog(`${folder}/broker.log`);
  log.write("old\n");
  log.begin();
  log.write("new\n\nner\n");
  log.close();
  assert.deepEqual(log.lines, ["new", "ner"]);
  await Deno.remove(folder, { recursive: true });
});
