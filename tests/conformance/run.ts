/**
 * Runs a scenario and compares.
 *
 * @module
 */
import { decodeText } from "../../lib/serde/mod.ts";
import { type DriverRecord, TestDriver } from "../../lib/streams/mod.ts";
import { buildScenario, scenarioTopic } from "./build.ts";
import { OneTask } from "./one_task.ts";
import type { Scenario, ScenarioRecord } from "./scenario.ts";

/** Where a scenario first differs. */
export interface Difference {
  readonly topic: string;
  /** Position among the records of that topic, from 0. */
  readonly index: number;
  readonly expected: ScenarioRecord | undefined;
  readonly got: ScenarioRecord | undefined;
}

/** What the engine makes of a scenario's input, topic by topic; `oneTask`: see {@linkcode OneTask}. */
export function runScenario(
  scenario: Scenario,
  { oneTask = false }: { readonly oneTask?: boolean } = {},
): ScenarioRecord[] {
  const topology = buildScenario(scenario).topology();
  const driver = oneTask ? new OneTask(topology) : new TestDriver(topology);
  for (const { topic, key, value, timestamp, headers = [] } of scenario.input) {
    driver.pipe(scenarioTopic(topic), { key, value, timestamp, headers });
  }
  const sinks = scenario.topology.filter((step) => step.op === "to").map((step) => step.topic!);
  return [...new Set(sinks)].flatMap((topic) =>
    driver.read(topic).map((record) => plain(topic, record))
  );
}

/** The first difference, topic by topic in order; undefined when all is equal. */
export function compareScenario(
  scenario: Scenario,
  results: readonly ScenarioRecord[] = runScenario(scenario),
): Difference | undefined {
  const topics = new Set([...results, ...scenario.expected].map((record) => record.topic));
  for (const topic of topics) {
    const mine = results.filter((record) => record.topic === topic);
    const wanted = scenario.expected.filter((record) => record.topic === topic);
    for (let index = 0; index < Math.max(mine.length, wanted.length); index++) {
      if (!equal(mine[index], wanted[index])) {
        return { topic, index, expected: wanted[index], got: mine[index] };
      }
    }
  }
  return undefined;
}

function plain(
  topic: string,
  { key, value, timestamp, headers = [] }: DriverRecord<unknown, unknown>,
): ScenarioRecord {
  const texts = headers.map(([name, text]) => [name, text ? decodeText(text) : ""] as const);
  const more = { value, timestamp, ...(texts.length > 0 ? { headers: texts } : {}) };
  if (key === null || typeof key !== "object") return { topic, key: key as string | null, ...more };
  const { key: bare, start, end } = key as { key: string; start: number; end: number };
  return { topic, key: bare, window: { start, end }, ...more };
}

/** Equal as JSON, whatever the order of fields. */
function equal(left: unknown, right: unknown): boolean {
  if (Object.is(left, right)) return true;
  if (typeof left !== "object" || typeof right !== "object" || !left || !right) return false;
  const names = Object.keys(left);
  return names.length === Object.keys(right).length &&
    names.every((name) => equal(left[name as never], right[name as never]));
}
