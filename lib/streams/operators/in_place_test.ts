/**
 * Functions that change what they get and return it, as most examples of Kafka Streams do. The right values are those
 * of Kafka Streams 4.3.1 with its default record cache (see confluentinc/ksql#6405 for what happens without).
 */
import assert from "node:assert/strict";
import {
  type App,
  app,
  hopping,
  json,
  session,
  sliding,
  string,
  type Table,
  TestDriver,
  topic,
  tumbling,
} from "../mod.ts";

// Keys are text, or text and a window.
// deno-lint-ignore no-explicit-any
type Sums = Table<any, Sum>;
interface Taxi {
  zone: string;
  fare: number;
}
interface Sum {
  zone?: string;
  fares: number;
}
const taxis = topic("taxis", { key: string, value: json<Taxi>(), nullable: false });
const MOVES = [{ zone: "1", fare: 5 }, { zone: "2", fare: 7 }, { zone: "2", fare: 1 }]
  .map((value, i) => ({ key: "t", value, timestamp: i + 1 }));

/** Adds in place. */
const aggregation = {
  init: (): Sum => ({ fares: 0 }),
  add: (sum: Sum, { zone, fare }: Taxi) => {
    sum.zone = zone;
    sum.fares += fare;
    return sum;
  },
};

const grouped = (a: App) => a.stream(taxis).groupByKey();

/** Fares per zone after one taxi moved from zone 1 to zone 2: each zone holds what the taxi has there now. */
function zones(build: (a: App) => Sums) {
  const a = app("zones");
  build(a).groupBy("by-zone", (sum) => ({ key: sum.zone!, value: sum }), { key: string })
    .aggregate("fares", {
      init: () => ({ fares: 0 }),
      add: (sum: Sum, one) => Object.assign(sum, { fares: sum.fares + one.fares }),
      subtract: (sum: Sum, one) => Object.assign(sum, { fares: sum.fares - one.fares }),
    }).toStream().to("out");
  using driver = new TestDriver(a);
  driver.pipe(taxis, ...MOVES);
  const rows = driver.read<string, Sum>("out").map(({ key, value }) => [key, value!.fares]);
  return Object.fromEntries(rows);
}

const cases: Record<string, (a: App) => Sums> = {
  "aggregate": (a) => grouped(a).aggregate("latest", aggregation),
  "one object from init for every key": (a) => {
    const zero: Sum = { fares: 0 };
    return grouped(a).aggregate("latest", { ...aggregation, init: () => zero });
  },
  "cogroup": (a) => grouped(a).cogroup(aggregation.add).aggregate("latest", aggregation.init),
  "reduce": (a) =>
    a.stream(taxis).mapValues(({ zone, fare }): Sum => ({ zone, fares: fare })).groupByKey()
      .reduce("latest", (sum, one) => Object.assign(sum, one, { fares: sum.fares + one.fares })),
  "a filter and a mapping between": (a) =>
    grouped(a).aggregate("latest", aggregation).filter((sum) => sum.fares > 0)
      .mapValues((sum) => Object.assign(sum, { fares: sum.fares * 1 })),
  "a sibling that changes what it maps": (a) => {
    const sums = grouped(a).aggregate("latest", aggregation);
    sums.mapValues((sum) => Object.assign(sum, { fares: -1, zone: "?" })).toStream().to("odd");
    return sums;
  },
  "a join that changes both sides": (a) => {
    const sums = grouped(a).aggregate("latest", aggregation);
    const same = grouped(a).aggregate("same", aggregation);
    return sums.join(same, (left, right) => Object.assign(right, left));
  },
};
for (const [name, build] of Object.entries(cases)) {
  Deno.test(`a result changed in place is taken back whole: ${name}`, () => {
    assert.deepEqual(zones(build), { 1: 0, 2: 13 });
  });
}

/** The same without changing anything. */
const pure = { ...aggregation, add: (sum: Sum, taxi: Taxi) => aggregation.add({ ...sum }, taxi) };

for (const windows of [tumbling({ sizeMs: 2 }), hopping({ sizeMs: 4, advanceMs: 2 })]) {
  Deno.test(`a window's result changed in place is taken back whole: ${windows.kind}`, () => {
    const build = (how: typeof pure) => (a: App) =>
      grouped(a).windowedBy(windows).aggregate("latest", how);
    assert.deepEqual(zones(build(aggregation)), zones(build(pure)));
  });
}

Deno.test("a sliding window's result changed in place is taken back whole", () => {
  const build = (how: typeof pure) => (a: App) =>
    grouped(a).windowedBy(sliding({ differenceMs: 2 })).aggregate("latest", how);
  assert.deepEqual(zones(build(aggregation)), zones(build(pure)));
});

Deno.test("sessions that are merged in place are taken back whole", () => {
  const build = (a: App) =>
    grouped(a).windowedBy(session({ gapMs: 10 })).aggregate("latest", {
      ...aggregation,
      merge: (left, right) =>
        Object.assign(left, { zone: right.zone, fares: left.fares + right.fares }),
    });
  assert.deepEqual(zones(build), { 1: 0, 2: 13 });
});
