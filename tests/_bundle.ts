/**
 * `lib/streams/mod.ts` as one file for browsers, and a program beside it that computes notebook 13's numbers with it.
 *
 * @module
 */
import { join } from "node:path";
import { pickupTimeMs, readRides, sampleFile } from "../lib/rides/mod.ts";
import { missing } from "./needs.ts";

const ENTRY = join(import.meta.dirname!, "../lib/streams/mod.ts");

/** How many of a thousand rides are late, by grace in minutes; and with five minutes, by their order. */
export const NUMBERS = {
  graces: { 0: 821, 5: 565, 30: 131, 60: 0 },
  orders: { "as reported": 565, "by pickup": 0, backwards: 998 },
};

/** Exports a promise of {@linkcode NUMBERS}, and prints them where it is the program that runs. */
const PROGRAM = `
import { app, int64, json, TestDriver, topic, tumbling } from "./streams.js";
const value = json();
const RIDES = topic("rides", { key: int64, value, timestamp: (ride) => ride.pickup, nullable: false });
function late(rides, minutes) {
  const program = app("late"), graceMs = minutes * 60_000, retentionMs = Infinity;
  const counts = program.stream(RIDES).groupBy("minutes", (ride) => ride.vendor, { key: int64 })
    .windowedBy(tumbling({ sizeMs: 60_000, graceMs })).count("minutes", { retentionMs });
  counts.late.groupByKey().count("late_rides");
  const driver = new TestDriver(program);
  for (const value of rides) driver.pipe(RIDES, { key: 0, value, timestamp: 0 });
  const total = (name) => [...driver.table(name).values()].reduce((sum, n) => sum + n, 0);
  if (total("minutes") + total("late_rides") !== rides.length) throw new Error("a ride is lost");
  return total("late_rides");
}
const byPickup = RIDE_LIST.toSorted((one, other) => one.pickup - other.pickup);
const orders = { "as reported": RIDE_LIST, "by pickup": byPickup, backwards: byPickup.toReversed() };
export const numbers = {
  graces: Object.fromEntries([0, 5, 30, 60].map((minutes) => [minutes, late(RIDE_LIST, minutes)])),
  orders: Object.fromEntries(
    Object.entries(orders).map(([order, rides]) => [order, late(rides, 5)]),
  ),
};
console.log(JSON.stringify(numbers));
`;

/** Runs Deno, in a folder. */
export const deno = async (cwd: string, ...args: string[]) =>
  await new Deno.Command(Deno.execPath(), {
    ...{ args, cwd, stdin: "null", env: { NO_COLOR: "1" } },
    // Where packets are dropped, fetching the bundler would wait for ever.
    signal: AbortSignal.timeout(180_000),
  }).output();

/** A folder with `streams.js` and `program.js`. */
export interface Bundle extends AsyncDisposable {
  readonly folder: string;
  /** The text of `streams.js`. */
  readonly code: string;
}

/** A test of the bundle; skipped, by name, where the bundler cannot be fetched. `test` registers it. */
export async function bundleTest(
  name: string,
  fn: (bundle: Bundle) => Promise<void>,
  test: (name: string, fn: () => Promise<void>) => void | Promise<void> = Deno.test,
): Promise<void> {
  const withBundle = async () => {
    await using bundle = await makeBundle();
    await fn(bundle);
  };
  if (await canBundle()) return await test(name, withBundle);
  const bundler = { program: "esbuild", get: "deno bundle, once with a network" };
  Deno.test({ name: missing(name, bundler), ignore: true, fn: withBundle });
}

async function canBundle(): Promise<boolean> {
  const folder = await Deno.makeTempDir();
  const { success } = await deno(folder, "bundle", "--quiet", "data:text/javascript,");
  await Deno.remove(folder, { recursive: true });
  return success;
}

async function makeBundle(): Promise<Bundle> {
  const folder = await Deno.makeTempDir();
  const flags = ["--quiet", "--platform", "browser", "--minify", "-o", "streams.js"];
  const { success, stderr } = await deno(folder, "bundle", ...flags, ENTRY);
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  const rides = await Array.fromAsync(
    readRides(sampleFile(), { limit: 1_000 }),
    (ride) => ({ vendor: ride.vendorId, pickup: pickupTimeMs(ride) }),
  );
  const program = `const RIDE_LIST = ${JSON.stringify(rides)};\n${PROGRAM}`;
  // Of a package of its own, so that Node takes .js for modules.
  await Deno.writeTextFile(join(folder, "package.json"), '{ "type": "module" }\n');
  await Deno.writeTextFile(join(folder, "program.js"), program);
  return {
    folder,
    code: await Deno.readTextFile(join(folder, "streams.js")),
    [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }),
  };
}
