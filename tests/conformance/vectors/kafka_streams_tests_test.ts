/** Rules that Kafka Streams 4.3.1's own tests hold and ours did not; every vector was run on Kafka Streams. */
import assert from "node:assert/strict";
import {
  type App,
  app,
  droppedRecords,
  json,
  session,
  sliding,
  string,
  TestDriver,
  topic,
  tumbling,
} from "../../../lib/streams/mod.ts";
import { agree, loose, type Step, text } from "./vector.ts";

const texts = { value: string };
const dash = (left: string | null, right: string | null) => `${left}-${right}`;
const versioned = (app: App, name: string) => app.table(text(name), { name, versionedMs: 300_000 });

for (const type of ["join", "leftJoin", "outerJoin"]) {
  const alone = (value: string): readonly [unknown, unknown, number][] =>
    type === "join" ? [] : [["k", value, 3]];
  Deno.test(`${type}() of versioned tables takes the latest rows only; a late change is dropped`, () => {
    using driver = agree((app) => {
      loose(versioned(app, "L"))[type](versioned(app, "R"), dash, texts).toStream().to("out");
    }, [
      ["L", "k", "A", 3, ...alone("A-null")],
      ["R", "k", "a", 4, ["k", "A-a", 4]],
      ["L", "k", "B", 5, ["k", "B-a", 5]],
      ["R", "k", "b", 6, ["k", "B-b", 6]],
      ["L", "k", "D", 4],
      ["R", "k", "d", 2],
    ]);
    assert.equal(driver.metrics().reduce((sum, one) => sum + droppedRecords(one), 0), 2);
  });
}

Deno.test("a late change does not replace the latest row that a table join looks up", () => {
  agree((app) => {
    versioned(app, "L").join(app.table(text("R")), dash, texts).toStream().to("out");
  }, [
    ["L", "k", "A", 5],
    ["L", "k", "late", 2],
    ["R", "k", "b", 3, ["k", "A-b", 5]],
  ]).close();
});

Deno.test("a foreign-key join of versioned tables ignores late changes on either side", () => {
  agree((app) => {
    versioned(app, "L").join(versioned(app, "R"), (value) => value.split(":")[0]!, dash, {
      name: "fk",
      value: string,
    }).toStream().to("out");
  }, [
    ["R", "r", "a", 1],
    ["L", "l", "r:A", 10, ["l", "r:A-a", 10]],
    ["R", "r", "b", 20, ["l", "r:A-b", 20]],
    ["R", "r", "late", 5],
    ["L", "l", "r:late", 5],
    // Asked at 15, answered with the latest row, not with the one of 15.
    ["L", "l", "r:B", 15, ["l", "r:B-b", 20]],
  ]).close();
});

Deno.test("a stream looks back in time through a filtered and mapped versioned table", () => {
  agree((app) => {
    const users = versioned(app, "users").filter((name) => name !== "x")
      .mapValues((name) => name.toUpperCase(), texts);
    app.stream(text("clicks")).leftJoin(users, dash, texts).to("out");
  }, [
    ["users", "u", "old", 10],
    ["users", "u", "new", 20],
    ["clicks", "u", "c1", 15, ["u", "c1-OLD", 15]],
    ["clicks", "u", "c2", 25, ["u", "c2-NEW", 25]],
    ["clicks", "u", "c3", 5, ["u", "c3-null", 5]],
  ]).close();
});

Deno.test("a stream that joins a join of versioned tables gets the latest rows: the join is not versioned", () => {
  agree((app) => {
    const both = versioned(app, "L").join(versioned(app, "R"), dash, texts);
    app.stream(text("s")).join(both, dash, texts).to("out");
  }, [
    ["L", "k", "A", 1],
    ["R", "k", "a", 1],
    ["R", "k", "b", 9],
    ["s", "k", "x", 5, ["k", "x-A-b", 5]],
  ]).close();
});

