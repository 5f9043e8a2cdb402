import assert from "node:assert/strict";
import { type LessonKafka, type LessonRegistry, startLesson } from "./lesson.ts";

/** A Kafka and a registry that write down what they were asked; the registry knows no subject. */
function fakeWorld({ deletes = true } = {}) {
  const asked: string[] = [], there = new Set<string>();
  const kafka: LessonKafka = {
    topics: {
      create: (topic, options) => {
        asked.push(`create ${topic} ${options.partitions ?? "-"}`);
        there.add(topic);
        return Promise.resolve();
      },
      delete: (topics) => {
        asked.push(`delete ${topics.join(" ")}`);
        const found = topics.filter((topic) => there.has(topic));
        if (found.length > 0 && !deletes) {
          const code = "TOPIC_DELETION_DISABLED";
          return Promise.reject(Object.assign(new Error("Topic deletion is disabled"), { code }));
        }
        for (const topic of found) there.delete(topic);
        return Promise.resolve();
      },
      deleteOrEmpty: (topics) => {
        asked.push(`${deletes ? "delete" : "empty"} ${topics.join(" ")}`);
        return Promise.resolve();
      },
      list: () => Promise.resolve([...there]),
    },
    groups: {
      delete: (group) => {
        asked.push(`forget ${group}`);
        return Promise.resolve();
      },
    },
    close: () => {
      asked.push("disconnect");
      return Promise.resolve();
    },
  };
  const registry: LessonRegistry = {
    deleteSubject: (subject) => {
      asked.push(`drop ${subject}`);
      return Promise.reject(Object.assign(new Error("unknown subject"), { status: 404 }));
    },
  };
  return { asked, world: { connect: () => Promise.resolve(kafka), registry } };
}

Deno.test("Lesson gives its topics and groups a prefix, and the seed's names as they are", async () => {
  const { asked, world } = fakeWorld();
  const lesson = await startLesson("nb01", world);
  assert.equal(lesson.topic("rides"), "nb01.rides");
  assert.equal(await lesson.freshTopic("rides", { partitions: 3 }), "nb01.rides");
  assert.equal(await lesson.freshTopic("demo_1", { exact: true }), "demo_1");
  assert.equal(await lesson.freshGroup("readers"), "nb01.readers");
  assert.deepEqual(asked, [
    "delete nb01.rides",
    "create nb01.rides 3",
    "delete demo_1",
    "create demo_1 -",
    "forget nb01.readers",
  ]);
  await lesson.close();
});

/** Collects what is warned of. */
async function warnings(work: () => Promise<void>): Promise<string[]> {
  const said: string[] = [], warn = console.warn;
  console.warn = (text: string) => said.push(text);
  await work().finally(() => console.warn = warn);
  return said;
}

Deno.test("Lesson.freshTopic() makes a new name where the cluster deletes no topics, and close() says nothing of it", async () => {
  const { asked, world } = fakeWorld({ deletes: false });
  const said = await warnings(async () => {
    for (const names of [["nb04.rides", "nb04.rides-2"], ["nb04.rides-3", "nb04.rides-4"]]) {
      const lesson = await startLesson("nb04", world);
      for (const name of names) assert.equal(await lesson.freshTopic("rides"), name);
      assert.equal(await lesson.freshTopic("demo_1", { exact: true }), "demo_1");
      await lesson.close();
    }
  });
  const told = "This Kafka deletes no topics: new ones get new names";
  assert.deepEqual(said, [told, told]);
  assert.deepEqual(asked.filter((one) => one.startsWith("empty")), [
    "empty demo_1",
    "empty demo_1",
  ]);
});

Deno.test("Lesson.sharedTopic() makes what is missing and never deletes", async () => {
  const { asked, world } = fakeWorld();
  const lesson = await startLesson("nb02", world);
  assert.equal(await lesson.sharedTopic("demo_1", { partitions: 2 }), "demo_1");
  await lesson.close();
  assert.deepEqual(asked, ["create demo_1 2", "disconnect"]);
});

Deno.test("Lesson.keep() closes the older handle of the same key, so that a cell can run twice", async () => {
  const lesson = await startLesson("nb03", fakeWorld().world);
  const closed: string[] = [];
  await lesson.keep("reader", { close: () => closed.push("first") });
  const second = await lesson.keep("reader", { stop: () => closed.push("second") });
  assert.deepEqual(closed, ["first"]);
  await lesson.keep("reader", second);
  assert.deepEqual(closed, ["first"]);
  await lesson.close();
  assert.deepEqual(closed, ["first", "second"]);
});

