import assert from "node:assert/strict";
import { app, type Bytes, memoryStores, type Serde, string, TestDriver, topic } from "../mod.ts";
import { Task } from "./task.ts";
import { readyRows } from "./ready.ts";

/** As a schema registry: a topic's id, and the reader of an id, have to be asked for; answers are plain afterwards. */
function registryLike() {
  const ids = new Map<string, number>(), readers = new Set<number>();
  const asked: string[] = [];
  const encoder = new TextEncoder(), decoder = new TextDecoder();
  const open = async (topic: string) => {
    await Promise.resolve();
    asked.push(topic);
    ids.set(topic, ids.size);
  };
  const encode = (value: string, topic: string) =>
    new Uint8Array([ids.get(topic)!, ...encoder.encode(value)]);
  const serde: Serde<string> = {
    encode: (value, topic) =>
      ids.has(topic) ? encode(value, topic) : open(topic).then(() => encode(value, topic)),
    decode: (bytes: Bytes) => {
      const value = decoder.decode(bytes!.subarray(1)), id = bytes![0]!;
      if (readers.has(id)) return value;
      return Promise.resolve().then(() => (readers.add(id), value));
    },
    ready: async (topic) => {
      await open(topic);
      readers.add(ids.get(topic)!);
    },
  };
  return { serde, asked, forgetReaders: () => readers.clear() };
}

const plus = (left: string, right: string) => `${left}+${right}`;

Deno.test("TestDriver keeps values of a serde that asks a registry in tables, joins and repartition topics", async () => {
  const { serde, asked } = registryLike();
  const words = topic("words", { key: string, value: serde });
  const others = topic("others", { key: string, value: serde });
  const built = app("x");
  const latest = built.stream(words).groupByKey().reduce("joined", plus);
  const regrouped = latest.groupBy("moved", (value) => ({ key: "all", value }), {
    key: string,
    value: serde,
  }).reduce("all", { add: plus, subtract: (all) => all });
  latest.toStream().to("out", { value: string });
  const table = built.table(others, { name: "others" });
  latest.join(table, (word) => word.split("+")[0]!, plus, { name: "fk", value: serde });
  latest.suppress("held", { until: "timeLimit", limitMs: 5 }).toStream().to("held", {
    value: string,
  });
  using driver = new TestDriver(built);
  await driver.pipe(others, { key: "a", value: "A", timestamp: 0 });
  await driver.pipe(words, { key: "k", value: "a", timestamp: 0 }, {
    key: "k",
    value: "b",
    timestamp: 10,
  });
  assert.deepEqual(driver.read("out").map(({ value }) => value), ["a", "a+b"]);
  assert.deepEqual(driver.table(regrouped.name!), new Map([["all", "a+a+b"]]));
  assert.deepEqual(driver.read("held").map(({ value }) => value), ["a+b"]);
  // Nobody else's subject is touched: only the application's own topics, and the records that were piped in.
  const foreign = asked.filter((topic) => !topic.startsWith("x-"));
  assert.deepEqual(new Set(foreign), new Set(["others", "words"]));
});

Deno.test("readyRows() lets a serde see every row that it will have to answer for at once", async () => {
  const { serde, forgetReaders } = registryLike();
  const built = app("x");
  built.table(topic("words", { key: string, value: serde }), { name: "words" });
  const topology = built.topology();
  await serde.ready!("x-words-changelog");
  const task = new Task(topology, { subTopology: 0, partition: 0 }, {
    clock: { now: () => 0 },
    stores: memoryStores(),
  });
  const store = task.stores.get("words")!;
  const bytes = await serde.encode("v", "x-words-changelog");
  store.restore([{ key: new TextEncoder().encode("k"), value: bytes, timestamp: 0 }]);
  forgetReaders();
  await readyRows(task.stores.values());
  assert.equal([...store.all()][0]![1].value.value, "v");
});

Deno.test("TestDriver tells whose serde does not get ready", async () => {
  const built = app("x");
  const serde: Serde<string> = {
    ...string,
    ready: () => Promise.reject(new Error("no registry")),
  };
  const words = topic("words", { key: string, value: serde });
  built.stream(words).groupByKey().reduce("kept", plus);
  using driver = new TestDriver(built);
  await assert.rejects(
    async () => await driver.pipe(words, { key: "k", value: "v", timestamp: 0 }),
    {
      name: "TypeError",
      message:
        /Cannot start "x": the serde of its topic "x-kept-changelog" does not get ready: no registry \(name/,
    },
  );
});
