/**
 * The application that the exactly-once tests break: a copy of every record, and its running count by key.
 *
 * @module
 */
import { type App, app, string, topic } from "../../lib/streams/mod.ts";

/** Topics of one run, all with the same number of partitions. */
export interface EchoTopics {
  readonly input: string;
  readonly echo: string;
  readonly counts: string;
  /** Counts by the value's last digit, through a repartition topic. */
  readonly digits: string;
}

/** The names that belong to a run. */
export function echoTopics(run: string): EchoTopics {
  return {
    input: `${run}.in`,
    echo: `${run}.echo`,
    counts: `${run}.counts`,
    digits: `${run}.digits`,
  };
}

/** Builds it; the run's name is the application's. */
export function echoApp(run: string): App {
  const names = echoTopics(run), echo = app(run);
  const text = (name: string) => topic(name, { key: string, value: string });
  const input = echo.stream(text(names.input));
  input.to(text(names.echo));
  input.groupByKey().count("by-key").toStream().mapValues((count) => `${count}`)
    .to(text(names.counts));
  input.groupBy("digit", (value) => value.slice(-1), { key: string }).count("by-digit")
    .toStream().mapValues((count) => `${count}`)
    .to(text(names.digits));
  return echo;
}
