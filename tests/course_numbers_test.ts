/** What the observe cells of notebooks 14 to 20 say: every number in them, computed by plain loops. */
import assert from "node:assert/strict";
import { crc32 } from "node:zlib";
import { lectures } from "../lib/course/mod.ts";
import { readRides, readTrips, readZones, sampleFile } from "../lib/rides/mod.ts";
import { int64, partitionForKey } from "../lib/serde/mod.ts";

const { starts, ends } = await readTrips({ limit: 1_000 });
const rides = await Array.fromAsync(readRides(sampleFile(), { limit: 300 }));
const begun = new Map(starts.map((one) => [one.rideId, one.tpep_pickup_datetime]));
const MINUTE = 60_000, HALF_HOUR = 30 * MINUTE;

/** A cell's numbers in order, as they stand there, and the words that it begins with. */
interface Told {
  readonly numbers: readonly (number | string)[];
  readonly begins?: string;
}

const range = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, at) => from + at);
const clock = (seconds: number) => new Date(seconds * 1_000).toISOString().slice(11, 19);
const WORDS = ["None", "One", "Two", "Three", "Four", "Five", "Six", "Seven"];

/** Five rides, a commit after every third, a crash after the fifth. */
const CRASH = { rides: 5, every: 3 };
const COMMITTED = Math.floor(CRASH.rides / CRASH.every) * CRASH.every;
const AGAIN = range(COMMITTED + 1, CRASH.rides);

