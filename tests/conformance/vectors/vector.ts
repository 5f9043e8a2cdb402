/**
 * Small vectors: one rule each, as Kafka Streams 4.3.1 showed it; the topologies are written by hand.
 *
 * @module
 */
import assert from "node:assert/strict";
import { type App, app, json, string, TestDriver, topic } from "../../../lib/streams/mod.ts";
import type { AppOptions } from "../../../lib/streams/dsl/app.ts";

interface Sent {
  readonly topic: string;
  readonly key: string | null;
  readonly value: unknown;
  readonly ts: number;
}

interface Vector {
  readonly id: string;
  readonly desc: string;
  readonly steps: readonly {
    readonly in: Sent & { readonly tick?: number };
    readonly out: readonly Sent[];
    readonly error?: string;
  }[];
}

const VECTORS: readonly Vector[] = JSON.parse(
  Deno.readTextFileSync(new URL("../vectors.json", import.meta.url)),
);

/** A topic of text keys and text values. */
export const text = (name: string) => topic(name, { key: string, value: string });

/** Joins two values as the vectors write it; a missing side prints null. */
export const plus = (left: string | null, right: string | null) => `${left}+${right}`;

/** A stream or a table whose method is chosen by name, so that its types cannot be followed. */
// deno-lint-ignore no-explicit-any
export const loose = (it: unknown): any => it;

/** Registers the test of a vector. */
export function vector(
  id: string,
  build: (built: App) => void,
  options: {
    /** Both ends of a window belong to it (sessions, sliding). */
    readonly inclusive?: boolean;
    readonly app?: AppOptions;
  } = {},
): void {
  const found = VECTORS.find((one) => one.id === id)!;
  Deno.test(`vector ${id}: ${found.desc}`, () => {
    const built = app("vectors", options.app);
    build(built);
    using driver = new TestDriver(built);
    const show = (key: unknown) => shownKey(key, options.inclusive ?? false);
    for (const [at, step] of found.steps.entries()) {
      const act = () => {
        if (step.in.tick !== undefined) return void driver.advanceWallClock(step.in.tick);
        const { topic, key, value, ts } = step.in;
        driver.pipe(text(topic), { key, value: value as string | null, timestamp: ts });
      };
      if (step.error !== undefined) assert.throws(act, { name: "StreamsError" });
      else act();
      const topics = new Set(found.steps.flatMap((one) => one.out.map((out) => out.topic)));
      const got = [...topics].flatMap((topic) =>
        driver.read(topic).map(({ key, value, timestamp }) => ({
          topic,
          key: show(key),
          value,
          ts: timestamp,
        }))
      );
      const order = (list: readonly Sent[]) =>
        [...topics].flatMap((topic) => list.filter((one) => one.topic === topic));
      assert.deepEqual(got, order(step.out), `step ${at}: ${JSON.stringify(step.in)}`);
    }
  });
}

function shownKey(key: unknown, inclusive: boolean): string | null {
  if (key === null || typeof key !== "object") return key === null ? null : String(key);
  const { key: bare, start, end } = key as { key: string; start: number; end: number };
  return `${bare}@[${start},${end}${inclusive ? "]" : ")"}`;
}

/** Numbers as JSON. */
export const number = json<number>();

/** Key, value, time of a record that goes in, after its topic; then what comes out of "out". */
export type Step = readonly [
  topic: string,
  key: string | null,
  value: string | null,
  timestamp: number,
  ...out: (readonly [unknown, unknown, number])[],
];

/** Runs steps, and compares what comes out of "out" after each. */
export function agree(build: (app: App) => void, steps: readonly Step[]): TestDriver {
  const built = app("vectors");
  build(built);
  const driver = new TestDriver(built);
  for (const [name, key, value, timestamp, ...out] of steps) {
    driver.pipe(text(name), { key, value, timestamp });
    const got = driver.read("out").map(({ key, value, timestamp }) => [key, value, timestamp]);
    assert.deepEqual(got, out, JSON.stringify([name, key, value, timestamp]));
  }
  return driver;
}
