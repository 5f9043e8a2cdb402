import assert from "node:assert/strict";
import { throwawayCluster } from "../lib/cluster/mod.ts";
import { lookAt } from "../lib/cluster/process.ts";
import { type ClusterState, readJson, statePaths } from "../lib/cluster/state.ts";
import { LessonCluster } from "../lib/course/mod.ts";
import { connect, consumer, producer, readAll } from "../lib/kafka/mod.ts";
import { freshWorld } from "../tasks/_world.ts";
import type { MemberAssignment } from "../lib/views/mod.ts";
import { until } from "./own_brokers.ts";

const SESSION = `
  const { openLesson, lessonCluster } = await import("${new URL(
  "../lib/course/mod.ts",
  import.meta.url,
)}");
  const lesson = await openLesson("nb22");
  const own = await lessonCluster(lesson);
  await own.kafka.topics.create("rides", { partitions: 1 });
  const z = await own.startMember({ name: "z", group: "g", topics: "rides" });
  await z.freeze();
  console.log("ready with", z.pid);
  setInterval(() => {}, 1_000);`;

const folders = (path: string) => Array.fromAsync(Deno.readDir(path), ({ name }) => name);

Deno.test("a lesson's broker and a frozen member end when its kernel is killed, and leave nothing in the lab's folder", async () => {
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
    if (/ready with \d+\n$/.test(said)) kernel.kill("SIGKILL");
  }
  const [, member] =
    said.match(/a broker: ready after [\d.]+ s, with \d+ MB of memory\nready with (\d+)\n$/) ?? [];
  assert.ok(member, said);
  await kernel.status;
  const killedMs = performance.now();
  const [own] = await folders(throwaway);
  const state = await readJson<ClusterState>(statePaths(`${throwaway}/${own}`).state);
  const ofCluster = state === undefined
    ? [] // gone already
    : [state.supervisor, ...state.processes.map(({ process }) => process)]
      .flatMap((one) => one?.pid ?? []); // one that has ended has no number any more
  const pids = [Number(member), ...ofCluster];
  const isGone = async () => (await lookAt(pids)).size === 0 ? true : undefined;
  await until("the broker, its supervisor and the member to be gone", isGone);
  // Windows keeps a file that is open, the supervisor's lock: there the next lesson removes the folder.
  if (Deno.build.os !== "windows") {
    await until(
      "its folder to be gone",
      async () => (await folders(throwaway)).length === 0 ? true : undefined,
    );
  }
  const seconds = ((performance.now() - killedMs) / 1_000).toFixed(1);
  console.log(`the lesson's broker and member were gone ${seconds} s after its kernel`);
  await Deno.remove(world.TAXI_STATE!, { recursive: true });
});

/** One broker of a lesson, gone afterwards whatever happens. */
async function withOneBroker(test: (own: LessonCluster) => Promise<void>): Promise<void> {
  const cluster = await throwawayCluster({ name: "one", heapMegabytes: 128 });
  const settings = { brokers: cluster.brokers, local: false, ssl: false };
  const own = new LessonCluster(cluster, await connect({ settings, onNotice: () => {} }), 1);
  await test(own).finally(() => own.close());
}

Deno.test("a lesson's broker with a small disk ends when that is full, says so, and has what it acknowledged", () =>
  withOneBroker(async (own) => {
    const { kafka } = own;
    await own.smallDisk(1);
    await kafka.topics.create("full", { partitions: 1 });
    const letter = "x".repeat(500_000), acknowledged: number[] = [];
    await using out = producer(kafka, { deliveryTimeoutMs: 300_000 });
    // Of half a megabyte 25 find room; the next one waits until the broker is back.
    const writing = (async () => {
      for (let n = 0; n < 30; n++) {
        await out.send("full", { value: `${n} ${letter}` });
        acknowledged.push(n);
      }
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
  }));

Deno.test("a frozen member loses its partitions when its session is over, ends its work when it wakes, and joins again", () =>
  withOneBroker(async (own) => {
    const { kafka } = own, done: number[] = [];
    await kafka.topics.create("rides", { partitions: 2 });
    const reads = { group: "g", topics: "rides" };
    await using a = await consumer<unknown, number>(kafka, { ...reads, name: "a" });
    void (async () => {
      for await (const { value } of a.records()) done.push(value!);
    })();
    const z = await own.startMember({ ...reads, name: "z" });
    const owns = (count: number, own: () => MemberAssignment | undefined) => () =>
      Promise.resolve(own()?.partitions.length === count || undefined);
    const ofA = () => a.assignment, ofZ = () => z.assignment;
    await until("a to have a partition", owns(1, ofA));
    await until("z to have a partition", owns(1, ofZ));
    await using out = producer<unknown, number>(kafka);
    await out.send("rides", { partition: ofZ()!.partitions[0]!.partition, value: 3_000 });
    await until("z to begin", () => Promise.resolve(z.begun[0]));
    await z.freeze();
    await until("a to have both partitions", owns(2, ofA));
    await until("a to do what z has begun", () => Promise.resolve(done[0]));
    assert.equal(ofZ()!.partitions.length, 1, "z does not know");
    await z.thaw();
    await until("z to do it, too", () => Promise.resolve(z.done[0]));
    await until("a to have given one back", owns(1, ofA));
  }));