const CELLS: Readonly<Record<string, () => Told>> = {
  "14#crash-observe": () => ({
    numbers: [...range(1, CRASH.rides), ...AGAIN, ...AGAIN, CRASH.rides],
  }),
  "14#option-observe": () => ({
    numbers: [...range(1, COMMITTED), ...AGAIN, ...AGAIN, ...range(1, CRASH.rides)],
  }),
  // Three records at 0, 1 and 2: the marker is the next, and what is stable ends behind it.
  "14#ghost-observe": () => ({ numbers: [3, 3, 3, 0, 4], begins: "Nothing and 3" }),
  "14#zombie-observe": () => ({ numbers: [], begins: "Refused" }),
  "14#outside-observe": () => ({
    numbers: AGAIN,
    begins: WORDS[CRASH.rides + AGAIN.length]!,
  }),

  "15#zones-observe": () => {
    const { found } = lookUp([[10, 1], [20, "JFK Airport"], [30, 2]]);
    return {
      numbers: [1, 132, 20 - 10, 2],
      begins: `${WORDS[found.filter((name) => name !== null).length]}. Ride 1`,
    };
  },
  "15#left-observe": () => {
    const { found } = lookUp([
      ...[[10, 1], [20, "JFK Airport"], [30, 2], [40, "Kennedy"], [50, 3]] as const,
      ...[[60, null], [70, 4]] as const,
    ]);
    const names = found.map((name) => name ?? "`?`");
    return {
      numbers: [2],
      begins: `${WORDS[found.length]} lines, one for each ride: ${names.join(", ")}`,
    };
  },
  "15#order-observe": () => ({ numbers: [5, 10], begins: "Live none; in the replay one" }),
  "15#partitioner-observe": () => {
    let found = 0;
    for (const { PULocationID } of starts) {
      const bytes = int64.encode(PULocationID, "starts");
      if (crc32(bytes) % 2 === partitionForKey(bytes, 2)) found += 1;
    }
    return { numbers: [found, "1,000"] };
  },
  "15#versions-observe": () => ({ numbers: [30, 20], begins: "JFK Airport, and Idlewild" }),

  "16#memory-observe": () => {
    const all = waiting(() => false), some = waiting((rideId) => rideId % 50 === 0);
    assert.equal(all.left, 0);
    const year = Math.round(some.left * 24 * 365 / 1_000);
    return { numbers: [all.most, 2, some.left, some.left, `${year},000`] };
  },
  "16#window-observe": () => {
    const minutes = ends.map((one) =>
      (one.tpep_dropoff_datetime - begun.get(one.rideId)!) / MINUTE
    );
    assert.equal(Math.max(...minutes), 55);
    assert.ok(minutes.filter((one) => one < 10).length >= 500);
    return { numbers: [minutes.filter((one) => one <= 30).length, 30] };
  },
  "16#alone-observe": () => {
    // A start of minute 0 may find its end up to minute 60; the first record beyond says so.
    const speaks = [0, 60, 61].findIndex((minute) => minute > 60) + 1;
    assert.equal(speaks, 3);
    return { numbers: ["01:00", 60, "01:01", speaks], begins: "After the third" };
  },
  "16#tables-observe": () => {
    const changes = [["name", "a"], ["phone", "b"], ["phone", "c"], ["name", "d"], ["phone", null]];
    const row: Record<string, string | null> = { name: null, phone: null };
    const cards = changes.map(([side, value]) => {
      const had = row.name !== null && row.phone !== null;
      row[side!] = value ?? null;
      return row.name !== null && row.phone !== null ? "card" : had ? "null" : "nothing";
    });
    assert.deepEqual(cards, ["nothing", "card", "card", "card", "null"]);
    return { numbers: [], begins: "Nothing, then three cards, then `null`" };
  },
  "16#foreign-observe": () => ({
    numbers: [starts.filter(({ vendorId }) => vendorId === 2).length, 2],
  }),
  "16#global-observe": () => ({ numbers: [], begins: "Two, and none" }),

  "17#grow-observe": () => {
    const zones = new Set(starts.map(({ PULocationID }) => PULocationID)).size;
    assert.equal(new Set(starts.map(({ vendorId }) => vendorId)).size, 3);
    return { numbers: ["1,000", zones, 263, 263] };
  },
  "17#places-observe": () => {
    // Each start reads what its store has not got: nothing is kept in memory, nothing is missing on disk.
    const changes = new Set(starts.slice(0, 300).map(({ rideId }) => rideId)).size;
    return { numbers: [changes, changes, 0, changes] };
  },
  "17#subtract-observe": () => {
    const changes = [[1, 1], [2, 1], [3, 1], [3, 2], [2, null]] as const;
    const sums = (isForgotten: boolean) => {
      const row = new Map<number, number | null>(), sum = [0, 0, 0];
      for (const [trip, vendor] of changes) {
        const old = row.get(trip);
        if (old && !isForgotten) sum[old]! -= 1;
        if (vendor) sum[vendor]! += 1;
        row.set(trip, vendor);
      }
      return sum.slice(1);
    };
    return { numbers: [...sums(true), ...sums(false)], begins: "Forgotten" };
  },
  "17#ask-observe": () => ({
    numbers: [new Set(starts.map(({ PULocationID }) => PULocationID)).size, 132],
  }),

  "18#wait-observe": () => {
    const late = ends.filter(({ rideId }) => rideId % 50 !== 0)
      .map((one) => one.tpep_dropoff_datetime - begun.get(one.rideId)! - HALF_HOUR)
      .filter((ms) => ms > 0);
    assert.equal(Math.round(2 * late.filter((ms) => ms > 20 * MINUTE).length / late.length), 1);
    assert.equal(Math.max(...late), 25 * MINUTE);
    assert.equal(ends.filter(({ rideId }) => rideId % 50 === 0).length, 20);
    return { numbers: [late.length, 20] };
  },
  "18#timer-observe": () => {
    const records = [[1, 0], [2, 5], [2, 20], [3, 29], [4, 31], [4, 33], [5, 120]] as const;
    const times = records.map(([, at]) => at);
    const start = (ride: number) => records.find(([key]) => key === ride)![1];
    const due = (ride: number) => start(ride) + 30;
    const fires = (ride: number) => times.find((at) => at >= due(ride));
    assert.equal(fires(5), undefined);
    const quiet = times.filter((at) => at < due(3)).at(-1);
    return {
      numbers: [
        ...[1, fires(1)!, 3, fires(3)!, 1, due(1), fires(1)!, 3, due(3), quiet!, fires(3)!],
        ...[fires(3)! - due(3), 5, due(5), 2, 4],
      ],
    };
  },
  "18#whole-observe": () => {
    const { raised, left } = alarmsOfTime();
    assert.equal(left, 0);
    return { numbers: [raised.length, Math.max(...raised) / 1_000] };
  },
  "18#night-observe": () => ({ numbers: [], begins: "By stream time none, by the wall clock one" }),
  "18#dedup-observe": () => {
    // One in ten comes half an hour later: longer than ten minutes, shorter than an hour.
    const apart = starts.map((_, at) => at % 10 === 0 ? 30 : 0);
    const through = (minutes: number) => apart.filter((one) => one > minutes).length;
    assert.equal(through(60), 0);
    return { numbers: [through(10)], begins: "100, and none" };
  },

  "19#sleep-observe": () => {
    assert.equal(1_000 * 300 / MINUTE, 5);
    return { numbers: [300, 300] };
  },
  "19#driver-observe": () => {
    const counted = expensive([[39.99, 1], [40, 2], [40.01, 3]]);
    assert.deepEqual(expensive([[50, 71], [50, 50]]), [1]);
    assert.deepEqual(expensive([[50, 1], [50, 1]]), [1, 2]);
    return { numbers: [...counted, 40, 39.99, 1, clock(71), clock(60 + 10)] };
  },
  "19#key-observe": () => ({ numbers: [], begins: "Dropped, and counted as dropped" }),
  "19#steps-observe": () => {
    assert.deepEqual(expensive([[50, 50], [39.99, 55], [50, 71], [50, 40]]), [1, 1]);
    return { numbers: [39.99, clock(71), "00:00"] };
  },
  "19#property-observe": () => {
    const breaks = (vendors: readonly number[]) =>
      [1, 2, 6].some((vendor) => {
        const parts = [0, 0, 0];
        let last = 0;
        for (const [key, one] of vendors.entries()) {
          if (one !== vendor) continue;
          last = ++parts[partitionForKey(int64.encode(key, "raw"), 3)]!;
        }
        return last !== vendors.filter((one) => one === vendor).length;
      });
    const shorter = [[], ...[1, 2, 6].map((vendor) => [vendor])];
    assert.deepEqual(shorter.filter(breaks), []);
    assert.ok(breaks([2, 2]));
    return { numbers: [], begins: `${WORDS[2]}: \`[2,2]\`` };
  },
  "19#mutants-observe": () => {
    const mutants = {
      ">": { from: 40.000001 },
      "39": { from: 39 },
      "50": { from: 50.000001 },
      "no grace": { graceMs: 0 },
      "two minutes": { sizeMs: 120_000 },
    };
    const tests = {
      typical: [[55, 1], [60, 2]],
      border: [[39.99, 1], [40, 2], [40.01, 3]],
      late: [[55, 71], [55, 50]],
      "a little late": [[55, 65], [55, 50]],
    } as const;
    const killers = (mutant: Rules) =>
      Object.entries(tests).filter(([, few]) =>
        expensive(few).join() !== expensive(few, mutant).join()
      ).map(([name]) => name);
    const grid = Object.values(mutants).map(killers);
    assert.equal(grid.filter((row) => row.includes("typical")).length, 0);
    assert.equal(grid.filter((row) => row.join() === "border").length, 3);
    assert.deepEqual(killers(mutants["no grace"]), ["a little late"]);
    return { numbers: [50, 60], begins: "*Typical* kills none" };
  },

  "20#filter-observe": () => ({ numbers: [1, twos() + 1] }),
  "20#names-observe": () => ({ numbers: [1, 2] }),
  "20#named-observe": () => ({ numbers: [rides.length], begins: "One more than before" }),
  "20#reset-observe": () => ({ numbers: [1, 1], begins: "Twice as many" }),
  "20#beside-observe": () => ({ numbers: [2, 0, 1] }),
  "20#rolling-observe": () => ({ numbers: [3 * twos(), 3 * twos()] }),
};

