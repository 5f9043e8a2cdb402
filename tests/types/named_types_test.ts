/** Programs whose parts have names and types of their own, as they get when a program grows: each type is written out. */
import assert from "node:assert/strict";
import {
  type AgentTable,
  type Aggregation,
  type App,
  app,
  type AppOptions,
  type Bytes,
  type Cogrouped,
  describe,
  type DriverRecord,
  droppedRecords,
  type DropReason,
  type ErrorRule,
  type FailedRecord,
  type GlobalTable,
  type GroupedStream,
  type GroupedTable,
  type Guarantee,
  headerBytes,
  type Headers,
  int32,
  int64,
  type Joiner,
  json,
  type KeyValue,
  type Mapper,
  memoryStores,
  type Predicate,
  type Processor,
  type ProcessorFactory,
  type Serde,
  session,
  type SessionWindowed,
  type SolidTopic,
  type StepTrace,
  type StoreProvider,
  type Stream,
  type StreamRecord,
  StreamsError,
  string,
  type SyncSerde,
  type Table,
  type TaskMetrics,
  TestDriver,
  type TimestampExtractor,
  type TimeWindowed,
  type Topic,
  topic,
  type Topology,
  tumbling,
  type ValueProcessorContext,
  type Windowed,
  type WindowedAgentTable,
  type WindowedCogrouped,
  type WindowedTable,
  type Windows,
} from "../../lib/streams/mod.ts";

interface Ride {
  readonly vendor: string;
  readonly fare: number;
  readonly pickup: number;
}

const pickup: TimestampExtractor<string, Ride> = (ride) => ride.pickup;
const rides: SolidTopic<string, Ride> = topic("rides", {
  ...{ key: string, value: json<Ride>(), timestamp: pickup, nullable: false },
});
const names: Topic<string, string> = topic("names", { key: string, value: string });

const FIRST = { key: "1", value: { vendor: "a", fare: 10, pickup: 5 }, timestamp: 0 };
const SECOND = { key: "2", value: { vendor: "b", fare: 50, pickup: 65_000 }, timestamp: 0 };

/** What an application writes to a topic. */
function written<K, V>(built: App, name: string): [K | null, V | null][] {
  using driver = new TestDriver(built);
  driver.pipe(names, { key: "a", value: "Alpha", timestamp: 0 });
  driver.pipe(rides, FIRST, SECOND);
  const records: DriverRecord<K, V>[] = driver.read<K, V>(name);
  return records.map(({ key, value }) => [key, value]);
}

const vendorOf: Mapper<string, Ride, string> = (ride) => ride.vendor;
const isDear: Predicate<string, Ride> = (ride) => ride.fare >= 40;
const fareSum: Aggregation<string, Ride, number> = {
  init: () => 0,
  add: (sum, ride) => sum + ride.fare,
};

function byVendor(stream: Stream<string, Ride>): GroupedStream<string, Ride> {
  return stream.groupBy("vendor", vendorOf, { key: string });
}

Deno.test("functions that a program is made of have types of their own", () => {
  const built = app("parts"), stream = built.stream(rides);
  const naming: Joiner<string, Ride, string, KeyValue<string, number>> = (ride, name) => ({
    key: name,
    value: ride.fare,
  });
  const vendors: GlobalTable<string, string> = built.globalTable(names);
  stream.join(vendors, vendorOf, naming).map((pair) => pair, { key: string, value: int64 })
    .to("fares");
  assert.deepEqual(written(built, "fares"), [["Alpha", 10]]);
  const dear = app("dear");
  dear.stream(rides).filter(isDear).mapValues(vendorOf).to("dear");
  assert.deepEqual(written(dear, "dear"), [["2", "b"]]);
});

Deno.test("windows, groups and their results can be passed around", () => {
  const minutes = (grouped: GroupedStream<string, Ride>): TimeWindowed<string, Ride> =>
    grouped.windowedBy(tumbling({ sizeMs: 60_000 }));
  const visits = (grouped: GroupedStream<string, Ride>): SessionWindowed<string, Ride> =>
    grouped.windowedBy(session({ gapMs: 60_000 }));
  const built = app("windows"), grouped = byVendor(built.stream(rides));
  const sums: WindowedTable<string, Ride, number> = minutes(grouped).aggregate("sums", fareSum);
  sums.toStream().to("sums");
  visits(grouped).count("visits");
  const got = written<Windowed<string>, number>(built, "sums");
  assert.deepEqual(got.map(([key, sum]) => [key?.key, key?.start, sum]), [
    ["a", 0, 10],
    ["b", 60_000, 50],
  ]);
});

