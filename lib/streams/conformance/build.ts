/**
 * From a scenario's steps to an application, through the DSL that everybody uses.
 *
 * @module
 */
import { type App, app } from "../dsl/app.ts";
import { GlobalTable } from "../dsl/global_table.ts";
import { GroupedStream } from "../dsl/grouped_stream.ts";
import { GroupedTable } from "../dsl/grouped_table.ts";
import { Stream } from "../dsl/stream.ts";
import { Table } from "../dsl/table.ts";
import type { SessionWindowed, TimeWindowed } from "../dsl/windowed_stream.ts";
import { hopping, session, sliding, tumbling } from "../operators/windows.ts";
import { json, string } from "../../serde/mod.ts";
import { type Topic, topic } from "../topology/topic.ts";
import { aggregate } from "./aggregates.ts";
import type { Scenario, Step } from "./scenario.ts";
import { fieldOf, holds, keyOf, type Value } from "./values.ts";

/** Anything a step can make. */
export type Made =
  | Stream<string | null, Value>
  | Table<string, Value>
  | GlobalTable<string, Value>
  | GroupedStream<string, Value>
  | GroupedTable<string, Value>
  | TimeWindowed<string, Value>
  | SessionWindowed<string, Value>;

const both = (left: Value, right: Value): Value => ({ left: left ?? null, right: right ?? null });

/** A topic of a scenario: text keys, JSON values. */
export function scenarioTopic(name: string): Topic<string, Value> {
  return topic(name, { key: string, value: json<Value>() });
}

/** Builds the application of a scenario. @throws {TypeError} If a step cannot be understood */
export function buildScenario(scenario: Scenario): App {
  const built = app(`conformance-${scenario.name}`);
  const made = new Map<string, Made>();
  for (const step of scenario.topology) {
    const result = makeStep(built, step, made);
    if (result && step.id !== undefined) made.set(step.id, result);
  }
  return built;
}

function makeStep(built: App, step: Step, made: Map<string, Made>): Made | undefined {
  const source = step.topic !== undefined ? scenarioTopic(step.topic) : undefined;
  if (step.op === "stream") return built.stream(source!);
  if (step.op === "table") return built.table(source!);
  if (step.op === "globalTable") return built.globalTable(source!);
  const of = find(made, step.of, step);
  if (of instanceof Stream) return streamStep(of, step, made);
  if (of instanceof Table) return tableStep(of, step, made);
  if (of instanceof GlobalTable) throw unknown(step);
  return groupedStep(of, step);
}

function streamStep(
  of: Stream<string | null, Value>,
  step: Step,
  made: Map<string, Made>,
): Made | undefined {
  const { field = "" } = step;
  const other = () => find(made, step.with, step);
  switch (step.op) {
    case "filter":
      return of.filter((value) => holds(step.where, value));
    case "mapValues":
      return of.mapValues((value) => fieldOf(value, field));
    case "flatMapValues":
      return of.flatMapValues((value) => (fieldOf(value, field) ?? []) as Iterable<Value>);
    case "selectKey":
      return of.selectKey((value) => keyOf(value, field), { key: string });
    case "merge":
      return of.merge(other() as typeof of);
    case "branch": {
      const arms = step.arms ?? [];
      const branches = of.branch(...arms.map((arm) => (value: Value) => holds(arm.where, value)));
      arms.forEach((arm, at) => made.set(arm.id, branches[at]!));
      return undefined;
    }
    case "groupByKey":
      return of.groupByKey();
    case "groupBy": {
      return of.groupBy(step.id!, (value) => keyOf(value, field), { key: string });
    }
    case "tableLookup":
      return lookup(of, other(), step);
    case "streamJoin":
      return joinStreams(of, other() as typeof of, step);
    case "toTable":
      return of.toTable(step.id);
    case "toStream":
      return of;
    case "to":
      of.to(step.topic!);
      return undefined;
  }
  throw unknown(step);
}

function lookup(of: Stream<string | null, Value>, other: Made, step: Step): Made {
  const { type = "inner" } = step;
  if (other instanceof GlobalTable) {
    const key = (value: Value, { key }: { key: string | null }) =>
      step.field === undefined ? key : keyOf(value, step.field);
    return type === "left" ? of.leftJoin(other, key, both) : of.join(other, key, both);
  }
  const table = other as Table<string, Value>;
  return type === "left" ? of.leftJoin(table, both) : of.join(table, both);
}

function joinStreams(
  of: Stream<string | null, Value>,
  other: Stream<string | null, Value>,
  step: Step,
): Made {
  const { before = 0, after = 0, grace = 0, type = "inner" } = step;
  const within = { beforeMs: before, afterMs: after, graceMs: grace };
  if (type === "outer") return of.outerJoin(other, both, within);
  return type === "left" ? of.leftJoin(other, both, within) : of.join(other, both, within);
}

function tableStep(
  of: Table<string, Value>,
  step: Step,
  made: Map<string, Made>,
): Made | undefined {
  const { field = "", type = "inner" } = step;
  switch (step.op) {
    case "filter":
      return of.filter((value) => holds(step.where, value));
    case "mapValues":
      return of.mapValues((value) => fieldOf(value, field));
    case "groupBy":
      return of.groupBy(
        step.id!,
        (value) => ({ key: keyOf(value, field)!, value }),
        { key: string },
      );
    case "suppress":
      return step.until === "timeLimit"
        ? of.suppress({ until: "timeLimit", limitMs: step.limit ?? 0 })
        : of.suppress({ until: "windowCloses" });
    case "tableJoin": {
      const other = find(made, step.with, step) as Table<string, Value>;
      if (type === "outer") return of.outerJoin(other, both);
      return type === "left" ? of.leftJoin(other, both) : of.join(other, both);
    }
    case "toStream":
      return of.toStream();
    case "to":
      of.toStream().to(step.topic!);
      return undefined;
  }
  throw unknown(step);
}

function groupedStep(
  of: Exclude<Made, Stream<string | null, Value> | Table<string, Value>>,
  step: Step,
): Made {
  const { size = 0, advance = size, difference = 0, gap = 0, grace = 0 } = step;
  if (of instanceof GroupedStream) {
    switch (step.op) {
      case "tumbling":
        return of.windowedBy(tumbling({ sizeMs: size, graceMs: grace }));
      case "hopping":
        return of.windowedBy(hopping({ sizeMs: size, advanceMs: advance, graceMs: grace }));
      case "sliding":
        return of.windowedBy(sliding({ differenceMs: difference, graceMs: grace }));
      case "session":
        return of.windowedBy(session({ gapMs: gap, graceMs: grace }));
    }
  }
  const result = aggregate(of, step);
  if (result) return result;
  throw unknown(step);
}

function find(made: Map<string, Made>, id: string | undefined, step: Step): Made {
  const found = id === undefined ? undefined : made.get(id);
  if (found) return found;
  throw new TypeError(`Cannot build step "${step.op}": there is no step "${id}" before it`);
}

function unknown(step: Step): TypeError {
  return new TypeError(`Cannot build step "${step.op}" on "${step.of}": no such operation there`);
}
