/**
 * Kafka Streams itself, in Java, as the judge of scenarios.
 *
 * @module
 */
import { classPath, JAVA_PROGRAMS } from "../java_class_path.ts";
import { linesOf } from "../testkit/lines.ts";
import { compareScenario, type Difference, runScenario } from "./run.ts";
import type { Scenario, ScenarioRecord, Step } from "./scenario.ts";

/** What Kafka Streams makes of a scenario: records, or why it refuses it. */
export type Verdict = { readonly expected: readonly ScenarioRecord[] } | { readonly error: string };

/** A Java process that runs one scenario after another. */
export class KafkaStreams implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  readonly #lines: AsyncIterator<string>;
  readonly #input: WritableStreamDefaultWriter<Uint8Array>;

  private constructor(paths: string) {
    this.#child = new Deno.Command("java", {
      args: ["-cp", paths, `${JAVA_PROGRAMS}Scenarios.java`],
      ...{ stdin: "piped", stdout: "piped", stderr: "inherit" },
    }).spawn();
    this.#lines = linesOf(this.#child.stdout);
    this.#input = this.#child.stdin.getWriter();
  }

  /** Compiles and starts it. */
  static async start(): Promise<KafkaStreams> {
    return new KafkaStreams(await classPath());
  }

  /** Runs a scenario. */
  async run(scenario: Scenario): Promise<Verdict> {
    await this.#input.write(new TextEncoder().encode(`${JSON.stringify(scenario)}\n`));
    const { value } = await this.#lines.next();
    return JSON.parse(value) as Verdict;
  }

  /** Both sides of a scenario: undefined when they agree, or both refuse; else what Kafka Streams says, and how ours differs. */
  async judge(scenario: Scenario): Promise<Disagreement | undefined> {
    const verdict = await this.run(scenario);
    let difference: Difference | undefined;
    try {
      if ("error" in verdict) {
        runScenario(scenario);
        return { kind: "they refuse", verdict, how: verdict.error };
      }
      const known = { ...scenario, ...verdict };
      difference = compareScenario(known);
      if (difference && !compareScenario(known, runScenario(scenario, { oneTask: true }))) {
        return { kind: "turns of tasks", verdict, how: JSON.stringify(difference) };
      }
    } catch (error) {
      return "error" in verdict ? undefined : { kind: "we refuse", verdict, how: String(error) };
    }
    return difference && { kind: "records", verdict, how: JSON.stringify(difference) };
  }

  /** The smallest scenario to be had by leaving out steps and records that still differs. */
  async shrink(scenario: Scenario): Promise<Scenario> {
    const kind = (await this.judge(scenario))?.kind;
    const differs = async (smaller: Scenario) => (await this.judge(smaller))?.kind === kind;
    let now = scenario, before: Scenario | undefined;
    while (before !== now) {
      before = now;
      const { topology } = now;
      for (const step of topology.filter(({ op }) => op === "to")) {
        const smaller = needed(now, now.topology.filter((one) => one !== step));
        if (smaller.topology.length > 0 && await differs(smaller)) now = smaller;
      }
      for (const step of topology.filter(({ of }) => of !== undefined)) {
        const smaller = needed(now, without(now.topology, step));
        if (smaller.topology.length < now.topology.length && await differs(smaller)) now = smaller;
      }
      for (let size = now.input.length >> 1; size >= 1; size >>= 1) {
        for (let at = 0; at < now.input.length;) {
          const smaller = { ...now, input: now.input.toSpliced(at, size) };
          if (smaller.input.length > 0 && await differs(smaller)) now = smaller;
          else at += size;
        }
      }
    }
    return now;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#input.close();
    await this.#lines.return?.();
    await this.#child.status;
  }
}

/** Why two sides do not agree. */
export interface Disagreement {
  /** "turns of tasks": only the order in which tasks take turns differs, which nothing promises. */
  readonly kind: "records" | "turns of tasks" | "they refuse" | "we refuse";
  readonly verdict: Verdict;
  readonly how: string;
}

/** Only the steps that lead to a topic, and the records that they read. */
function needed(scenario: Scenario, steps: readonly Step[]): Scenario {
  const wanted = new Set<string | undefined>();
  const topology = steps.toReversed().filter((step) => {
    const ids = [step.id, ...(step.arms ?? []).map((arm) => arm.id)];
    if (step.op !== "to" && !ids.some((id) => wanted.has(id))) return false;
    wanted.add(step.of).add(step.with);
    return true;
  }).reverse();
  const topics = new Set(topology.map(({ topic }) => topic));
  const input = scenario.input.filter(({ topic }) => topics.has(topic));
  return { ...scenario, topology, input };
}

/** What followed a step follows the step before it. */
function without(steps: readonly Step[], { id, of }: Step): readonly Step[] {
  if (id === undefined || of === undefined) return steps;
  const moved = (name: string | undefined) => name === id ? of : name;
  return steps.filter((step) => step.id !== id).map((step) => ({
    ...step,
    ...(step.of === undefined ? {} : { of: moved(step.of)! }),
    ...(step.with === undefined ? {} : { with: moved(step.with)! }),
  }));
}
