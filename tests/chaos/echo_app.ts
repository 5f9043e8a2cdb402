/**
 * The application that the chaos rows break: a copy of every record, its running count by key and by key and minute,
 * and two branches.
 *
 * @module
 */
import { type App, app, string, topic, tumbling } from "../../lib/streams/mod.ts";

/** Topics of one run, all with the same number of partitions. */
export interface EchoTopics {
  readonly input: string;
  readonly echo: string;
  readonly counts: string;
  /** Counts by the value's last digit, through a repartition topic. */
  readonly digits: string;
  /** Counts by key and minute. */
  readonly minutes: string;
  /** Records whose number modulo 100 is below {@link BRANCH_AT}; the others. */
  readonly low: string;
  readonly high: string;
}

/** Where the branches part. */
export const BRANCH_AT = 40;

/** Which branch a number belongs to. */
export function isLow(value: string): boolean {
  return Number(value) % 100 < BRANCH_AT;
}

/** The name under which a key is counted in one minute. */
export function minuteName(key: string, timestampMs: number): string {
  return `${key}@${timestampMs - timestampMs % 60_000}`;
}

/** The names that belong to a run. */
export function echoTopics(run: string): EchoTopics {
  return {
    input: `${run}.in`,
    echo: `${run}.echo`,
    counts: `${run}.counts`,
    digits: `${run}.digits`,
    minutes: `${run}.minutes`,
    low: `${run}.low`,
    high: `${run}.high`,
  };
}

/** Builds it; the run's name is the application's. */
export function echoApp(run: string): App {
  const names = echoTopics(run), echo = app(run);
  const text = (name: string) => topic(name, { key: string, value: string, nullable: false });
  const input = echo.stream(text(names.input));
  input.to(text(names.echo));
  input.groupByKey().count("by-key").toStream().mapValues((count) => `${count}`)
    .to(text(names.counts));
  input.groupBy("digit", (value) => value.slice(-1), { key: string }).count("by-digit")
    .toStream().mapValues((count) => `${count}`)
    .to(text(names.digits));
  input.groupByKey().windowedBy(tumbling({ sizeMs: 60_000, graceMs: 60_000 })).count("by-minute")
    .toStream().map((count, { key: { key, start } }) => ({
      key: minuteName(key, start),
      value: `${count}`,
    })).to(text(names.minutes));
  const { low, rest } = input.split({ low: isLow });
  low.to(text(names.low));
  rest.to(text(names.high));
  return echo;
}