Deno.test("mapValues() of a row that a join looks up sees the row's own time and no origin", () => {
  agree((app) => {
    const rows = app.table(text("R")).mapValues(
      (value, { key, timestamp, partition, offset, topic, headers }) =>
        `${key}${value}${timestamp} ${partition} ${offset} "${topic}" ${headers}`,
      texts,
    );
    app.table(text("L")).join(rows, (left, right) => `${left}/${right}`, texts).toStream()
      .to("out");
  }, [
    ["R", "k", "r", 10],
    ["L", "k", "l", 99, ["k", 'l/kr10 -1 -1 "" undefined', 99]],
  ]).close();
});

Deno.test("a joiner that computes a row which another join looks up sees the row's time, not the asker's", () => {
  agree((app) => {
    const both = app.table(text("L")).join(
      app.table(text("R")),
      (left, right, { key, timestamp }) => `${key}:${left}${right}${timestamp}`,
      texts,
    );
    app.stream(text("s")).join(both, dash, texts).to("out");
  }, [
    ["L", "k", "l", 10],
    ["R", "k", "r", 20],
    ["s", "k", "x", 99, ["k", "x-k:lr20", 99]],
  ]).close();
});

Deno.test("a foreign-key join of a table whose mapper reads the time loses no result", () => {
  agree((app) => {
    const left = app.table(text("L")).mapValues((v, { timestamp }) => `${v}@${timestamp}`, texts);
    left.join(app.table(text("R")), (value) => value.split("@")[0]!, dash, {
      name: "fk",
      value: string,
    }).toStream().to("out");
  }, [
    ["L", "l", "fk", 10],
    ["R", "fk", "r1", 1, ["l", "fk@10-r1", 1]],
    ["R", "fk", "r2", 20, ["l", "fk@10-r2", 20]],
  ]).close();
});

Deno.test("groupBy() of a table leaves out the rows for which its mapper gives null", () => {
  agree((app) => {
    app.table(text("t")).groupBy(
      "group",
      (value) => value === "skip" ? null : { key: value, value },
      { key: string, value: string },
    ).count("n").toStream().to("out");
  }, [
    ["t", "k", "skip", 1],
    ["t", "k", "x", 2, ["x", 1, 2]],
    ["t", "k", "skip", 3, ["x", 0, 3]],
  ]).close();
});

const bytes = (value: string) => new TextEncoder().encode(value);

Deno.test("suppress() lets an update go with its own headers, also after a crash", () => {
  const held = app("vectors");
  held.table(text("t"), { name: "t" }).suppress("held", { until: "timeLimit", limitMs: 10 })
    .toStream().to("out");
  using driver = new TestDriver(held);
  const pipe = (key: string, timestamp: number) =>
    driver.pipe(text("t"), { key, value: "v", timestamp, headers: { from: bytes(key) } });
  pipe("a", 0);
  driver.crash();
  pipe("b", 10);
  const [a] = driver.read("out");
  assert.deepEqual([a?.key, a?.headers], ["a", [["from", bytes("a")]]]);
});

Deno.test("repartition() keeps null keys for a left join and an outer join, and drops them otherwise", () => {
  const table = (app: App) => app.table(text("t"));
  agree((app) => {
    app.stream(text("s")).selectKey((): string | null => null, { key: string }).repartition("moved")
      .leftJoin(table(app), (v, w) => `${v}|${w}`, texts).to("out");
  }, [["s", "k", "v", 1, [null, "v|null", 1]]]).close();
  agree((app) => {
    const left = app.stream(text("s")).repartition("moved");
    left.outerJoin(app.stream(text("o")), (v, w) => `${v}|${w}`, { ...texts, key: string }).to(
      "out",
    );
  }, [["s", null, "v", 1, [null, "v|null", 1]]]).close();
  agree((app) => {
    app.stream(text("s")).repartition("moved").to("out");
  }, [["s", null, "v", 1]]).close();
  agree((app) => {
    app.stream(text("s")).repartition("moved").join(table(app), (v, w) => `${v}|${w}`, texts)
      .to("out");
  }, [["s", null, "v", 1]]).close();
});

