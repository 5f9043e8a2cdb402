/**
 * Laws that hold for any input: seeded, so that a failure can be had again.
 */
import assert from "node:assert/strict";
import {
  type App,
  app,
  droppedRecords,
  hopping,
  json,
  string,
  TestDriver,
  topic,
  tumbling,
} from "../mod.ts";

const MINUTE = 60_000;
const input = topic("in", { key: string, value: json<number>() });

interface Sent {
  readonly key: string | null;
  readonly value: number | null;
  readonly timestamp: number;
}

/** Numbers from 0 to 1, always the same for one seed (mulberry32). */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Records about 10 s apart, out of order by up to `jitterMs`. */
function records(
  seed: number,
  options: { count?: number; jitterMs?: number; nulls?: boolean } = {},
) {
  const next = random(seed);
  const { count = 120, jitterMs = 90_000, nulls = true } = options;
  return Array.from({ length: count }, (_, at): Sent => ({
    key: nulls && next() < 0.1 ? null : "abc"[Math.floor(next() * 3)]!,
    value: nulls && next() < 0.1 ? null : Math.floor(next() * 100),
    timestamp: Math.max(0, at * 10_000 + 100_000 - Math.floor(next() * jitterMs)),
  }));
}

function counts(windows: ReturnType<typeof tumbling>, final = false): App {
  const built = app("laws");
  const table = built.stream(input).groupByKey().windowedBy(windows).count("c", {
    retentionMs: Infinity,
  });
  (final ? table.suppress("f", { until: "windowCloses" }) : table).toStream().to("out");
  return built;
}

const SEEDS = [1, 2, 3, 4, 5];

Deno.test("law: counts of all windows and drops add up to the records that came", () => {
  for (const seed of SEEDS) {
    using driver = new TestDriver(counts(tumbling({ sizeMs: MINUTE, graceMs: 20_000 })));
    const sent = records(seed);
    driver.pipe(input, ...sent);
    const counted = [...driver.table<unknown, number>("c").values()].reduce((a, b) => a + b, 0);
    const [metrics] = driver.metrics();
    const late = droppedRecords(metrics!, "late"), noKey = droppedRecords(metrics!, "null key");
    assert.ok(late > 0 && noKey > 0);
    assert.equal(counted + late + noKey, sent.length, `seed ${seed}`);
  }
});

Deno.test("law: the order of records within the grace does not change final results", () => {
  for (const seed of SEEDS) {
    const sent = records(seed, { jitterMs: 30_000 }).toSorted((a, b) => a.timestamp - b.timestamp);
    const next = random(seed);
    // Each record moves by at most three places, so by less than the grace.
    const shuffled = sent.map((record, at) => ({ record, place: at + next() * 3 }))
      .sort((a, b) => a.place - b.place).map(({ record }) => record);
    const last: Sent = { key: "end", value: 0, timestamp: 10_000_000 };
    const [ordered, mixed] = [sent, shuffled].map((list) => {
      const windows = tumbling({ sizeMs: MINUTE, graceMs: 300_000 });
      using driver = new TestDriver(counts(windows, true));
      driver.pipe(input, ...list, last);
      return driver.read("out").map(({ key, value }) => JSON.stringify([key, value])).sort();
    });
    assert.ok(ordered!.length > 10);
    assert.deepEqual(mixed, ordered, `seed ${seed}`);
  }
});

Deno.test("law: hopping by the whole size is tumbling", () => {
  for (const seed of SEEDS) {
    const [one, other] = [
      tumbling({ sizeMs: MINUTE, graceMs: 5_000 }),
      hopping({ sizeMs: MINUTE, advanceMs: MINUTE, graceMs: 5_000 }),
    ].map((windows) => {
      using driver = new TestDriver(counts(windows));
      driver.pipe(input, ...records(seed));
      return driver.read("out");
    });
    assert.deepEqual(one, other);
  }
});

