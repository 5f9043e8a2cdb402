/**
 * Topics of text and of rides, and applications run under the test driver.
 *
 * @module
 */
import { type App, app, json, string, TestDriver, topic } from "../../lib/streams/mod.ts";

/** A topic of texts without nulls. */
export const text = (name: string) => topic(name, { key: string, value: string, nullable: false });

/** A topic of texts that may be null. */
export const open = (name: string) => topic(name, { key: string, value: string });

/** A record of text, after the name of its topic. */
export type Sent = readonly [
  topic: string,
  key: string | null,
  value: string | null,
  timestamp: number,
];

/** Pipes records and gives what came to "out": key, value and time of each. */
export function run(build: (built: App) => void, ...records: readonly Sent[]) {
  const built = app("x");
  build(built);
  using driver = new TestDriver(built);
  for (const [name, key, value, timestamp] of records) {
    driver.pipe(open(name), { key, value, timestamp });
  }
  return driver.read("out").map(({ key, value, timestamp }) => [key, value, timestamp]);
}

interface Ride {
  readonly vendor: number;
  readonly fare: number;
}

/** A topic of rides. */
export const rides = topic("rides", { key: string, value: json<Ride>(), nullable: false });

/** A ride to pipe in. */
export const ride = (vendor: number, timestamp: number, fare = 1) => ({
  key: "r",
  value: { vendor, fare },
  timestamp,
});
