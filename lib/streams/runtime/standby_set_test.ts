import assert from "node:assert/strict";
import type { Fetched, FetcherOptions } from "../../kafka/engine.ts";
import { type TopicPartition, topicPartitionKey } from "../../serde/mod.ts";
import { app, memoryStores, string, topic } from "../mod.ts";
import type { StoreProvider } from "../state/row_store.ts";
import { StoreError } from "../state/store_error.ts";
import type { WorkerEvent } from "./context.ts";
import { StandbySet } from "./standby_set.ts";

const counts = app("counts");
counts.stream(topic("words", { key: string, value: string })).groupByKey().count("letters");
counts.stream(topic("others", { key: string, value: string })).foreach(() => {});
const TASKS = [0, 1].flatMap((subTopology) =>
  [0, 1].map((partition) => ({ subTopology, partition }))
);
const CHANGELOG = "counts-letters-changelog";

const FIRST = topicPartitionKey({ topic: CHANGELOG, partition: 0 });

const encoder = new TextEncoder();
const record = (key: string, value: number | null, offset: number) => ({
  ...{ key: encoder.encode(key), timestamp: 0, offset },
  value: value === null ? null : encoder.encode(`${value}`),
});

/** Changelogs without a broker: a test says what is read, and when. */
class FakeChangelogs {
  readonly assigned = new Map<string, number>();
  readonly ends = new Map<string, number>();
  readonly begins = new Map<string, number>();
  /** What is asked of the group; undefined makes it fail once. */
  incarnation: string | undefined = "first";
  closed = false;
  options!: FetcherOptions;
  readonly failing = Promise.withResolvers<never>();

  /** Lets the reader get these records, and know that the changelog ends at `end`. */
  read(partition: number, rows: readonly (readonly [string, number | null])[], end: number): void {
    const place = { topic: CHANGELOG, partition }, key = topicPartitionKey(place);
    const from = this.assigned.get(key)!;
    const records = rows.map(([name, value], i) => record(name, value, from + i));
    this.assigned.set(key, from + rows.length);
    this.ends.set(key, end);
    if (rows.length > 0) this.options.onRecords({ ...place, records } as unknown as Fetched);
    this.options.onAnswer!(place);
  }

  get reader() {
    return {
      failed: this.failing.promise,
      assign: (place: TopicPartition, offset: number) => {
        this.assigned.set(topicPartitionKey(place), offset);
        return Promise.resolve();
      },
      unassign: (place: TopicPartition) => void this.assigned.delete(topicPartitionKey(place)),
      position: (place: TopicPartition) => this.assigned.get(topicPartitionKey(place)),
      end: (place: TopicPartition) => this.ends.get(topicPartitionKey(place)),
      close: () => Promise.resolve(void (this.closed = true)),
    };
  }
}

/** A set over fake changelogs that commits only when a test says so. */
function setOf(stores: StoreProvider = memoryStores()) {
  const logs = new FakeChangelogs(), events: WorkerEvent[] = [];
  logs.failing.promise.catch(() => {});
  const set = new StandbySet({
    topology: counts.topology(),
    tasks: TASKS,
    stores,
    reader: (options) => {
      logs.options = options;
      return logs.reader;
    },
    committed: () =>
      Promise.resolve([{
        ...{ topic: "words", partition: 0, offset: 1 },
        ...(logs.incarnation && { metadata: JSON.stringify({ incarnation: logs.incarnation }) }),
      }]),
    bounds: (topic) => {
      const of = (known: ReadonlyMap<string, number>) =>
        [0, 1].map((partition) => known.get(topicPartitionKey({ topic, partition })) ?? 0);
      return Promise.resolve({ begin: of(logs.begins), end: of(logs.ends) });
    },
    emit: (event) => events.push(event),
    commitIntervalMs: 2 ** 31 - 1,
  });
  /** Lets everything go on that waits for nothing but the event loop. */
  const settle = async () => {
    for (let i = 0; i < 20; i++) await Promise.resolve();
  };
  const at = (partition: number) =>
    logs.assigned.get(topicPartitionKey({ topic: CHANGELOG, partition }));
  return { set, logs, events, stores, settle, at };
}