Deno.test("Lesson.close() ends handles newest first, then deletes its own, and is safe twice", async () => {
  const { asked, world } = fakeWorld();
  const lesson = await startLesson("nb04", world);
  await lesson.freshTopic("rides");
  await lesson.freshGroup("a");
  await lesson.keep("one", { close: () => asked.push("one") });
  await lesson.keep("two", {
    [Symbol.asyncDispose]: () => Promise.resolve(void asked.push("two")),
  });
  asked.length = 0;
  await lesson.close();
  await lesson.close();
  assert.deepEqual(asked, ["two", "one", "forget nb04.a", "delete nb04.rides", "disconnect"]);
});

Deno.test("Lesson.freshSubject() deletes an old one, is content when there is none, and close() deletes it again", async () => {
  const { asked, world } = fakeWorld();
  const lesson = await startLesson("nb07", world);
  assert.equal(await lesson.freshSubject("rides-value"), "nb07.rides-value");
  await lesson.close();
  await lesson.close();
  assert.deepEqual(asked, ["drop nb07.rides-value", "drop nb07.rides-value"]);
});

Deno.test("Lesson.close() goes on when something cannot be closed, and says so", async () => {
  const lesson = await startLesson("nb05", fakeWorld().world);
  const closed: string[] = [];
  await lesson.keep("first", { close: () => closed.push("first") });
  await lesson.keep("broken", { close: () => Promise.reject(new Error("gone")) });
  const said = await warnings(() => lesson.close());
  assert.deepEqual([said, closed], [["Could not tidy up broken: gone"], ["first"]]);
});

Deno.test("startLesson() ends the run of the same lesson that came before", async () => {
  const closed: string[] = [];
  const first = await startLesson("nb06", fakeWorld().world);
  await first.keep("reader", { close: () => closed.push("reader") });
  const second = await startLesson("nb06", fakeWorld().world);
  assert.deepEqual(closed, ["reader"]);
  await second.close();
});

Deno.test("startLesson() refuses an id that could not stand in a topic's name", async () => {
  await assert.rejects(startLesson("nb 07", fakeWorld().world), {
    name: "TypeError",
    message: 'Cannot open lesson "nb 07": an id is lower-case letters and digits, such as "nb04"',
  });
});

Deno.test("Lesson puts the learner's name before every topic, group, application and subject, once", async () => {
  const { asked, world } = fakeWorld();
  const lesson = await startLesson("nb04", { ...world, learner: "ana", foreign: "kafka:9092" });
  assert.equal(lesson.own("datatalksclub.stream.v2.stream"), "ana.datatalksclub.stream.v2.stream");
  assert.equal(lesson.own(lesson.topic("rides")), "ana.nb04.rides");
  assert.equal(await lesson.freshTopic("rides"), "ana.nb04.rides");
  assert.equal(await lesson.freshTopic("low", { exact: true }), "ana.low");
  assert.equal(await lesson.sharedTopic("demo_1"), "ana.demo_1");
  assert.equal(await lesson.freshGroup("readers"), "ana.nb04.readers");
  assert.equal(await lesson.freshGroup("group.1", { exact: true }), "ana.group.1");
  assert.equal(await lesson.freshSubject("rides-value"), "ana.nb04.rides-value");
  await lesson.close();
  assert.deepEqual(asked.filter((one) => !/^disconnect$| ana\./.test(one)), []);
});

Deno.test("Lesson refuses a Kafka that is not this checkout's own without a learner's name, and touches nothing", async () => {
  const { asked, world } = fakeWorld();
  const lesson = await startLesson("nb04", { ...world, foreign: "kafka:9092" });
  const said = {
    message:
      "Cannot make topics on kafka:9092: this Kafka is not this checkout's own, and others " +
      "may use the same names (set TAXI_LEARNER to a name of yours, such as ana)",
  };
  await assert.rejects(lesson.kafka(), said);
  await assert.rejects(lesson.freshTopic("rides"), said);
  await assert.rejects(lesson.freshSubject("rides-value"), said);
  await lesson.close();
  assert.deepEqual(asked, []);
});
