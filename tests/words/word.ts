/**
 * A word of Kafka Streams' DSL, ours for it, and a program that uses it.
 *
 * @module
 */
import { type App, string, topic } from "../../lib/streams/mod.ts";

/** A record that a program is given. */
export type Sent = readonly [
  topic: string,
  key: string | null,
  value: string | null,
  timestamp: number,
];

/** One row of the table in lib/streams/README.md. */
export interface Word {
  /** Class and method, as Kafka Streams 4.3 has them. */
  readonly kafka: string;
  /** What to write here instead. */
  readonly ours: string;
  /** The program, and what it is given. Its results go to the topic "out". */
  readonly build: (built: App) => unknown;
  readonly sent: readonly Sent[];
  /** Keys and values that come out. */
  readonly out: readonly (readonly [unknown, unknown])[];
}

/** A row. */
export function word(
  kafka: string,
  ours: string,
  build: (built: App) => unknown,
  sent: readonly Sent[],
  out: Word["out"],
): Word {
  return { kafka, ours, build, sent, out };
}

/** A topic of texts without nulls. */
export const text = (name: string) => topic(name, { key: string, value: string, nullable: false });
/** A topic of texts that may be null, as may be their keys. */
export const open = (name: string) => topic(name, { key: string, value: string });
export const s = text("s");
export const t = open("t");
export const u = open("u");
export const texts = { value: string };