Deno.test("law: folding a table's changes gives its rows", () => {
  for (const seed of SEEDS) {
    const built = app("laws");
    built.table(input, { name: "t" }).filter((value) => value > 30).toStream().to("out");
    using driver = new TestDriver(built);
    driver.pipe(input, ...records(seed));
    const folded = new Map<unknown, unknown>();
    for (const { key, value } of driver.read("out")) {
      if (value === null) folded.delete(key);
      else folded.set(key, value);
    }
    const rows = [...driver.table<string, number>("t")].filter(([, value]) => value > 30);
    assert.deepEqual(new Map([...folded].sort()), new Map(rows.sort()), `seed ${seed}`);
  }
});

/** An application with a store of every layout. */
function everything(): App {
  const built = app("laws");
  const stream = built.stream(input);
  const grouped = stream.groupByKey();
  grouped.reduce("plain", (a, b) => a + b);
  grouped.windowedBy(tumbling({ sizeMs: MINUTE })).count("java", { windowKey: "java" })
    .suppress("held", { until: "windowCloses" });
  grouped.windowedBy(hopping({ sizeMs: MINUTE, advanceMs: 20_000 })).aggregate("faust", {
    init: () => ({ n: 0 }),
    add: ({ n }) => ({ n: n + 1 }),
  }, { windowKey: "faust" });
  grouped.windowedBy({ kind: "session", gapMs: 15_000, graceMs: 0 }).count("session");
  stream.outerJoin(stream.mapValues((value) => value), (a, b) => [a, b], {
    beforeMs: 5_000,
    name: "pairs",
  });
  stream.toTable("latest").groupBy("parity", (value) => ({ key: value % 2, value })).count(
    "parity",
  );
  return built;
}

Deno.test("law: what a changelog restores is what the store held, at every record", () => {
  for (const seed of SEEDS) {
    using driver = new TestDriver(everything());
    for (const [at, record] of records(seed, { count: 60 }).entries()) {
      driver.pipe(input, record);
      if (at % 7 > 0) continue;
      const stores = driver.topology.stores.map((store) => store.name);
      const held = stores.map((store) => [store, raw(driver, store)]);
      driver.crash();
      assert.deepEqual(stores.map((store) => [store, raw(driver, store)]), held, `record ${at}`);
    }
  }
});

/** Rows as bytes. */
function raw(driver: TestDriver, store: string): unknown[] {
  return driver.tasks.flatMap((task) => {
    const found = task.stores.get(store);
    return [...found?.all() ?? []].map(([key, row]) => [
      key,
      [...row.value.bytes(found!.spec.value, "x") as Uint8Array],
      row.timestamp,
    ]);
  });
}

Deno.test("law: crashes change no result", () => {
  for (const seed of SEEDS) {
    const sent = records(seed, { count: 60 });
    const [calm, crashed] = [false, true].map((crashing) => {
      using driver = new TestDriver(everything());
      for (const record of sent) {
        driver.pipe(input, record);
        if (crashing) driver.crash();
      }
      return driver.topology.stores.map(({ name }) => [name, raw(driver, name)]);
    });
    assert.deepEqual(crashed, calm, `seed ${seed}`);
  }
});

Deno.test("law: without windows, the number of partitions changes no result of a key", () => {
  for (const seed of SEEDS) {
    const [one, many] = [1, 4].map((partitions) => {
      const built = app("laws");
      const grouped = built.stream(input).groupBy("odd", (value) => String((value ?? 0) % 7), {
        key: string,
      });
      grouped.reduce("sum", (a, b) => a + b);
      using driver = new TestDriver(built, { partitions });
      driver.pipe(input, ...records(seed));
      return [...driver.table<string, number>("sum")].sort();
    });
    assert.deepEqual(many, one, `seed ${seed}`);
  }
});

Deno.test("law: going back all the way and forward again leads to the same place", () => {
  for (const seed of SEEDS) {
    using driver = new TestDriver(everything());
    driver.enqueue(input, ...records(seed, { count: 40 }));
    driver.run();
    const there = driver.topology.stores.map(({ name }) => raw(driver, name));
    let steps = 0;
    while (driver.back()) steps++;
    assert.ok(steps > 40);
    assert.ok(driver.topology.stores.every(({ name }) => raw(driver, name).length === 0));
    driver.run();
    assert.deepEqual(driver.topology.stores.map(({ name }) => raw(driver, name)), there);
  }
});
