import assert from "node:assert/strict";
import { platform } from "../../platform/mod.ts";
import type { Program } from "./managed_process.ts";
import { startOnSmallDisk } from "./small_disk.ts";

const BROKER: Program = { command: "java", args: ["kafka.Kafka"], cwd: "/data" };

/** A broker that is never there; it writes down how it was started, and when it was killed. */
function fakeBroker() {
  const started: Program[] = [], killed = Promise.withResolvers<void>();
  const managed = {
    pid: undefined as number | undefined,
    start: (program: Program) => {
      started.push(program);
      managed.pid = 7;
      return Promise.resolve();
    },
    kill: () => killed.resolve(),
  };
  return { managed, started, killed: killed.promise };
}

Deno.test("startOnSmallDisk() limits the files of a broker by the shell that becomes it", async () => {
  const { managed, started } = fakeBroker();
  const disk = { data: "/data", megabytes: 12, platform: platform("darwin") };
  await startOnSmallDisk(managed, BROKER, disk);
  const args = ["-c", 'ulimit -f "$0" && exec "$@"', "24576", "java", "kafka.Kafka"];
  assert.deepEqual(started, [{ command: "/bin/sh", args, cwd: "/data" }]);
});

Deno.test("startOnSmallDisk() kills the broker on Windows, which has no limit, when a segment has grown so far", async () => {
  const data = await Deno.makeTempDir(), { managed, started, killed } = fakeBroker();
  await Deno.mkdir(`${data}/rides-0`);
  await Deno.writeFile(`${data}/rides-0/0.index`, new Uint8Array(2 ** 20 + 1));
  const disk = { data, megabytes: 1, platform: platform("windows") };
  await startOnSmallDisk(managed, BROKER, disk);
  assert.deepEqual(started, [BROKER]);
  await Deno.writeFile(`${data}/rides-0/0.log`, new Uint8Array(2 ** 20 + 1));
  await killed;
  managed.pid = undefined;
  await Deno.remove(data, { recursive: true });
});
