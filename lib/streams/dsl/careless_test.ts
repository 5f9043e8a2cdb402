/** What a cell hands over without a type check: refused where it is written, in words that say what to write. */
import assert from "node:assert/strict";
import {
  app,
  hopping,
  json,
  session,
  sliding,
  string,
  TestDriver,
  topic,
  tumbling,
} from "../mod.ts";

// deno-lint-ignore no-explicit-any -- what a type checker would refuse is what is tried here.
type Any = any;
const rides = topic("rides", { key: string, value: json<{ fare: number }>(), nullable: false });

/** Runs what a step makes of one ride. */
function drive(build: (stream: Any) => Any): unknown[] {
  const careless = app("careless");
  build(careless.stream(rides)).to("out");
  using driver = new TestDriver(careless);
  driver.pipe(rides, { key: "k", value: { fare: 7 }, timestamp: 1 });
  return driver.read("out").map(({ value }) => value);
}

Deno.test("a function that forgets to return a record, a list or a result is told what to return", () => {
  const forgets: readonly (readonly [(stream: Any) => Any, RegExp])[] = [
    [(s) => s.map(() => {}), /make a record of undefined: .*\(return \{ key, value \}\)/],
    [(s) => s.map(() => ["a", 1]), /make a record of an array/],
    [(s) => s.flatMap(() => ({ key: "a", value: 1 })), /make records of an object: .*a list/],
    [(s) => s.flatMap(() => ["a"]), /make a record of a string/],
    [(s) => s.flatMapValues(() => "abc"), /make records of a string: .*\(return \[…\]/],
    [(s) => s.flatMapValues(() => undefined), /make records of undefined/],
  ];
  for (const [build, message] of forgets) {
    assert.throws(() => drive(build), { name: "StreamsError", message });
  }
});

Deno.test("an aggregator that gives nothing back does not delete its row, in windows and tables neither", () => {
  const sums = { init: () => 0, add: (sum: number, { fare }: Any) => void (sum += fare) };
  const merge = () => undefined;
  const builds: readonly ((stream: Any) => Any)[] = [
    (s) => s.groupByKey().aggregate("a", sums),
    (s) => s.groupByKey().windowedBy(tumbling({ sizeMs: 10 })).aggregate("a", sums),
    (s) => s.groupByKey().windowedBy(sliding({ differenceMs: 10 })).aggregate("a", sums),
    (s) => s.groupByKey().windowedBy(session({ gapMs: 10 })).aggregate("a", { ...sums, merge }),
    (s) =>
      s.toTable("t").groupBy("g", (value: Any) => ({ key: "x", value }))
        .aggregate("a", { ...sums, subtract: sums.add }),
  ];
  for (const build of builds) {
    assert.throws(() => drive((s) => build(s).toStream()), {
      name: "StreamsError",
      message: /Cannot keep undefined as a result: .*\(return the result; null deletes its row\)/,
    });
  }
});

Deno.test("an application refuses topics and stores with names that Kafka would refuse, and what is no topic, serde, window or function", () => {
  const careless = app("careless") as Any, stream = careless.stream(rides);
  const grouped = stream.groupByKey();
  const wrong: readonly (readonly [() => unknown, RegExp])[] = [
    [() => careless.stream("rides"), /"rides" is only a name \(describe it first: topic\("rides"/],
    [() => careless.stream(undefined), /from no topic at all/],
    [() => careless.table(undefined), /undefined is no topic/],
    [
      () => topic("x", { value: json as Any }),
      /values of topic "x": .*\(json is called: json\(\)\)/,
    ],
    [() => topic("x", { key: JSON as Any }), /keys of topic "x": .* \(give json\(\), string or/],
    [() => stream.to(undefined), /Cannot use topic name "undefined"/],
    [() => stream.to("my topic"), /Cannot use topic name "my topic"/],
    [() => grouped.count("my counts"), /Cannot name a store "my counts"/],
    [() => grouped.windowedBy(60_000), /what was given is none \(use tumbling/],
    [
      () => grouped.aggregate("a", { init: 0, add: () => 0 }),
      /init is no function \(write init: \(/,
    ],
    [() => grouped.aggregate("b", { init: () => 0 }), /add is no function/],
    [() => (tumbling as Any)(), /their options are missing \(give \{ sizeMs: 60_000 \}\)/],
    [() => (tumbling as Any)(60_000), /their options are missing/],
    [() => tumbling({ sizeMs: 10, grace: 5 } as Any), /no option "grace" \(use sizeMs, graceMs\)/],
    [() => hopping({ sizeMs: 10, advance: 5 } as Any), /no option "advance"/],
    [() => session({ gap: 5 } as Any), /no option "gap"/],
    [() => grouped.count("c").suppress({ until: "close" }), /until "close" \(use "windowCloses"/],
  ];
  for (const [make, message] of wrong) assert.throws(make, { message }, `${message}`);
});

Deno.test("TestDriver says that records come round without end, and lets those go round that end", () => {
  const round = (name: string, more: (value: Any) => boolean) => {
    const rounds = app(name), stream = rounds.stream(rides);
    stream.filter(more).mapValues(({ fare }) => ({ fare: fare - 1 })).to("rides");
    return new TestDriver(rounds);
  };
  using endless = round("endless", () => true);
  const ride = { key: "k", value: { fare: 500 }, timestamp: 1 };
  assert.throws(() => endless.pipe(rides, ride), {
    name: "RangeError",
    message: /still records in "rides", which "endless" reads and writes/,
  });
  using ending = round("ending", ({ fare }) => fare > 0);
  ending.pipe(rides, ride);
  assert.equal(ending.read("rides").length, 501);
});
