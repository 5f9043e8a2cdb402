/**
 * Runs rows: their rounds, then their control, each seeded.
 *
 * @module
 */
import { seeded } from "../../lib/rides/random.ts";
import { summary } from "./anomalies.ts";
import type { Cluster, Clusters } from "./clusters.ts";
import type { Outcome, Row } from "./row.ts";

/** One round, or one control, judged. */
export interface Judgement {
  readonly row: string;
  readonly name: string;
  /** Counted from 1; "in all" for their sum, "control" for the run that must fail. */
  readonly round: number | "in all" | "control";
  readonly rounds: number;
  readonly seed: number;
  readonly passed: boolean;
  /** What was found, one line a kind; of a control that is what it was to find. */
  readonly found: readonly string[];
  readonly figures: Outcome["figures"];
  readonly seconds: number;
}

/** What a judge needs to know beside the row. */
export interface JudgeOptions {
  readonly clusters: Clusters;
  readonly seed: number;
  readonly rounds: number;
  readonly tell: (line: string) => void;
}

/** Runs one round. */
export async function judgeRound(
  row: Row,
  round: number,
  options: JudgeOptions,
): Promise<Judgement> {
  const start = begin(row, { round, ...options });
  const { anomalies, figures } = await attempt(row, options.clusters, start.within(row.run));
  const found = summary(anomalies);
  return { ...start.end(), round: round + 1, passed: found.length === 0, found, figures };
}

/** How often a control is tried: a fault that chance has a part in may stay away once. */
const CONTROL_TRIES = 3;

/** Runs the control, again if need be. It passes when the judge has seen everything that it was to see. */
export async function judgeControl(row: Row, options: JudgeOptions): Promise<Judgement> {
  const { run, finds } = row.control!;
  for (let tried = 1;; tried++) {
    const start = begin(row, { round: options.rounds + tried - 1, ...options });
    const { anomalies, figures } = await attempt(row, options.clusters, start.within(run));
    const kinds = new Set(anomalies.map(({ kind }) => kind));
    const missing = finds.filter((kind) => !kinds.has(kind));
    if (missing.length > 0 && tried < CONTROL_TRIES) {
      options.tell(`the control found no "${missing.join(`", no "`)}": once more`);
      continue;
    }
    const found = [
      ...missing.map((kind) => `control passed: the checker is blind to "${kind}"`),
      ...summary(anomalies),
    ];
    return { ...start.end(), round: "control", passed: missing.length === 0, found, figures };
  }
}

/** A judgement as one line, and one more for each kind of anomaly. */
export function judgementLines(judgement: Judgement): string[] {
  const { row, name, round, rounds, passed, found, figures, seconds } = judgement;
  const place = typeof round === "string" ? round : `round ${round}/${rounds}`;
  const told = Object.entries(figures).map(([what, value]) =>
    `${what} ${typeof value === "number" ? value.toLocaleString("en") : value}`
  );
  const verdict = round === "control"
    ? passed ? "found what it must" : "FAILED"
    : passed
    ? "ok"
    : "FAILED";
  return [
    [`${row} ${name} ${place}: ${verdict}`, ...told, `${seconds.toFixed(1)} s`].join(" · "),
    ...found.map((line) => `   ${line}`),
  ];
}

/** The seed of one round: rows and rounds do not share their luck. */
export function seedOf(seed: number, { id }: Row, round: number): number {
  return seed * 10_000 + Number(id.slice(1)) * 100 + round;
}

function begin(row: Row, options: JudgeOptions & { readonly round: number }) {
  const seed = seedOf(options.seed, row, options.round), startMs = performance.now();
  const { round, rounds, tell } = options;
  return {
    within: (run: Row["run"]) => (cluster: Cluster) =>
      run({ seed, random: seeded(seed), round, rounds, tell, cluster }),
    end: () => ({
      ...{ row: row.id, name: row.name, rounds, seed },
      seconds: (performance.now() - startMs) / 1_000,
    }),
  };
}

/** Runs it; an error is an anomaly, too, and a cluster that saw one is not used again. */
async function attempt(
  { id, brokers }: Row,
  clusters: Clusters,
  run: (cluster: Cluster) => Promise<Outcome>,
): Promise<Outcome> {
  try {
    return brokers === 0 ? await run(noCluster(id)) : await clusters.use(brokers, run);
  } catch (error) {
    if (brokers > 0) await clusters.discard(brokers as 1 | 3);
    return { anomalies: [{ kind: "broke off", detail: Deno.inspect(error) }], figures: {} };
  }
}

function noCluster(id: string): Cluster {
  return new Proxy({} as Cluster, {
    get() {
      throw new Error(`Cannot use a cluster in row ${id}: it asks for 0 brokers`);
    },
  });
}
