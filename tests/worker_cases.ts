/**
 * The seed's programs in processes of their own, and their results computed another way.
 *
 * @module
 */

/** A ride as far as the programs look at it. */
export interface PlainRide {
  readonly vendorId: number;
  readonly total_amount: number;
  /** Epoch milliseconds; the file's times taken as UTC. */
  readonly tpep_pickup_datetime: number;
}

/** Which cluster, and where state goes: `KAFKA_BROKERS`, `TAXI_STATE`. */
export type Environment = Readonly<Record<string, string>>;

/** A line of `worker --drain --json`. */
export interface DrainedLine {
  readonly table?: string;
  readonly key?: unknown;
  readonly window?: { readonly start: number; readonly end: number };
  readonly value?: unknown;
  readonly late?: number;
}

export const RIDES = "datatalkclub.yellow_taxi_ride.json";
export const HIGH = "datatalks.yellow_taxi_rides.high_amount";
export const LOW = "datatalks.yellow_taxi_rides.low_amount";

/** Starts one `deno task`. */
export function start(env: Environment, ...args: readonly string[]): Deno.ChildProcess {
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", `tasks/${args[0]}.ts`, ...args.slice(1)],
    env: { ...env, NO_COLOR: "1" },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

/** Runs one `deno task` to its end; gives its JSON lines. @throws Its own words when it fails */
export async function run(
  env: Environment,
  ...args: readonly string[]
): Promise<DrainedLine[]> {
  const { success, stdout, stderr } = await start(env, ...args).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  if (!success) throw new Error(`Cannot run ${args.join(" ")}: ${text(stderr)}${text(stdout)}`);
  return text(stdout).split("\n").filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line));
}

/** The file's rides, read without any of the project's code. */
export async function ridesOfFile(): Promise<PlainRide[]> {
  const [header, ...rows] = (await Deno.readTextFile("data/rides.csv")).trim().split(/\r?\n/);
  const names = header!.split(",");
  const at = (name: string) => names.indexOf(name);
  const [vendor, amount, pickup] = [at("VendorID"), at("total_amount"), at("tpep_pickup_datetime")];
  return rows.map((row) => {
    const cells = row.split(",");
    return {
      vendorId: Number(cells[vendor]),
      total_amount: Number(cells[amount]),
      tpep_pickup_datetime: Date.parse(`${cells[pickup]!.replace(" ", "T")}Z`),
    };
  });
}

/** Key -> how many. */
export function countsBy<T, K>(items: readonly T[], keyOf: (item: T) => K): Map<K, number> {
  const counts = new Map<K, number>();
  for (const item of items) counts.set(keyOf(item), (counts.get(keyOf(item)) ?? 0) + 1);
  return counts;
}

/** Rides per vendor and minute, and those that came too late, of records in the order they were met. */
export function expectedWindows<
  T extends { readonly partition: number; readonly value: PlainRide },
>(
  records: readonly T[],
  { timeOf, graceMs }: { readonly timeOf: (record: T) => number; readonly graceMs: number },
): { readonly windows: Record<string, number>; readonly late: number } {
  const windows: Record<string, number> = {}, streamTime = new Map<number, number>();
  let late = 0;
  for (const record of records) {
    const { partition, value: { vendorId } } = record, timeMs = timeOf(record);
    const latestMs = Math.max(streamTime.get(partition) ?? 0, timeMs);
    streamTime.set(partition, latestMs);
    const startMs = timeMs - timeMs % 60_000, endMs = startMs + 60_000;
    const name = `${vendorId} [${startMs}, ${endMs})`;
    if (endMs + graceMs <= latestMs) late++;
    else windows[name] = (windows[name] ?? 0) + 1;
  }
  return { windows, late };
}
