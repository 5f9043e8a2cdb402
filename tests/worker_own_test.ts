/** The seed's programs as a learner runs them: rides in, worker drained, figures compared with the file's. */
import assert from "node:assert/strict";
import { type Kafka, readAll } from "../lib/kafka/mod.ts";
import { until, withBrokers } from "./own_brokers.ts";
import {
  countsBy,
  type Environment,
  expectedWindows,
  HIGH,
  LOW,
  type PlainRide,
  RIDES,
  ridesOfFile,
  run,
  start,
} from "./worker_cases.ts";

/** How many times the file is sent, so that a kill hits in the middle. */
let times = 3;
const GRACE_MS = 120_000;

const rides = await ridesOfFile();
const vendors = countsBy(rides, ({ vendorId }) => vendorId);
const PICKUP_TIME = {
  timeOf: ({ value }: { readonly value: PlainRide }) => value.tpep_pickup_datetime,
  graceMs: GRACE_MS,
};
const repartitionOf = (app: string) => `${app}-vendor_rides_windowed-repartition`;

interface Given {
  readonly kafka: Kafka;
  readonly env: Environment;
}

const PICKUP = ["windowing", "--time", "pickup", "--grace-ms", `${GRACE_MS}`];

Deno.test("worker: the seed's programs give the figures of the file", (t) =>
  withBrokers(1, async ({ kafka, brokers, config }) => {
    const env = { KAFKA_BROKERS: brokers.join(","), TAXI_STATE: config.folders.state };
    const given = { kafka, env };
    await run(env, "rides", "--rate", "max");
    await t.step("counts, branches and windows, drained", () => assertDrained(given));
    for (let time = 1; time < times; time++) await run(env, "rides", "--rate", "max");
    await t.step(
      "killed in the middle, at least once: never less",
      () => assertKilled(given, "at-least-once"),
    );
    await t.step(
      "killed in the middle, exactly once: equal",
      () => assertKilled(given, "exactly-once"),
    );
    await kafka.topics.delete(RIDES);
    await kafka.topics.create(RIDES, { partitions: 1 });
    await run(env, "rides", "--rate", "max");
    await t.step("one partition: late rides as counted over the file", () => assertLate(given));
  }));

async function assertDrained({ kafka, env }: Given): Promise<void> {
  const trips = await run(env, "worker", "stream_count_vendor_trips", "--drain", "--json");
  assert.deepEqual(new Map(trips.map(({ key, value }) => [key, value])), vendors);

  await run(env, "worker", "branch_price", "--drain", "--json");
  await assertBranches(kafka, 1);

  const byRecord = await run(env, "worker", "windowing", "--drain", "--json");
  const produced = await repartitioned(kafka, "datatalksclub.stream.v2.windowing");
  const recordTime = ({ timestamp }: typeof produced[number]) => timestamp;
  assert.deepEqual(
    windowsOf(byRecord),
    expectedWindows(produced, { timeOf: recordTime, graceMs: 3_600_000 }),
  );

  const app = "windowing.pickup";
  const byPickup = await run(env, "worker", ...PICKUP, "--drain", "--json", "--app-id", app);
  const expected = expectedWindows(await repartitioned(kafka, app), PICKUP_TIME);
  assert.deepEqual(windowsOf(byPickup), expected);
  assert.ok(expected.late > 0, "some rides are late, or this proves nothing");
  assert.equal(total(expected), rides.length);
}

async function assertLate({ env }: Given): Promise<void> {
  const flags = ["--guarantee", "exactly-once", "--store", "sqlite", "--app-id", "late"];
  const drained = await run(env, "worker", ...PICKUP, "--drain", "--json", ...flags);
  const inOrder = rides.map((value) => ({ partition: 0, value }));
  assert.deepEqual(windowsOf(drained), expectedWindows(inOrder, PICKUP_TIME));
}