Deno.test("StandbySet names as candidates only tasks with rows in a changelog", async () => {
  const { set } = setOf();
  assert.deepEqual(set.candidates, ["0_0", "0_1"]);
  await set.close();
});

Deno.test("StandbySet fills its stores from the changelog, and is up to date when it is close behind", async () => {
  const { set, logs, settle } = setOf();
  set.open(["0_1"]);
  await settle();
  assert.deepEqual(set.status(), [{
    task: "0_1",
    state: "restoring",
    lag: null,
    rows: { letters: 0 },
  }]);
  logs.read(1, [["a", 1], ["b", 1]], 50_000);
  assert.deepEqual(set.upToDate(), []);
  logs.read(1, [["a", 2], ["b", null]], 6);
  assert.deepEqual(set.upToDate(), ["0_1"]);
  assert.deepEqual(set.status(), [{ task: "0_1", state: "running", lag: 2, rows: { letters: 1 } }]);
  await set.close();
  assert.equal(logs.closed, true);
});

Deno.test("StandbySet leaves its rows, and where they end, to the task that opens next", async () => {
  const { set, logs, settle, stores } = setOf();
  set.open(["0_0"]);
  await settle();
  logs.read(0, [["a", 7]], 1);
  set.keepOnly([]);
  assert.deepEqual(set.status(), []);
  const storage = stores.open("0_0");
  assert.deepEqual(storage.checkpoint(), {
    offsets: { [CHANGELOG]: 1 },
    metadata: JSON.stringify({ incarnation: "first" }),
  });
  assert.equal(logs.assigned.size, 0, "it reads on no longer");
  await set.close();
});

Deno.test("StandbySet reads on where the rows of a task that ran here end", async () => {
  const first = setOf();
  first.set.open(["0_0"]);
  await first.settle();
  first.logs.read(0, [["a", 1], ["b", 1]], 2);
  await first.set.close();
  const second = setOf(first.stores);
  second.logs.ends.set(FIRST, 5);
  second.set.open(["0_0"]);
  await second.settle();
  assert.equal(second.at(0), 2);
  assert.deepEqual(second.set.status()[0]?.rows, { letters: 2 });
  await second.set.close();
});

const DOUBTS: Readonly<Record<string, (logs: FakeChangelogs) => void>> = {
  "that belong to another incarnation": (logs) => logs.incarnation = "next",
  "that nothing is known of": (logs) => logs.incarnation = undefined,
  "that end behind the changelog's end": (logs) => logs.ends.set(FIRST, 1),
  "whose rest is gone": (logs) => {
    logs.ends.set(FIRST, 9);
    logs.begins.set(FIRST, 4);
  },
};

for (const [why, change] of Object.entries(DOUBTS)) {
  Deno.test(`StandbySet throws rows away ${why}`, async () => {
    const first = setOf();
    first.set.open(["0_0"]);
    await first.settle();
    first.logs.read(0, [["a", 1], ["b", 1]], 2);
    await first.set.close();
    const second = setOf(first.stores), { logs } = second;
    logs.ends.set(FIRST, 2);
    change(logs);
    second.set.open(["0_0"]);
    await second.settle();
    const begin = logs.begins.get(FIRST) ?? 0;
    assert.equal(second.at(0), begin);
    assert.deepEqual(second.set.status()[0]?.rows, { letters: 0 });
    await second.set.close();
  });
}

