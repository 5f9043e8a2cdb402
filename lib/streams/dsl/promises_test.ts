/** What the types refuse is refused at run time, too, and what can be known when building is told then. */
import assert from "node:assert/strict";
import { app, json, type Stream, string, TestDriver, topic } from "../mod.ts";
import { sqliteStores } from "../state/sqlite_store.ts";

const rides = topic("rides", { key: string, value: json<{ fare: number }>() });
// deno-lint-ignore no-explicit-any
type Loose = any;

const asynchronous: Record<string, (stream: Stream<Loose, Loose>) => unknown> = {
  "mapValues()": (stream) => stream.mapValues((async () => await 1) as Loose).to("out"),
  "map()": (stream) => stream.map((async () => await 1) as Loose).to("out"),
  "flatMap()": (stream) => stream.flatMap((async () => await []) as Loose).to("out"),
  "flatMapValues()": (stream) => stream.flatMapValues((async () => await []) as Loose).to("out"),
  "selectKey()": (stream) => stream.selectKey((async () => await "k") as Loose).to("out"),
  "filter()": (stream) => stream.filter((async () => await false) as Loose).to("out"),
  "filterNot()": (stream) => stream.filterNot((async () => await true) as Loose).to("out"),
  "split()": (stream) => stream.split({ a: (async () => await true) as Loose }).a.to("out"),
  "peek()": (stream) => stream.peek((async () => await 1) as Loose).to("out"),
  "foreach()": (stream) => stream.foreach((async () => await 1) as Loose),
  "aggregate()": (stream) =>
    stream.groupByKey().aggregate("a", { init: () => 0, add: (async () => await 1) as Loose }),
  "table filter()": (stream) =>
    stream.toTable("t").filter((async () => await true) as Loose).toStream().to("out"),
  "table mapValues()": (stream) =>
    stream.toTable("t").mapValues((async () => await 1) as Loose).toStream().to("out"),
  "table groupBy()": (stream) =>
    stream.toTable("t").groupBy("g", (async () => await 1) as Loose).count("n"),
  "process()": (stream) =>
    stream.process("p", () => ({ process: (async () => await 1) as Loose })).to("out"),
  "join()": (stream) => stream.join(stream.toTable("t"), (async () => await 1) as Loose).to("out"),
};

for (const [name, build] of Object.entries(asynchronous)) {
  Deno.test(`${name} refuses a function that answers with a promise`, () => {
    const built = app("x");
    build(built.stream(rides));
    using driver = new TestDriver(built);
    assert.throws(() => driver.pipe(rides, { key: "k", value: { fare: 1 }, timestamp: 0 }), {
      name: "StreamsError",
      stage: "process",
      message:
        /Cannot use a promise as a value: .*\(make the function synchronous, or use an agent/,
    });
  });
}

Deno.test("TestDriver honours the guarantee that the application asks for", () => {
  const built = app("x", { guarantee: "exactly-once" });
  built.stream(rides).to("out");
  const topology = built.topology();
  assert.equal(topology.guarantee, "exactly-once");
  // From the topology alone, as a worker does.
  using driver = new TestDriver(topology, { commitEvery: 2 });
  driver.pipe(rides, { key: "k", value: { fare: 1 }, timestamp: 0 });
  assert.equal(driver.read("out").length, 0);
  driver.commit();
  assert.equal(driver.read("out").length, 1);
});

Deno.test("TestDriver.read() refuses a topic that the application does not know, and names those there are", () => {
  const built = app("x");
  built.stream(rides).to("out");
  using driver = new TestDriver(built);
  assert.throws(() => driver.read("typo"), {
    name: "RangeError",
    message: 'Cannot read topic "typo": "x" knows no such topic (there are "rides", "out")',
  });
  assert.throws(() => driver.log("typo"), RangeError);
  const open = app("y");
  open.stream(rides).to(({ fare }: Loose) => fare > 9 ? "high" : "low");
  using free = new TestDriver(open);
  assert.deepEqual(free.read("anything"), []);
});

Deno.test("sqliteStores() makes its folder", async () => {
  const above = await Deno.makeTempDir();
  const storage = sqliteStores({ directory: `${above}/a/b` }).open("0_1");
  storage.close();
  assert.ok((await Deno.stat(`${above}/a/b/0_1.sqlite`)).isFile);
  await Deno.writeTextFile(`${above}/file`, "");
  assert.throws(() => sqliteStores({ directory: `${above}/file/b` }).open("0_1"), {
    name: "StoreError",
    message: /Cannot keep tables in ".*file\/b"/,
  });
  await Deno.remove(above, { recursive: true });
});
