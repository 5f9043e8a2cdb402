/**
 * What a row of the fault matrix is: a fault, done to something real, and a judgement of what came out.
 *
 * A row is one file below `rows/` and one line in `rows.ts`; `deno task chaos` and the gate test run it.
 *
 * @module
 */
import type { Anomaly, AnomalyKind } from "./anomalies.ts";
import type { Cluster } from "./clusters.ts";

/** One row of the matrix. */
export interface Row {
  readonly id: `R${number}`;
  /** Kebab case, as typed after `deno task chaos`. */
  readonly name: string;
  /** One sentence: what is done, and what must hold then. */
  readonly about: string;
  /** Brokers that are started for it; 0: it needs none, or starts what it needs itself. */
  readonly brokers: 0 | 1 | 3;
  /** Whether a schema registry is started beside them. @default false */
  readonly registry?: boolean;
  /** Whether it runs in `deno task test`, too. */
  readonly gate: boolean;
  /** Rounds of a full run, and of one in the gate. */
  readonly rounds: number;
  readonly gateRounds: number;
  /** Whether all rounds are one run: `run` is called once, and does as much as `rounds` says. @default false */
  readonly continuous?: boolean;
  /** Least sums of figures over a full run: `{ kills: 20 }`. @default a round says it all */
  readonly inAll?: Readonly<Record<string, number>>;
  /** One round. Every anomaly it gives, and whatever it throws, is a failure. */
  run(trial: Trial): Promise<Outcome>;
  /** The same with the safeguard switched off; without it nobody knows whether the judge can see. */
  readonly control?: Control;
}

/** A run that must fail. */
export interface Control {
  /** What is switched off. */
  readonly about: string;
  /** What must be found then: each of these at least once. */
  readonly finds: readonly AnomalyKind[];
  run(trial: Trial): Promise<Outcome>;
}

/** What a round has to work with. */
export interface Trial {
  /** Of this round; the same seed gives the same `random()`, and so the same schedule of faults. */
  readonly seed: number;
  /** From 0 (inclusive) to 1 (exclusive). */
  random(): number;
  /** Counted from 0. */
  readonly round: number;
  readonly rounds: number;
  /** The row's cluster, fresh connection. @throws {Error} If the row asks for no brokers */
  readonly cluster: Cluster;
  /** Prints a line: each fault as it is done, so that a run can be told and repeated. */
  tell(line: string): void;
}

/** What a round gave. */
export interface Outcome {
  readonly anomalies: readonly Anomaly[];
  /** What is worth telling, by name: `{ records: 50_000, "recovery ms": 812 }`. */
  readonly figures: Readonly<Record<string, number | string>>;
}