Deno.test("tables are grouped, and streams grouped together, in functions of their own", () => {
  const built = app("groups"), table: Table<string, string> = built.table(names);
  const byInitial = (table: Table<string, string>): GroupedTable<string, string> =>
    table.groupBy("initial", (name) => ({ key: name[0]!, value: name }), { key: string });
  byInitial(table).count("initials").toStream().to("initials");
  const both: Cogrouped<string, number> = byVendor(built.stream(rides))
    .cogroup((sum, ride) => sum + ride.fare);
  const daily = (both: Cogrouped<string, number>, windows: Windows): WindowedCogrouped<
    string,
    number
  > => both.windowedBy(windows);
  daily(both, tumbling({ sizeMs: 86_400_000 })).aggregate("fares", () => 0);
  assert.deepEqual(written(built, "initials"), [["A", 1]]);
});

Deno.test("agents keep tables, with windows or without", async () => {
  const built = app("agents");
  const trips: AgentTable<string, number> = built.table("trips", { key: string, default: () => 0 });
  const minutes: WindowedAgentTable<string, number> = built.table("minutes", {
    ...{ key: string, default: () => 0, windows: tumbling({ sizeMs: 60_000 }) },
  });
  built.agent(rides, async (stream) => {
    for await (const { vendor } of stream.groupBy("vendor", vendorOf, { key: string })) {
      trips.update(vendor, (n) => n + 1);
      minutes.update(vendor, (n) => n + 1);
    }
  });
  using driver = new TestDriver(built);
  await driver.pipe(rides, FIRST, SECOND);
  assert.deepEqual([...driver.table("trips")], [["a", 1], ["b", 1]]);
});

Deno.test("a serde is two functions; one that answers at once can be told apart", () => {
  const cents: SyncSerde<number> = {
    encode: (euros, topic) => int32.encode(Math.round(euros * 100), topic),
    decode: (bytes, topic) => int32.decode(bytes, topic) / 100,
  };
  const anySerde: Serde<number> = cents, bytes: Bytes = cents.encode(12.5, "fares");
  assert.deepEqual(bytes, new Uint8Array([0, 0, 4, 226]));
  assert.equal(anySerde.decode(bytes, "fares"), 12.5);
});

Deno.test("an application says what is done with records that fail, and what a crash may repeat", () => {
  const failed: FailedRecord[] = [];
  const rule: ErrorRule = (error, record) => {
    failed.push(record);
    return error instanceof RangeError ? "skip" : "fail";
  };
  const guarantee: Guarantee = "exactly-once";
  const options: AppOptions = { guarantee, onError: { process: rule } };
  const built = app("careful", options);
  built.stream(rides).foreach((ride) => {
    if (ride.vendor === "a") throw new RangeError("no such vendor");
    throw new Error("a fault of the program");
  });
  using driver = new TestDriver(built);
  driver.pipe(rides, FIRST);
  assert.throws(() => driver.pipe(rides, SECOND), StreamsError);
  assert.deepEqual(failed.map(({ topic, offset }) => [topic, offset]), [["rides", 0], [
    "rides",
    1,
  ]]);
});

Deno.test("a step tells what became of a record, and the counters tell it of all", () => {
  const built = app("steps");
  built.stream(rides).filter(isDear).to("dear");
  using driver = new TestDriver(built);
  driver.enqueue(rides, FIRST);
  const step = driver.step() as StepTrace, metrics: TaskMetrics[] = driver.metrics();
  const reasons = step.path.flatMap(({ reason }): DropReason[] => reason ? [reason] : []);
  assert.deepEqual(reasons, ["filtered"]);
  assert.equal(droppedRecords(metrics[0]!, "filtered"), 1);
  assert.equal(droppedRecords(metrics[0]!), 0);
});

Deno.test("processors are objects, and records say where they come from", () => {
  class Marking implements Processor<string, Ride> {
    constructor(readonly context: ValueProcessorContext<string>) {}

    process({ value, offset, headers }: StreamRecord<string, Ride>): void {
      this.context.forward({ value: `${value.vendor}${offset}${mark(headers)}` });
    }
  }
  const mark = (headers: Headers | undefined) => headerBytes(headers, "mark")?.length ?? "";
  const doubled: ProcessorFactory<string, string, string, string> = ({ forward }) => ({
    process: ({ key, value }) => forward({ key, value: `${value}${value}` }),
  });
  const built = app("marks");
  built.stream(rides).processValues("mark", (context) => new Marking(context), { value: string })
    .process("double", doubled, { key: string, value: string }).to("marks");
  assert.deepEqual(written(built, "marks"), [["1", "a0a0"], ["2", "b1b1"]]);
});

Deno.test("a topology is data that can be drawn, or run", () => {
  const built = app("drawn");
  built.stream(rides).to("copies");
  const topology: Topology = built.topology();
  assert.match(describe(topology), /rides/);
  using driver = new TestDriver(topology);
  assert.equal(driver.topology.appId, "drawn");
});

Deno.test("a store provider is a place for rows", () => {
  const provider: StoreProvider = memoryStores();
  assert.equal(typeof provider.open, "function");
});