Deno.test("StandbySet leaves no rows behind whose incarnation it never learned", async () => {
  const { set, logs, settle, stores } = setOf();
  logs.incarnation = undefined;
  set.open(["0_0"]);
  await settle();
  logs.read(0, [["a", 1]], 1);
  await set.commit();
  logs.incarnation = "first";
  logs.read(0, [["b", 1]], 2);
  await set.commit();
  assert.deepEqual(stores.open("0_0").checkpoint()?.offsets, { [CHANGELOG]: 2 }, "learned later");
  await set.close();
  const other = setOf();
  other.logs.incarnation = undefined;
  other.set.open(["0_0"]);
  await other.settle();
  other.logs.read(0, [["a", 1]], 1);
  await other.set.close();
  assert.equal(other.stores.open("0_0").checkpoint(), undefined);
});

Deno.test("StandbySet begins again where records are gone that it had not read", async () => {
  const { set, logs, settle, at } = setOf();
  set.open(["0_0"]);
  await settle();
  logs.read(0, [["a", 1], ["b", 1]], 2);
  assert.deepEqual(set.upToDate(), ["0_0"]);
  const place = { topic: CHANGELOG, partition: 0 };
  logs.begins.set(topicPartitionKey(place), 8);
  logs.ends.set(topicPartitionKey(place), 20_000);
  logs.options.onGap!({ ...place, from: 2, to: 8 });
  await settle();
  assert.equal(at(0), 8);
  assert.deepEqual(set.status(), [{
    task: "0_0",
    state: "restoring",
    lag: 19_992,
    rows: { letters: 0 },
  }]);
  await set.close();
});

Deno.test("StandbySet opens nothing that was released meanwhile, and opens it when it is assigned again", async () => {
  const { set, settle, at } = setOf();
  set.open(["0_0"]);
  set.keepOnly([]);
  await settle();
  assert.equal(at(0), undefined);
  set.open(["0_0"]);
  set.keepOnly([]);
  set.open(["0_0"]);
  await settle();
  assert.equal(at(0), 0);
  assert.equal(set.status().length, 1);
  await set.close();
});

Deno.test("StandbySet gives a copy up that it cannot keep, with the reason, and keeps the others", async () => {
  const { set, logs, settle, events } = setOf();
  set.open(["0_0", "0_1"]);
  await settle();
  const unreadable = { error: new Error("no batch"), at: 0 };
  const records = [{ ...record("a", 1, 0), unreadable }];
  logs.options.onRecords({ topic: CHANGELOG, partition: 0, records } as unknown as Fetched);
  assert.partialDeepStrictEqual(events, [{ kind: "standbyLost", task: "0_0" }]);
  assert.match((events[0] as { why: string }).why, /^Cannot restore from .*: no batch/);
  assert.deepEqual(set.status().map(({ task }) => task), ["0_1"]);
  await set.close();
});

Deno.test("StandbySet gives all copies up when changelogs cannot be read", async () => {
  const { set, logs, settle, events } = setOf();
  set.open(["0_0", "0_1"]);
  await settle();
  logs.failing.reject(new Error("no right to read"));
  await settle();
  assert.deepEqual(events.map(({ kind }) => kind), ["standbyLost", "standbyLost"]);
  assert.deepEqual(set.status(), []);
  await set.close();
});

Deno.test("StandbySet reads a damaged file again, and ends where the disk is full", async () => {
  const broken = (damaged: boolean): StoreProvider => {
    const inner = memoryStores();
    let failures = 1;
    return {
      open(task) {
        const storage = inner.open(task);
        return {
          store: (spec) => storage.store(spec),
          checkpoint: () => storage.checkpoint(),
          commit(checkpoint) {
            if (Object.keys(checkpoint.offsets).length > 0 && failures-- > 0) {
              throw new StoreError("Cannot keep tables", damaged, undefined);
            }
            storage.commit(checkpoint);
          },
          close: (options) => storage.close(options),
        };
      },
    };
  };
  for (const damaged of [true, false]) {
    const { set, logs, settle, events, at } = setOf(broken(damaged));
    set.open(["0_0"]);
    await settle();
    logs.read(0, [["a", 1]], 1);
    await set.commit();
    await settle();
    assert.deepEqual([at(0), events.length], damaged ? [0, 0] : [undefined, 1]);
    await set.close();
  }
});
