/** Kafka Streams' words, each shown once: what it gives, and what it refuses. */
import assert from "node:assert/strict";
import { type App, app, describe, json, string, TestDriver, tumbling, unlimited } from "../mod.ts";
import { open, run, type Sent, text } from "../../../tests/testkit/streams.ts";

const texts = { value: string };

Deno.test("filter, mapValues and join of tables keep their rows in a store that is named", () => {
  const built = app("x");
  const t = built.table(text("t"), { name: "t" });
  const big = t.filter((value) => Number(value) > 5, { store: "big" });
  t.mapValues((value) => `${value}!`, { store: "loud", value: string });
  big.join(built.table(text("u"), { name: "u" }), (left, right) => `${left}${right}`, {
    store: "both",
    value: string,
  });
  using driver = new TestDriver(built);
  for (const value of ["9", "3", "7"]) {
    driver.pipe(text("t"), { key: "k", value, timestamp: 1 });
    driver.pipe(text("u"), { key: "k", value: "u", timestamp: 1 });
  }
  assert.deepEqual(driver.table("big"), new Map([["k", "7"]]));
  assert.deepEqual(driver.table("loud"), new Map([["k", "7!"]]));
  assert.deepEqual(driver.table("both"), new Map([["k", "7u"]]));
  driver.pipe(text("t"), { key: "k", value: "1", timestamp: 2 });
  assert.deepEqual([driver.table("big").size, driver.table("both").size], [0, 0]);
  assert.equal(big.name, "big");
});

Deno.test("processValues() leaves keys alone, so that nothing moves, and passes and sets headers", () => {
  const built = app("x");
  const counted = built.stream(text("s")).processValues<string>("number", (context) => {
    let n = 0;
    return {
      process: ({ value, headers }) =>
        context.forward({
          value: `${++n}${value}`,
          headers: [...(headers ?? []), ["n", new Uint8Array([n])]],
        }),
    };
  }, texts);
  counted.groupByKey().count("n");
  counted.to("out");
  const topology = built.topology();
  assert.equal(topology.nodes.some(({ sink }) => sink?.internal), false);
  using driver = new TestDriver(topology);
  const from = new Uint8Array([7]);
  driver.pipe(text("s"), { key: "k", value: "a", timestamp: 1, headers: { from } });
  const [out] = driver.read("out");
  assert.deepEqual([out?.key, out?.value, out?.headers], ["k", "1a", [
    ["from", from],
    ["n", new Uint8Array([1])],
  ]]);
});

Deno.test("transformValues() of a table has stores of its own, and is asked about rows that are gone", () => {
  const got = run(
    (built) => {
      const seen = built.store("seen", { key: string, value: json<number>() });
      built.table(text("t"), { name: "t" }).transformValues("times", (context) => {
        const times = context.store<string, number>(seen);
        return (value, { key }) => {
          const n = (times.get(key) ?? 0) + 1;
          times.put(key, n);
          return `${value} ${n}`;
        };
      }, { stores: [seen], store: "times-store", value: string }).toStream().to("out");
    },
    ["t", "k", "a", 1],
    ["t", "k", null, 2],
  );
  assert.deepEqual(got, [["k", "a 1", 1], ["k", "null 2", 2]]);
});

Deno.test("stream() reads several topics, and every topic that matches a pattern", () => {
  const got = run(
    (built) => void built.stream([text("a"), text("b")], { name: "both" }).to("out"),
    ["a", "k", "1", 1],
    ["b", "k", "2", 2],
  );
  assert.deepEqual(got.map(([, value]) => value), ["1", "2"]);

  const built = app("x");
  built.stream(/^rides-/g, { key: string, value: string, nullable: false, name: "rides" })
    .groupByKey().count("n");
  using driver = new TestDriver(built, { topics: ["rides-1", "rides-2", "x-rides-1", "other"] });
  for (const name of ["rides-1", "rides-2"]) {
    driver.pipe(text(name), { key: "k", value: "v", timestamp: 1 });
  }
  assert.deepEqual(driver.table("n"), new Map([["k", 2]]));
  assert.throws(() => new TestDriver(built, { topics: ["other"] }), {
    name: "RangeError",
    message: 'Cannot start "x": no topic matches /^rides-/ (create one, or correct the pattern)',
  });
});

