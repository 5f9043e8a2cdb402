import assert from "node:assert/strict";
import { throwawayCluster } from "../lib/cluster/mod.ts";
import { lookAt } from "../lib/cluster/process.ts";
import { type ClusterState, readJson, statePaths } from "../lib/cluster/state.ts";
import { LessonCluster } from "../lib/course/mod.ts";
import { connect, producer, readAll } from "../lib/kafka/mod.ts";
import { freshWorld } from "../tasks/_world.ts";
import { until } from "./own_brokers.ts";

const SESSION = `
  const { openLesson, lessonCluster } = await import("${new URL(
  "../lib/course/mod.ts",
  import.meta.url,
)}");
  const lesson = await openLesson("nb22");
  const own = await lessonCluster(lesson);
  await own.kafka.topics.create("rides", { partitions: 1 });
  console.log("ready");
  setInterval(() => {}, 1_000);`;

const folders = (path: string) => Array.fromAsync(Deno.readDir(path), ({ name }) => name);

Deno.test("a lesson's brokers end when its kernel is killed, and leave nothing in the lab's folder", async () => {
  const world = await freshWorld(), { throwaway } = statePaths(world.TAXI_STATE!);
  const kernel = new Deno.Command(Deno.execPath(), {
    args: ["eval", "--quiet", SESSION],
    env: { ...world, NO_COLOR: "1" },
    stdin: "null",
    stdout: "piped",
  }).spawn();
  let said = "";
  for await (const bytes of kernel.stdout) {
    said += new TextDecoder().decode(bytes);
    if (said.endsWith("ready\n")) kernel.kill("SIGKILL");
  }
  assert.match(said, /a broker: ready after [\d.]+ s, with \d+ MB of memory\nready\n$/);
  await kernel.status;
  const killedMs = performance.now();
  const [own] = await folders(throwaway);
  const state = await readJson<ClusterState>(statePaths(`${throwaway}/${own}`).state);
  const pids = state === undefined
    ? [] // gone already
    : [state.supervisor.pid, ...state.processes.map(({ process }) => process!.pid)];
  const isGone = async () => (await lookAt(pids)).size === 0 ? true : undefined;
  await until("the broker and its supervisor to be gone", isGone);
  // Windows keeps a file that is open, the supervisor's lock: there the next lesson removes the folder.
  if (Deno.build.os !== "windows") {
    await until(
      "its folder to be gone",
      async () => (await folders(throwaway)).length === 0 ? true : undefined,
    );
  }
  const seconds = ((performance.now() - killedMs) / 1_000).toFixed(1);
  console.log(`the lesson's broker was gone ${seconds} s after its kernel`);
  await Deno.remove(world.TAXI_STATE!, { recursive: true });
});

Deno.test("a lesson's broker with a small disk ends when that is full, says so, and has what it acknowledged", async () => {
  const cluster = await throwawayCluster({ name: "disk", heapMegabytes: 128 });
  const settings = { brokers: cluster.brokers, local: false, ssl: false };
  const kafka = await connect({ settings, onNotice: () => {} });
  const own = new LessonCluster(cluster, kafka, 1);
  try {
    await own.smallDisk(1);
    await kafka.topics.create("full", { partitions: 1 });
    const letter = "x".repeat(500_000), acknowledged: number[] = [];
    await using out = producer(kafka, { deliveryTimeoutMs: 300_000 });
    const write = async (n: number) => {
      await out.send("full", { value: `${n} ${letter}` });
      acknowledged.push(n);
    };
    // Of half a megabyte 25 find room; the next one waits until the broker is back.
    const writing = (async () => {
      for (let n = 0; n < 30; n++) await write(n);
    })();
    const why = await until("the broker to end", () => own.whyEnded(1));
    if (Deno.build.os !== "windows") {
      assert.equal(why, "its disk is full: a file may grow no further");
      assert.equal(acknowledged.length, 25);
    }
    await own.restore();
    assert.equal(await own.whyEnded(1), undefined);
    await writing;
    const log = await readAll<unknown, string>(kafka, "full");
    assert.deepEqual(log.map(({ value }) => parseInt(value!)), acknowledged);
  } finally {
    await own.close();
  }
});