Deno.test("a filter of a versioned table passes every tombstone", () => {
  const steps: readonly Step[] = [
    ["t", "k", "reject", 5, ["k", null, 5]],
    ["t", "k", "accept", 10, ["k", "accept", 10]],
    ["t", "k", "reject", 7, ["k", null, 7]],
    ["t", "k", "reject", 20, ["k", null, 20]],
    ["t", "k", null, 30, ["k", null, 30]],
  ];
  agree((app) => {
    versioned(app, "t").filter((value) => value === "accept").toStream().to("out");
  }, steps).close();
  agree((app) => {
    versioned(app, "t").mapValues((v) => v, texts).filterNot((v) => v !== "accept").toStream()
      .to("out");
  }, steps).close();
});

for (const timestamp of [-1, NaN, Infinity, 1.5]) {
  Deno.test(`forward() refuses the time ${timestamp}`, () => {
    const timed = app("vectors");
    timed.stream(text("s")).process<string, string>("p", (context) => ({
      process: ({ key, value }) => context.forward({ key: key!, value: value!, timestamp }),
    }), { key: string, value: string }).to("out");
    using driver = new TestDriver(timed);
    assert.throws(
      () => driver.pipe(text("s"), { key: "k", value: "v", timestamp: 1 }),
      { name: "StreamsError", message: new RegExp(`its timestamp is ${timestamp} \\(give whole`) },
    );
  });
}

Deno.test("session({ gapMs: 0 }) joins the records of one instant, as long as grace keeps it visible", () => {
  // With neither gap nor grace Kafka Streams' store shows nothing older than the present: each record stands alone.
  for (const [graceMs, expected] of [[5, [1, 2, 1, 3]], [0, [1, 1, 1]]] as const) {
    const counts = app("vectors");
    counts.stream(text("s")).groupByKey().windowedBy(session({ gapMs: 0, graceMs })).count("n")
      .toStream().to("out");
    using driver = new TestDriver(counts);
    for (const timestamp of [5, 5, 6, 5]) {
      driver.pipe(text("s"), { key: "k", value: "v", timestamp });
    }
    assert.deepEqual(driver.read("out").map(({ value }) => value), expected);
  }
});

Deno.test("windows refuse sizes, gaps and graces that are no numbers of milliseconds", () => {
  for (const bad of [-1, NaN, Infinity]) {
    assert.throws(() => session({ gapMs: bad }), RangeError);
    assert.throws(() => tumbling({ sizeMs: bad }), RangeError);
    assert.throws(() => tumbling({ sizeMs: 1, graceMs: bad }), RangeError);
  }
});

Deno.test("an inner foreign-key join counts a change to a null foreign key as dropped, and no deletion", () => {
  const ride = topic("rides", { key: string, value: json<{ zone: string | null }>() });
  const joined = app("vectors");
  joined.table(ride).join(joined.table(text("zones")), ({ zone }) => zone, () => 1, { name: "fk" });
  using driver = new TestDriver(joined);
  const dropped = () => driver.metrics().reduce((sum, one) => sum + droppedRecords(one), 0);
  const pipe = (value: { zone: string | null } | null) =>
    driver.pipe(ride, { key: "r", value, timestamp: 1 });
  pipe({ zone: null });
  assert.equal(dropped(), 1);
  pipe(null);
  assert.equal(dropped(), 1);
  pipe({ zone: "z" });
  pipe({ zone: null });
  assert.equal(dropped(), 2);
  pipe(null);
  assert.equal(dropped(), 2);
});

Deno.test("suppress() of a versioned table is refused", () => {
  const options = { until: "timeLimit", limitMs: 1 } as const;
  assert.throws(() => versioned(app("vectors"), "t").suppress(options), {
    name: "TypeError",
    message: /Cannot hold back updates of a versioned table/,
  });
  assert.throws(
    () => versioned(app("vectors"), "t").filter(() => true).suppress(options),
    TypeError,
  );
});

const above5 = (value: string) => Number(value) > 5;
const FILTERED = [["3", 1], ["9", 2], ["3", 3], ["1", 4], [null, 5]] as const;

