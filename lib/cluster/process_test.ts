import assert from "node:assert/strict";
import { platform, type RunOptions } from "../platform/mod.ts";
import { gone, identify, isRunning, kill, lookAt } from "./process.ts";

Deno.test("isRunning() tells this process from another one with its number", async () => {
  const me = (await identify(Deno.pid))!;
  assert.equal(await isRunning(me), true);
  assert.equal(await isRunning({ ...me, started: "before" }), false);
  assert.equal(await isRunning(undefined), false);
});

Deno.test("kill() ends exactly the process it is told, and nothing where it has ended", async () => {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["eval", "setInterval(() => {}, 1000)"],
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn();
  const id = (await identify(child.pid))!;
  await kill({ ...id, started: "before" });
  assert.equal(await isRunning(id), true);
  await Promise.all([kill(id), child.status]);
  assert.equal(await gone(id, 1_000), true);
  await kill(id);
});

Deno.test("lookAt() says that this process has more than a megabyte", async () => {
  assert.ok((await lookAt([Deno.pid])).get(Deno.pid)!.memoryBytes > 1e6);
});

/** A system that answers with these lines; remembers what it was asked. */
function answering(os: "darwin" | "windows", output: string | undefined) {
  const asked: { line: string; env: RunOptions["env"] }[] = [];
  const system = platform(os, {
    run: (command, args, options) => {
      asked.push({ line: [command, ...args].join(" "), env: options?.env });
      return Promise.resolve(
        output === undefined ? undefined : { success: true, output, errors: "" },
      );
    },
  });
  return { asked, system };
}

Deno.test("lookAt() asks a Mac once for all processes, in a time that no terminal changes", async () => {
  const { asked, system } = answering(
    "darwin",
    "  7 2048 S    Fri Nov 27 03:42:00 2026    \n 12  100 Z+   Fri Nov 27 03:42:01 2026\n",
  );
  assert.deepEqual([...await lookAt([7, 12, 13], system)], [
    [7, { pid: 7, started: "Fri Nov 27 03:42:00 2026", memoryBytes: 2_097_152 }],
  ]);
  assert.equal(asked.length, 1);
  assert.deepEqual([asked[0]!.env!.TZ, asked[0]!.env!.LC_ALL], ["UTC", "C"]);
  assert.equal(await isRunning({ pid: 7, started: "Fri Nov 27 03:42:00 2026" }, system), true);
});

Deno.test("lookAt() asks Windows once for all processes", async () => {
  const { asked, system } = answering("windows", "7 2048 134090\r\n12 100 134091\r\n13 50 \r\n");
  assert.deepEqual([...(await lookAt([7, 12, 13], system)).keys()], [7, 12]);
  assert.equal(asked.length, 1);
  assert.match(asked[0]!.line, /Get-Process -Id 7,12,13 /);
});

Deno.test("a process whose start the system does not tell is never killed", async () => {
  const { system } = answering("windows", undefined);
  const killed: number[] = [];
  const forbidding = { ...system, kill: (pid: number) => killed.push(pid) > 0 };
  assert.equal(await identify(Deno.pid, forbidding), undefined);
  await kill({ pid: Deno.pid, started: "" }, forbidding);
  assert.deepEqual(killed, []);
});

if (Deno.build.os === "linux") {
  Deno.test("the start that ps tells is the same in every time zone", async () => {
    const starts = ["Asia/Tokyo", "America/New_York"].map(async (zone) => {
      const env = { get: () => undefined, toObject: () => ({ ...Deno.env.toObject(), TZ: zone }) };
      return await identify(Deno.pid, platform("darwin", { env }));
    });
    const [tokyo, newYork] = await Promise.all(starts);
    if (tokyo === undefined) return; // no ps on this machine
    assert.deepEqual(tokyo, newYork);
  });
}