Deno.test("unlimited() counts since a time, and leaves out what was before", () => {
  const end = Number.MAX_SAFE_INTEGER;
  const got = run(
    (built) => {
      built.stream(text("s")).groupByKey().windowedBy(unlimited({ startMs: 10 })).count("n")
        .toStream().to("out");
    },
    ["s", "k", "v", 9],
    ["s", "k", "v", 10],
    ["s", "k", "v", 1e12],
    ["s", "k", "v", 11],
  );
  assert.deepEqual(got.map(([key, value]) => [key, value]), [
    [{ key: "k", start: 10, end }, 1],
    [{ key: "k", start: 10, end }, 2],
    [{ key: "k", start: 10, end }, 3],
  ]);
});

Deno.test("suppress() emits early, or stops, when its bytes are used up", () => {
  const hold = (whenFull: "emit" | "stop") => (built: App) => {
    built.table(text("t"), { name: "t" }).suppress("held", {
      ...{ until: "timeLimit", limitMs: 1_000, maxBytes: 6, whenFull },
    }).toStream().to("out");
  };
  const records: Sent[] = [["t", "a", "aa", 1], ["t", "b", "bb", 2], ["t", "c", "cc", 3]];
  assert.deepEqual(run(hold("emit"), ...records), [["a", "aa", 1]]);
  assert.throws(() => run(hold("stop"), ...records), {
    message: /Cannot hold back more than 6 bytes of updates \(raise maxRecords or maxBytes/,
  });
});

Deno.test("repartition() puts records where its partitioner says", () => {
  const built = app("x");
  built.stream(text("s")).repartition("moved", {
    partition: ({ value }, partitions) => Number(value) % partitions,
  }).groupByKey().count("n");
  using driver = new TestDriver(built, { partitions: 3 });
  driver.pipe(text("s"), { key: "k", value: "5", timestamp: 1 });
  assert.equal(driver.log("x-moved-repartition", 2).length, 1);
});

Deno.test("schedule() begins at a time and ends when it is cancelled, also by its own callback", () => {
  const fired: string[] = [];
  const built = app("x");
  built.stream(text("s")).process("timer", (context) => {
    context.schedule(
      { everyMs: 10, clock: "stream", startMs: 15 },
      (ms) => fired.push(`late ${ms}`),
    );
    const twice = context.schedule({ everyMs: 10, clock: "stream" }, (timeMs) => {
      fired.push(`twice ${timeMs}`);
      if (timeMs >= 10) twice.cancel();
    });
    context.schedule({ everyMs: 10, clock: "wall", startMs: 7 }, (ms) => fired.push(`wall ${ms}`));
    return { process: () => {} };
  });
  using driver = new TestDriver(built, { startMs: 20 });
  for (const timestamp of [0, 10, 20, 30]) {
    driver.pipe(text("s"), { key: "k", value: "v", timestamp });
  }
  driver.advanceWallClock(6);
  driver.advanceWallClock(1);
  assert.deepEqual(fired, ["twice 0", "twice 10", "late 20", "late 30", "wall 27"]);
});

Deno.test("split() names its default branch, or has none; names that JavaScript reorders are refused", () => {
  const stream = app("x").stream(text("s"));
  const short = (value: string) => value.length < 3;
  assert.deepEqual(Object.keys(stream.split({ short }, { defaultBranch: "long" })), [
    "short",
    "long",
  ]);
  assert.deepEqual(Object.keys(stream.split({ short }, { defaultBranch: false })), ["short"]);
  assert.throws(() => stream.split({ rest: short }), {
    name: "TypeError",
    message: /Cannot split: "rest" is/,
  });
  assert.throws(() => stream.split({ b: short, "1": short }), {
    name: "TypeError",
    message: /would try the branch "1" before/,
  });
});

Deno.test("toStream() gives changes another key in place", () => {
  const got = run(
    (built) => {
      built.stream(text("s")).groupByKey().windowedBy(tumbling({ sizeMs: 10 })).count("n")
        .toStream((_, { key }) => `${key.key}@${key.start}`, { key: string }).to("out");
    },
    ["s", "k", "v", 12],
  );
  assert.deepEqual(got, [["k@10", 1, 12]]);
});

Deno.test("globalStore() keeps a whole topic as a function makes it, for joins by any key", () => {
  const got = run(
    (built) => {
      const byCode = built.globalStore<string, string, string, string>(
        "by-code",
        open("zones"),
        (store, { key, value }) => value === null ? undefined : store.put(value, key!),
        { key: string, value: string },
      );
      built.stream(text("s")).join(
        byCode,
        (value) => value,
        (value, zone) => `${value}=${zone}`,
        texts,
      )
        .to("out");
    },
    ["zones", "Queens", "Q", 0],
    ["s", "k", "Q", 1],
  );
  assert.deepEqual(got, [["k", "Q=Queens", 1]]);
});

Deno.test("a name is what errors and descriptions call an operator by", () => {
  const built = app("x");
  built.stream(text("s"), { name: "words" }).filter((word) => word.length > 1, { name: "long" })
    .mapValues((word): string => {
      throw new TypeError(word);
    }, { name: "shout", value: string }).to("out", { name: "written" });
  using driver = new TestDriver(built);
  assert.throws(() => driver.pipe(text("s"), { key: "k", value: "ab", timestamp: 0 }), {
    name: "StreamsError",
    node: "shout",
  });
  const told = describe(built.topology());
  for (const name of ["words", "long", "shout", "written"]) {
    assert.match(told, new RegExp(` ${name}`));
  }
});

Deno.test("stores are read in ranges, by prefix and backwards", () => {
  const found: string[][] = [];
  const built = app("x");
  const store = built.store("words", { key: string, value: string });
  built.stream(text("s")).process("keep", (context) => {
    const words = context.store<string, string>(store);
    return {
      process({ key, value }) {
        words.put(key, value);
        if (key !== "z") return;
        const keys = (rows: Iterable<readonly [string, string]>) => [...rows].map(([key]) => key);
        found.push(
          keys(words.range("ab", "b")),
          keys(words.range(undefined, "ab", { reverse: true })),
        );
        found.push(keys(words.range("b", undefined)), keys(words.prefix("a")));
        found.push(keys(words.entries({ reverse: true })));
      },
    };
  }, { stores: [store] });
  using driver = new TestDriver(built);
  for (const key of ["a", "ab", "ac", "b", "z"]) {
    driver.pipe(text("s"), { key, value: "v", timestamp: 0 });
  }
  assert.deepEqual(found, [
    ["ab", "ac", "b"],
    ["ab", "a"],
    ["b", "z"],
    ["a", "ab", "ac"],
    ["z", "b", "ac", "ab", "a"],
  ]);
});

Deno.test("what belongs to two applications cannot be put together", () => {
  const a = app("a"), b = app("b");
  const left = a.stream(text("l")), right = b.stream(text("r"));
  const message = /Cannot .* of "a" and "b": they are two applications/;
  const table = b.table(text("t"));
  for (
    const together of [
      () => left.merge(right),
      () => left.join(right, (v, w) => v + w, { afterMs: 1 }),
      () => left.join(table, (v, w) => v + w),
      () => left.join(b.globalTable(text("g")), (v) => v, (v, w) => v + w),
      () => left.toTable("lt").join(table, (v, w) => v + w),
      () =>
        left.groupByKey().cogroup<number>((n) => n).cogroup(right.groupByKey(), (n) => n)
          .aggregate("c", () => 0),
    ]
  ) assert.throws(together, { name: "TypeError", message });
});

Deno.test("app({ key, value }) says how new keys and values are written", () => {
  const built = app("x", { key: string, value: string });
  built.stream(text("s")).selectKey((value) => value).mapValues((value) => `${value}!`).to("out");
  using driver = new TestDriver(built);
  driver.pipe(text("s"), { key: "k", value: "v", timestamp: 0 });
  const [raw] = driver.log("out");
  const decoded = [raw?.key, raw?.value].map((bytes) => new TextDecoder().decode(bytes!));
  assert.deepEqual(decoded, ["v", "v!"]);
});