/** Numbers of a text, without those of code and those that name a notebook or an exercise. */
function numbersIn(text: string): string[] {
  const prose = text.replace(/`[^`]*`/g, "").replace(/(notebook|exercise) \d+/gi, "");
  return prose.match(/\d\d:\d\d(?::\d\d)?|\d[\d,]*\d(?:\.\d+)?|\d/g) ?? [];
}

for (const { notebook } of await lectures(["14", "15", "16", "17", "18", "19", "20"])) {
  const number = notebook.name.slice(0, 2);
  Deno.test(`each number that notebook ${number} observes is what plain loops give`, () => {
    const observed = notebook.cells.filter(({ id }) => id.endsWith("-observe"));
    const cells = observed.map(({ id }) => `${number}#${id}`);
    assert.deepEqual(cells, Object.keys(CELLS).filter((name) => name.startsWith(`${number}#`)));
    for (const { id, source } of observed) {
      const { numbers, begins = "" } = CELLS[`${number}#${id}`]!();
      assert.deepEqual(numbersIn(source), numbers.map(String), id);
      assert.equal(source.slice(0, begins.length), begins, id);
    }
  });
}

Deno.test("notebooks 16, 17 and 20 ask with the numbers of their data", async () => {
  const said = async (name: string, cell: string) => {
    const [lecture] = await lectures([name]);
    return lecture!.notebook.cells.find(({ id }) => id === cell)!.source;
  };
  assert.match(await said("16", "window-predict"), /longest ride takes 55 minutes/);
  assert.match(await said("20", "filter-predict"), new RegExp(`300 rides, ${twos()} of them`));
  // The last two of the list are no places.
  assert.equal((await readZones()).length - 2, 263);
});

