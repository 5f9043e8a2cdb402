import assert from "node:assert/strict";
import { end, gone, identify, isRunning, memoryBytes, signal } from "./process.ts";

Deno.test("isRunning() tells this process from another one with its number", async () => {
  const me = (await identify(Deno.pid))!;
  assert.equal(await isRunning(me), true);
  assert.equal(await isRunning({ ...me, started: "before" }), false);
  assert.equal(await isRunning(undefined), false);
});

Deno.test("end() ends exactly the process it is told, and nothing where it has ended", async () => {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["eval", "setInterval(() => {}, 1000)"],
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn();
  const id = (await identify(child.pid))!;
  assert.equal(await signal({ ...id, started: "before" }, "SIGKILL"), false);
  await Promise.all([end(id, 10_000), child.status]);
  assert.equal(await gone(id, 1_000), true);
  await end(id, 1_000);
});

Deno.test("memoryBytes() is more than a megabyte for this process", async () => {
  assert.ok((await memoryBytes(Deno.pid))! > 1e6);
});
