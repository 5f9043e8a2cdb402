import assert from "node:assert/strict";
import { inOwnCluster, produce } from "../../../tests/own_cluster.ts";
import { down, killBroker, status, up } from "../mod.ts";
import { statePaths } from "../state.ts";

/** Kafka alone: these faults are the broker's. */
const NO_REGISTRY = { SCHEMA_REGISTRY_URL: "http://localhost:1" };
const SEGMENT = "00000000000000000000.log";

/** Writes over a few bytes in the middle of a file; its size stays. */
async function damage(path: string): Promise<void> {
  using file = await Deno.open(path, { read: true, write: true });
  const { size } = await file.stat();
  await file.seek(Math.floor(size / 2), Deno.SeekMode.Start);
  await file.write(new TextEncoder().encode("garbage garbage"));
}

Deno.test("damage that Kafka starts with is told, and what it cannot start with is told in one line", () =>
  inOwnCluster(NO_REGISTRY, async (config) => {
    const paths = statePaths(config.folders.state);
    const data = paths.broker(1, 1);
    const topic = `${data}/demo_1-0`;
    await up({ config });
    await produce(config, {
      topic: "demo_1",
      values: Array.from({ length: 100 }, (_, i) => `${i}`),
    });

    // Killed, then damaged: Kafka checks the records and cuts off what follows the damage.
    await killBroker(1, { config });
    const broker = (await status({ config })).processes.find(({ name }) => name === "broker 1")!;
    assert.equal(
      broker.why,
      'it was ended from outside with SIGKILL (run "deno task up" to start it again)',
    );
    await damage(`${topic}/${SEGMENT}`);
    assert.deepEqual((await up({ config })).warnings, [
      "broker 1: records at the end of demo_1-0 were damaged and cut off",
    ]);

    // Stopped, then damaged: Kafka looks at nothing, so we compare.
    await down({ config });
    await damage(`${topic}/${SEGMENT}`);
    assert.deepEqual((await up({ config })).warnings, [
      'topic "demo_1" partition 0: its file was changed while the broker was down, records may be lost',
    ]);
    await down({ config });
    await Deno.remove(topic, { recursive: true });
    assert.deepEqual((await up({ config })).warnings, [
      'topic "demo_1" partition 0: its folder or a file of it is gone, its records are lost',
    ]);
    await down({ config });

    // Damaged metadata: Kafka would start and put every topic aside, so it must not start.
    const metadata = `${data}/__cluster_metadata-0/${SEGMENT}`;
    const whole = await Deno.readFile(metadata);
    const { mtime } = await Deno.stat(metadata);
    await damage(metadata);
    await assert.rejects(up({ config }), {
      message: `Cannot use the data folder "${data}": it is damaged: the cluster's own log was ` +
        'changed while the broker was down (put it back, or run "deno task reset" to start without data)',
    });
    await Deno.writeFile(metadata, whole);
    await Deno.utime(metadata, mtime!, mtime!);

    const checkpoint = `${data}/recovery-point-offset-checkpoint`;
    await Deno.writeTextFile(checkpoint, "garbage");
    await assert.rejects(up({ config }), {
      message:
        "Cannot start broker 1: its data folder is damaged: a checkpoint file is unreadable " +
        '(run "deno task reset")',
    });
    await Deno.remove(checkpoint);

    // After a hard end there is nothing to compare with: the topics put aside give it away.
    await Deno.writeFile(metadata, crypto.getRandomValues(new Uint8Array(3_000)));
    const stray = /^Cannot use the data folder ".*": it is damaged: Kafka no longer knows /;
    await assert.rejects(up({ config }), { message: stray });
    await assert.rejects(up({ config }), { message: stray });
    assert.equal((await status({ config })).up, false);
  }));

// Only root may mount; elsewhere a stand-in for Java says the same lines in up_test.ts.
const disk = await Deno.makeTempDir({ prefix: "taxi-disk-" });
const mounted = await ran("mount", ["-t", "tmpfs", "-o", "size=560m,mode=700", "tmpfs", disk]);
if (mounted) {
  Deno.test("a disk that runs full ends the broker, and status and up say so", fillDisk);
} else {
  console.log(
    "not root, so no small disk can be made: a full one is tried with a stand-in for Java only",
  );
  await Deno.remove(disk);
}

async function fillDisk(): Promise<void> {
  try {
    await inOwnCluster({ ...NO_REGISTRY, TAXI_STATE: `${disk}/state` }, async (config) => {
      await up({ config });
      await ran("dd", ["if=/dev/zero", `of=${disk}/fill`, "bs=1M"]);
      const record = { topic: "demo_1", values: ["a"], deliveryTimeoutMs: 5_000 };
      await produce(config, record).catch(() => {});
      const broker = async () =>
        (await status({ config })).processes.find(({ name }) => name === "broker 1")!;
      while ((await broker()).why === undefined) await new Promise((r) => setTimeout(r, 50));
      assert.equal(
        (await broker()).why,
        'the disk is full (free at least 500 MB, then run "deno task up")',
      );
      await assert.rejects(up({ config }), {
        message: `Cannot start Kafka: the disk is full, 0 MB are free at "${disk}/state" ` +
          "(free at least 500 MB)",
      });
      await down({ config });
      await Deno.remove(`${disk}/fill`);
      await up({ config });
    });
  } finally {
    await ran("umount", ["-l", disk]);
    await Deno.remove(disk, { recursive: true });
  }
}

async function ran(command: string, args: readonly string[]): Promise<boolean> {
  try {
    const output = { stdin: "null", stdout: "null", stderr: "null" } as const;
    return (await new Deno.Command(command, { args: [...args], ...output }).output()).success;
  } catch {
    return false;
  }
}