async function assertKilled(
  { kafka, env }: Given,
  guarantee: "at-least-once" | "exactly-once",
): Promise<void> {
  const exact = guarantee === "exactly-once", enough = exact ? equal : atLeast;
  const flags = (app: string) => [
    ...["--app-id", `${app}.${guarantee}`, "--json", "--guarantee", guarantee],
    ...["--store", exact ? "sqlite" : "memory"],
    // A static member has its tasks back at once; of a dynamic one the group first has to notice that it is dead.
    ...(exact ? ["--instance-id", "worker-1", "--session-timeout-ms", "60000"] : []),
  ];
  const trips = ["worker", "stream_count_vendor_trips", ...flags("trips")];
  const branch = ["worker", "branch_price", ...flags("branch")];
  const windowing = ["worker", ...PICKUP, ...flags("windows")];
  await kafka.topics.delete([HIGH, LOW]);
  const where = { kafka, env };
  await killInTheMiddle(where, trips, `trips.${guarantee}-vendor_rides-repartition`);
  await killInTheMiddle(where, windowing, repartitionOf(`windows.${guarantee}`));
  await killInTheMiddle(where, branch, LOW);

  for (const { key, value } of await run(env, ...trips, "--drain")) {
    enough(value as number, vendors.get(key as number)! * times);
  }
  const drained = windowsOf(await run(env, ...windowing, "--drain"));
  enough(total(drained), rides.length * times);
  if (exact) {
    const met = await repartitioned(kafka, `windows.${guarantee}`);
    assert.deepEqual(drained, expectedWindows(met, PICKUP_TIME));
  }
  await run(env, ...branch, "--drain");
  await assertBranches(kafka, times, enough);
}

const sum = (numbers: readonly number[]) => numbers.reduce((all, one) => all + one, 0);
const equal = (got: number, wanted: number) => assert.equal(got, wanted);
const atLeast = (got: number, wanted: number) => assert.ok(got >= wanted, `${got} < ${wanted}`);

/** Kills a worker when its first results are there. One that has committed everything by then gets more, and dies again. */
async function killInTheMiddle(
  { kafka, env }: Given,
  args: readonly string[],
  topic: string,
): Promise<void> {
  const group = args[args.indexOf("--app-id") + 1]!;
  // A new topic's partitions have no leader for a moment.
  const written = async () =>
    await kafka.topics.exists(topic)
      ? sum(await kafka.topics.endOffsets(topic).catch(() => []))
      : 0;
  for (let tries = 1; tries <= 10; tries++) {
    const before = await written(), worker = start(env, ...args);
    await until(`records in "${topic}"`, async () => await written() > before || undefined);
    worker.kill("SIGKILL");
    await worker.output();
    if (sum((await kafka.groups.lag(group)).map(({ lag }) => lag)) > 0) return;
    await run(env, "rides", "--rate", "max");
    times++;
  }
  assert.fail("it was done before it was killed, ten times");
}

async function assertBranches(
  kafka: Kafka,
  times: number,
  enough: (got: number, wanted: number) => void = equal,
): Promise<void> {
  const amounts = async (topic: string) =>
    (await readAll<unknown, { readonly total_amount: number }>(kafka, topic))
      .map(({ value }) => value!.total_amount);
  const high = await amounts(HIGH), low = await amounts(LOW);
  assert.ok(high.every((amount) => amount >= 40) && low.every((amount) => amount < 40));
  const wanted = countsBy(rides, ({ total_amount }) => total_amount);
  const got = countsBy([...high, ...low], (amount) => amount);
  for (const [amount, count] of wanted) {
    enough(got.get(amount) ?? 0, count * times);
  }
  assert.ok(high.includes(40), "forty goes high");
}

/** What a worker printed, as window -> count. */
function windowsOf(lines: Awaited<ReturnType<typeof run>>) {
  const windows: Record<string, number> = {};
  for (const { key, window, value } of lines) {
    if (window) windows[`${key} [${window.start}, ${window.end})`] = value as number;
  }
  return { windows, late: lines.find((line) => "late" in line)!.late as number };
}

function total({ windows, late }: ReturnType<typeof windowsOf>): number {
  return Object.values(windows).reduce((sum, count) => sum + count, late);
}

/** The order in which the windowing program met the rides. */
function repartitioned(kafka: Kafka, app: string) {
  return readAll<Uint8Array, PlainRide>(kafka, repartitionOf(app), {
    key: { encode: (bytes) => bytes, decode: (bytes) => bytes ?? new Uint8Array() },
  }).then((records) => records.map((one) => ({ ...one, value: one.value! })));
}
