import type { Question } from "../load/expected.ts";
import type { Results } from "../probe/watch.ts";

/** One run of an engine. */
export interface Job {
  readonly question: Question;
  /** Its group, and beginning or part of the names of all it makes; its outputs are `<id>-high`, `<id>-low`. */
  readonly id: string;
  /** The topic with the load. */
  readonly source: string;
  /** How many records that topic holds. */
  readonly records: number;
  /** A fresh folder for what it keeps on disk. */
  readonly folder: string;
}

/** A program with its arguments. */
export interface Program {
  readonly command: string;
  readonly args: readonly string[];
  /** Beside `KAFKA_BROKERS`. */
  readonly env?: Readonly<Record<string, string>>;
}

/** An engine as the bench sees it: a program to start, and a place to look for its results. */
export interface Engine {
  /** As it is called in the lines. */
  readonly peer: string;
  /** Installs what it needs. @throws {Error} The reason why it cannot be measured here. */
  prepare(): Promise<void>;
  program(job: Job): Program;
  results(job: Job): Results;
}
