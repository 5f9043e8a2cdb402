import type { Line } from "./comparison.ts";
import type { Ground } from "./ground.ts";

/** What a bench may use. */
export interface BenchOptions {
  /** A broker for all benches of this run; started when the first one asks for it. */
  readonly ground: () => Promise<Ground>;
  /** How often everyone takes a turn. */
  readonly rounds: number;
  /** How long what is left open is watched. */
  readonly seconds: number;
}

/** One bench: yields a line for each peer, or figure. */
export interface Bench {
  readonly name: string;
  /** One sentence: what is measured. */
  readonly about: string;
  run(options: BenchOptions): AsyncIterable<Line>;
}
