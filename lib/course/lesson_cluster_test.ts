import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { rawBatch } from "../../tests/testkit/raw_batch.ts";
import type { ThrowawayCluster, ThrowawayOptions } from "../cluster/mod.ts";
import type { Kafka } from "../kafka/mod.ts";
import { startLessonCluster } from "./lesson_cluster.ts";
import { type Closable, Lesson } from "./lesson.ts";
import { pressStop } from "./stop_button.ts";

/** A lesson whose cluster writes down what was done to it. */
function fakeLesson({ availableBytes = 4e9, data = "/data" } = {}) {
  const done: string[] = [], options: ThrowawayOptions[] = [];
  const ended = new Set<number>();
  const note = (word: string) => (n: number) => {
    done.push(`${word} ${n}`);
    if (/^(kill|stop)$/.test(word)) ended.add(n);
    if (word === "start") ended.clear(); // all of them
    return Promise.resolve();
  };
  const cluster: ThrowawayCluster = {
    ...{ brokers: ["localhost:1"], controlCenter: undefined },
    dataOf: (n) => `${data}/broker-${n}`,
    ...{ kill: note("kill"), stop: note("stop"), start: note("start") },
    ...{ cutWire: note("cut"), mendWire: note("mend"), smallDisk: note("small disk") },
    look: (n) => Promise.resolve({ running: !ended.has(n), ...(ended.has(n) && { why: "gone" }) }),
    memoryBytes: () => Promise.resolve(1e8),
    close: () => {
      done.push("close");
      return Promise.resolve();
    },
  };
  const kafka = {
    close: () => {
      done.push("disconnect");
      return Promise.resolve();
    },
  } as unknown as Kafka;
  const lesson = new Lesson("nb21", {
    connect: () => Promise.reject(new Error("the lab's Kafka is not asked")),
    registry: { deleteSubject: () => Promise.resolve() },
  });
  const start = (brokers: 1 | 3) =>
    startLessonCluster(lesson, { brokers }, {
      start: (given) => {
        options.push(given);
        done.push("start");
        return Promise.resolve(cluster);
      },
      connect: () => Promise.resolve(kafka),
      availableBytes: () => availableBytes,
      say: () => {},
    });
  return { done, options, lesson, start, ended };
}

Deno.test("lessonCluster() gives its brokers small heaps, and ends them with the lesson", async () => {
  const { done, options, lesson, start } = fakeLesson();
  const three = await start(3);
  assert.deepEqual([options[0]!.name, options[0]!.brokers, options[0]!.heapMegabytes], [
    "nb21",
    3,
    128,
  ]);
  await lesson.close();
  assert.deepEqual(done, ["start", "disconnect", "close"]);
  await assert.rejects(three.kill(1), {
    message: "Cannot kill broker 1: the lesson's cluster has ended (run the cell that starts it)",
  });
});

Deno.test("lessonCluster() ends the brokers of the cell's earlier run first", async () => {
  const { done, lesson, start } = fakeLesson();
  await start(1);
  await start(1);
  assert.deepEqual(done, ["start", "disconnect", "close", "start"]);
  await lesson.close();
});

Deno.test("lessonCluster() ends its brokers at ■", async () => {
  const { done, lesson, start } = fakeLesson();
  const three = await start(3);
  pressStop();
  await three.close();
  assert.deepEqual(done, ["start", "disconnect", "close"]);
  await lesson.close();
  assert.deepEqual(done.filter((one) => one === "close").length, 1);
});

Deno.test("lessonCluster() starts nothing where the memory does not last for it", async () => {
  const { done, start } = fakeLesson({ availableBytes: 500e6 });
  await assert.rejects(start(3), {
    message:
      "Cannot start 3 brokers for this lesson: they need 900 MB of memory, 500 MB are free " +
      "(shut the kernels of other notebooks down)",
  });
  assert.deepEqual(done, []);
});

Deno.test("LessonCluster does to a broker what is possible, and says why it does nothing else", async () => {
  const { done, lesson, start } = fakeLesson();
  const three = await start(3);
  await three.kill(2);
  await assert.rejects(three.stop(2), {
    message: "Cannot stop broker 2: it has ended already (start it with restore())",
  });
  await assert.rejects(three.kill(4), {
    name: "RangeError",
    message: "Cannot kill broker 4: there are brokers 1 to 3",
  });
  await three.cutWire(1);
  await three.restore();
  await three.kill(2);
  assert.deepEqual(done.slice(1), ["kill 2", "cut 1", "mend 1", "start 2", "kill 2"]);
  await lesson.close();
  const alone = fakeLesson(), one = await alone.start(1);
  await assert.rejects(one.cutWire(1), /nobody copies from the only broker/);
  await alone.lesson.close();
});

Deno.test("LessonCluster gives each broker a large disk again that had a small one", async () => {
  const { done, lesson, start, ended } = fakeLesson();
  const three = await start(3);
  await three.smallDisk(2);
  await three.smallDisk(3);
  assert.equal(await three.whyEnded(3), undefined);
  ended.add(3); // by itself, as its disk was full
  assert.equal(await three.whyEnded(3), "gone");
  await assert.rejects(three.kill(3), { message: /broker 3: it has ended already/ });
  await three.restore();
  await three.restore();
  assert.deepEqual(done.slice(1), ["small disk 2", "small disk 3", "stop 2", "start 2"]);
  await lesson.close();
});

Deno.test("lessonCluster() leaves no brokers behind where nobody can connect to them", async () => {
  const closed: string[] = [];
  const keeper = {
    id: "nb21",
    keep: <T extends Closable>(_key: string, one: T) => Promise.resolve(one),
  };
  const starting = startLessonCluster(keeper, {}, {
    start: () =>
      Promise.resolve(
        {
          brokers: [],
          close: () => {
            closed.push("cluster");
            return Promise.resolve();
          },
        } as unknown as ThrowawayCluster,
      ),
    connect: () => Promise.reject(new Error("no answer")),
    ...{ availableBytes: () => 4e9, say: () => {} },
  });
  await assert.rejects(starting, { message: "no answer" });
  assert.deepEqual(closed, ["cluster"]);
});

Deno.test("LessonCluster lists the segments of a partition, and none where a broker has no copy", async () => {
  const data = await Deno.makeTempDir(), { lesson, start } = fakeLesson({ data });
  const three = await start(3), folder = `${data}/broker-2/rides-0`;
  await Deno.mkdir(folder, { recursive: true });
  for (const name of ["00000000000000000007.log", "00000000000000000000.log", "leader-epoch"]) {
    await Deno.writeTextFile(`${folder}/${name}`, "");
  }
  const segments = await three.segments("rides", { broker: 2 });
  assert.deepEqual(segments.map(({ firstOffset }) => firstOffset), [0, 7]);
  assert.equal(segments[1]!.path, `${folder}/00000000000000000007.log`);
  assert.deepEqual(await three.segments("rides"), []);
  const batches = [
    rawBatch({ values: ["a", "b"], firstOffset: 7 }),
    rawBatch({ values: ["c"], firstOffset: 9 }),
  ];
  await Deno.writeFile(segments[1]!.path, Buffer.concat([...batches, Buffer.alloc(80)]));
  assert.equal(await three.endOfCopy("rides", { broker: 2 }), 10);
  assert.equal(await three.endOfCopy("rides"), 0);
  await lesson.close();
  await Deno.remove(data, { recursive: true });
});
