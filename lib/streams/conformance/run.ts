/**
 * Runs a scenario and compares.
 *
 * @module
 */
import { TestDriver } from "../driver/test_driver.ts";
import { buildScenario, scenarioTopic } from "./build.ts";
import type { Scenario, ScenarioRecord } from "./scenario.ts";

/** Where a scenario first differs. */
export interface Difference {
  readonly topic: string;
  /** Position among the records of that topic, from 0. */
  readonly index: number;
  readonly expected: ScenarioRecord | undefined;
  readonly got: ScenarioRecord | undefined;
}

/** What the engine makes of a scenario's input, topic by topic. */
export function runScenario(scenario: Scenario): Map<string, ScenarioRecord[]> {
  using driver = new TestDriver(buildScenario(scenario));
  for (const { topic, key, value, timestamp } of scenario.input) {
    driver.pipe(scenarioTopic(topic), { key, value, timestamp });
  }
  const sinks = scenario.topology.filter((step) => step.op === "to").map((step) => step.topic!);
  return new Map([...new Set(sinks)].map((topic) => [
    topic,
    driver.read(topic).map(({ key, value, timestamp }) => plain(topic, key, value, timestamp)),
  ]));
}

/** The first difference, topic by topic in order; undefined when all is equal. */
export function compareScenario(scenario: Scenario): Difference | undefined {
  const got = runScenario(scenario);
  const topics = new Set([...got.keys(), ...scenario.expected.map((record) => record.topic)]);
  for (const topic of topics) {
    const mine = got.get(topic) ?? [];
    const wanted = scenario.expected.filter((record) => record.topic === topic);
    for (let index = 0; index < Math.max(mine.length, wanted.length); index++) {
      if (!equal(mine[index], wanted[index])) {
        return { topic, index, expected: wanted[index], got: mine[index] };
      }
    }
  }
  return undefined;
}

function plain(topic: string, key: unknown, value: unknown, timestamp: number): ScenarioRecord {
  if (key === null || typeof key !== "object") {
    return { topic, key: key as string | null, value, timestamp };
  }
  const { key: bare, start, end } = key as { key: string; start: number; end: number };
  return { topic, key: bare, window: { start, end }, value, timestamp };
}

/** Equal as JSON, whatever the order of fields. */
function equal(left: unknown, right: unknown): boolean {
  if (Object.is(left, right)) return true;
  if (typeof left !== "object" || typeof right !== "object" || !left || !right) return false;
  const names = Object.keys(left);
  return names.length === Object.keys(right).length &&
    names.every((name) => equal(left[name as never], right[name as never]));
}