for (
  const [name, build, expected] of [
    ["a stored filter", (app: App) => app.table(text("t")).filter(above5, { store: "big" }), [
      [null],
      ["9"],
      [null],
      [null],
      [null],
    ]],
    [
      "a filter of a stored filter",
      (app: App) => app.table(text("t")).filter(above5, { store: "big" }).filter(() => true),
      [[], ["9"], [null], [], []],
    ],
  ] as const
) {
  Deno.test(`${name} emits the tombstones that Kafka Streams emits`, () => {
    agree(
      (app) => void build(app).toStream().to("out"),
      FILTERED.map(([value, time], at) => [
        ...["t", "k", value, time] as const,
        ...expected[at]!.map((out) => ["k", out, time] as const),
      ]),
    ).close();
  });
}

Deno.test("a change of the right row leaves a foreign-key join at its own time, though the left row is younger", () => {
  agree((app) => {
    const left = app.table(text("L")), right = app.table(text("R"));
    left.join(right, (value) => value, dash, { name: "fk", value: string }).toStream().to("out");
  }, [
    ["L", "l", "fk", 221],
    ["R", "fk", "r", 204, ["l", "fk-r", 204]],
    ["L", "l", "fk", 203, ["l", "fk-r", 204]],
    ["R", "fk", null, 202, ["l", null, 202]],
  ]).close();
});

Deno.test("a filter that a foreign-key join asks spares the tombstones of rows that were never in", () => {
  agree((app) => {
    const big = app.table(text("t")).filter(above5);
    app.table(text("L")).join(big, (value) => value, dash, { name: "fk", value: string });
    big.toStream().to("out");
  }, [
    ["t", "k", "3", 1],
    ["t", "k", "9", 2, ["k", "9", 2]],
    ["t", "k", "3", 3, ["k", null, 3]],
    ["t", "k", "1", 4],
  ]).close();
});

Deno.test("before the beginning of its history a versioned table knows only rows that still hold", () => {
  agree((app) => {
    const rows = app.table(text("t"), { name: "t", versionedMs: 25 });
    app.stream(text("s")).leftJoin(rows, dash, texts).to("out");
  }, [
    ["t", "k", "a", 15],
    ["t", "k", "b", 60],
    ["t", "held", "c", 36],
    ["s", "k", "x", 35, ["k", "x-a", 35]],
    ["t", "z", "z", 61],
    ["s", "k", "x", 35, ["k", "x-null", 35]],
    ["s", "k", "x", 36, ["k", "x-a", 36]],
    ["t", "z", "z", 99],
    ["s", "held", "x", 40, ["held", "x-c", 40]],
    ["s", "held", "x", 35, ["held", "x-null", 35]],
  ]).close();
});

Deno.test("a change goes through the groupings and joins of a table in the order they were made", () => {
  const built = app("vectors"), rows = built.table(text("t"));
  const groups = rows.groupBy("group", (value) => ({ key: value, value }), { key: string });
  rows.toStream().to("out");
  groups.count("n");
  const { nodes } = built.topology();
  const at = (operator: string) => nodes.findIndex((node) => node.operator === operator);
  assert.ok(at("groupBy") < at("toStream"));
});

Deno.test("a result on close leaves at the instant at which no record can change its window any more", () => {
  const counts = (
    windows: ReturnType<typeof tumbling> | ReturnType<typeof sliding>,
    ...times: readonly number[]
  ) => {
    const built = app("vectors");
    built.stream(text("s")).groupByKey().windowedBy(windows).count("n", { emit: "windowClose" })
      .toStream().to("out");
    using driver = new TestDriver(built);
    for (const timestamp of times) driver.pipe(text("s"), { key: "k", value: "x", timestamp });
    return driver.read("out").length;
  };
  // The end of a tumbling window is none of its own, that of a sliding one is.
  assert.equal(counts(tumbling({ sizeMs: 16, graceMs: 8 }), 2, 23), 0);
  assert.equal(counts(tumbling({ sizeMs: 16, graceMs: 8 }), 2, 24), 1);
  assert.equal(counts(sliding({ differenceMs: 16, graceMs: 8 }), 20, 28), 0);
  assert.equal(counts(sliding({ differenceMs: 16, graceMs: 8 }), 20, 29), 1);
});