function twos(): number {
  return rides.filter(({ vendorId }) => vendorId === 2).length;
}

/** Rides by number and names of one zone, each at its time: what each ride finds. */
function lookUp(events: readonly (readonly [number, number | string | null])[]) {
  let row: string | null = null;
  const found: (string | null)[] = [];
  for (const [, what] of events) {
    if (typeof what === "number") found.push(row);
    else row = what;
  }
  return { found };
}

/** How many starts wait for their ends, at most and in the end. */
function waiting(lost: (rideId: number) => boolean) {
  const open = new Set<number>();
  let most = 0, at = 0;
  for (const start of starts) {
    for (; ends[at]!.tpep_dropoff_datetime < start.tpep_pickup_datetime; at++) {
      if (!lost(ends[at]!.rideId)) open.delete(ends[at]!.rideId);
    }
    open.add(start.rideId);
    most = Math.max(most, open.size);
  }
  for (const { rideId } of ends.slice(at)) if (!lost(rideId)) open.delete(rideId);
  return { most, left: open.size };
}

/** Alarms at the first record of each minute of the clock, for whatever is open for half an hour: how late each is. */
function alarmsOfTime() {
  const heard = ends.filter(({ rideId }) => rideId % 50 !== 0);
  const events = [
    ...starts.map((one) => ({ rideId: one.rideId, at: one.tpep_pickup_datetime, start: true })),
    ...heard.map((one) => ({ rideId: one.rideId, at: one.tpep_dropoff_datetime, start: false })),
  ].sort((a, b) => a.at - b.at);
  const open = new Map<number, number>(), raised: number[] = [];
  let next = 0;
  for (const { rideId, at, start } of events) {
    if (start) open.set(rideId, at);
    else open.delete(rideId);
    if (at < next) continue;
    next = (Math.floor(at / MINUTE) + 1) * MINUTE;
    for (const [rideId, start] of open) {
      if (start + HALF_HOUR > at) continue;
      raised.push(at - start - HALF_HOUR);
      open.delete(rideId);
    }
  }
  return { raised, left: open.size };
}

interface Rules {
  readonly from?: number;
  readonly sizeMs?: number;
  readonly graceMs?: number;
}

/** The counts of expensive rides, each of so many dollars at a second of pickup, by window. */
function expensive(
  few: readonly (readonly [dollars: number, seconds: number])[],
  { from = 40, sizeMs = MINUTE, graceMs = 10_000 }: Rules = {},
): number[] {
  const counts = new Map<number, number>(), out: number[] = [];
  let streamTime = 0;
  for (const [dollars, seconds] of few) {
    if (dollars < from) continue;
    const at = seconds * 1_000, start = Math.floor(at / sizeMs) * sizeMs;
    streamTime = Math.max(streamTime, at);
    if (start + sizeMs + graceMs <= streamTime) continue;
    counts.set(start, (counts.get(start) ?? 0) + 1);
    out.push(counts.get(start)!);
  }
  return out;
}
