import assert from "node:assert/strict";
import { app, hopping, json, string, TestDriver, topic, tumbling } from "../mod.ts";

const t = topic("t", { key: string, value: json<string>() });

Deno.test("App refuses to read one topic as a stream and as a table", () => {
  const twice = app("twice");
  twice.stream(t);
  assert.throws(() => twice.table(t), {
    name: "TypeError",
    message: 'Cannot read topic "t" twice: it is a source already (use that stream or table again)',
  });
});

Deno.test("App.stream() gives the same source when asked twice for a topic", () => {
  const twice = app("twice");
  twice.stream(t).to("a");
  twice.stream(t).to("b");
  assert.equal(twice.topology().nodes.filter((node) => node.source).length, 1);
});

Deno.test("App.topology() refuses an id that is a path, or that no topic's name could begin with", () => {
  for (const id of ["", "..", "../../home", "a/b", "a\\b", "a\0b", "-rf", "x".repeat(201)]) {
    assert.throws(
      () => app(id).topology(),
      { name: "TypeError", message: /its id begins topic/ },
      id,
    );
  }
  assert.equal(app("datatalksclub.stream.v2.windowing").topology().stores.length, 0);
});

Deno.test("App.topology() refuses two stores of one name", () => {
  const twice = app("twice");
  twice.stream(t).groupByKey().count("c");
  twice.stream(t).groupByKey().count("c");
  assert.throws(() => twice.topology(), {
    name: "TypeError",
    message: 'Cannot build the topology: two have the store "c" (give one another name)',
  });
});

Deno.test("hopping() refuses to advance by more than its size", () => {
  assert.throws(() => hopping({ sizeMs: 10, advanceMs: 11 }), {
    name: "RangeError",
    message:
      "Cannot open windows as advanceMs must be above 0 and at most sizeMs 10: current value is 11",
  });
});

Deno.test("count() refuses to forget windows that records can still change", () => {
  const minutes = app("x").stream(t).groupByKey().windowedBy(tumbling({ sizeMs: 60_000 }));
  assert.throws(() => minutes.count("w", { retentionMs: 1000 }), {
    name: "RangeError",
    message:
      'Cannot keep windows of "w" for 1000 ms: records can change them for 60000 ms (raise retentionMs)',
  });
});

Deno.test("App names what has no name as Kafka Streams does", () => {
  const names = app("names");
  names.stream(t).groupByKey().count();
  const { nodes, stores } = names.topology();
  assert.deepEqual(nodes.map((node) => node.name), [
    "KSTREAM-SOURCE-0000000000",
    "KSTREAM-AGGREGATE-0000000002",
  ]);
  assert.equal(stores[0]?.name, "KSTREAM-AGGREGATE-STATE-STORE-0000000001");
});

Deno.test("Stream.merge() with itself gives each record once, as in Kafka Streams", () => {
  const same = app("same");
  const stream = same.stream(t);
  stream.merge(stream).to("out");
  using driver = new TestDriver(same);
  driver.pipe(t, { key: "k", value: "v", timestamp: 0 });
  assert.equal(driver.read("out").length, 1);
});

Deno.test("Stream and Table are one line in a console", () => {
  const counts = app("counts");
  const trips = counts.stream(topic("rides", { key: string, value: json() })).groupByKey()
    .count("trips");
  assert.equal(Deno.inspect(trips), 'Table "trips"');
  assert.match(Deno.inspect(trips.toStream().to("out")), /^Stream "KTABLE-TOSTREAM-\d+"$/);
});
