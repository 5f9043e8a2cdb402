/**
 * From a scenario's steps to an application, through the DSL that everybody uses.
 *
 * @module
 */
import { type App, app } from "../../lib/streams/dsl/app.ts";
import { GlobalTable } from "../../lib/streams/dsl/global_table.ts";
import { GroupedStream } from "../../lib/streams/dsl/grouped_stream.ts";
import { GroupedTable } from "../../lib/streams/dsl/grouped_table.ts";
import { Stream } from "../../lib/streams/dsl/stream.ts";
import { Table } from "../../lib/streams/dsl/table.ts";
import type { TableOptions } from "../../lib/streams/dsl/build/tables.ts";
import type { SessionWindowed, TimeWindowed } from "../../lib/streams/dsl/windowed_stream.ts";
import {
  hopping,
  session,
  sliding,
  tumbling,
  type Windows,
} from "../../lib/streams/operators/windows.ts";
import { json, string } from "../../lib/serde/mod.ts";
import { type Topic, topic } from "../../lib/streams/topology/topic.ts";
import { aggregate, aggregationOf } from "./aggregates.ts";
import type { Scenario, Step } from "./scenario.ts";
import { fieldOf, holds, keyOf, stamped, type Value } from "./values.ts";

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
  if (step.op === "table") return built.table(source!, keptAs(step));
  if (step.op === "globalTable") return built.globalTable(source!);
  const of = find(made, step.of, step);
  if (of instanceof Stream) return streamStep(of, step, made);
  if (of instanceof Table) return tableStep(of, step, made);
  if (of instanceof GlobalTable) throw unknown(step);
  return groupedStep(of, step, made);
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
    case "filterNot":
      return of.filterNot((value) => holds(step.where, value));
    case "mapValues":
      return of.mapValues((value) => fieldOf(value, field));
    case "stamp":
      return of.mapValues((value, record) => stamped(value, record));
    case "repartition":
      return of.repartition();
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
      return step.generated ? of.toTable() : of.toTable(step.store ?? step.id, keptAs(step));
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
  const options = step.grace === undefined ? {} : { graceMs: step.grace };
  return type === "left" ? of.leftJoin(table, both, options) : of.join(table, both, options);
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
  const options = step.store === undefined ? {} : { store: step.store };
  switch (step.op) {
    case "filter":
      return of.filter((value) => holds(step.where, value), options);
    case "filterNot":
      return of.filterNot((value) => holds(step.where, value), options);
    case "mapValues":
      return of.mapValues((value) => fieldOf(value, field), options);
    case "stamp":
      return of.transformValues(step.id!, () => stamped, options);
    case "groupBy":
      return of.groupBy(
        step.id!,
        (value) => ({ key: keyOf(value, field)!, value }),
        { key: string },
      );
    case "suppress": {
      const { most: maxRecords = Infinity, limit: limitMs = 0 } = step;
      return step.until === "timeLimit"
        ? of.suppress({ until: "timeLimit", limitMs, maxRecords })
        : of.suppress({ until: "windowCloses" });
    }
    case "tableJoin": {
      const other = find(made, step.with, step) as Table<string, Value>;
      if (type === "outer") return of.outerJoin(other, both, options);
      return type === "left" ? of.leftJoin(other, both, options) : of.join(other, both, options);
    }
    case "foreignKeyJoin": {
      const other = find(made, step.with, step) as Table<string, Value>;
      const foreignKey = (value: Value) => keyOf(value, field);
      return type === "left"
        ? of.leftJoin(other, foreignKey, both, options)
        : of.join(other, foreignKey, both, options);
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
  made: Map<string, Made>,
): Made {
  if (of instanceof GroupedStream) {
    if (step.op === "cogroup") return cogroup(of, find(made, step.with, step) as typeof of, step);
    const windows = windowsOf(step);
    if (windows?.kind === "session") return of.windowedBy(windows);
    if (windows) return of.windowedBy(windows);
  }
  const result = aggregate(of, step);
  if (result) return result;
  throw unknown(step);
}

/** The sum of one stream's field, and one for each record of the other. */
function cogroup(of: GroupedStream<string, Value>, other: typeof of, step: Step): Made {
  const { init, add, merge } = aggregationOf("sum", step.field)!;
  const both = of.cogroup<Value>(add)
    .cogroup(other, (sum) => sum + 1);
  const windows = step.windows && windowsOf(step.windows);
  if (!windows) return both.aggregate(step.id!, init);
  const { retention } = step;
  const options = {
    ...(windows.kind === "session" ? { merge } : {}),
    ...(retention === undefined ? {} : { retentionMs: retention }),
  };
  const table = both.windowedBy(windows).aggregate(step.id!, init, options);
  return table as unknown as Table<string, Value>;
}

function windowsOf(step: Step): Windows | undefined {
  const { size = 0, advance = size, difference = 0, gap = 0, grace = 0 } = step;
  switch (step.op) {
    case "tumbling":
      return tumbling({ sizeMs: size, graceMs: grace });
    case "hopping":
      return hopping({ sizeMs: size, advanceMs: advance, graceMs: grace });
    case "sliding":
      return sliding({ differenceMs: difference, graceMs: grace });
    case "session":
      return session({ gapMs: gap, graceMs: grace });
    default:
      return undefined;
  }
}

/** How a table of a topic or stream is kept. */
function keptAs({ store, id, versioned }: Step): TableOptions<string, Value> {
  return {
    ...(store === undefined && versioned === undefined ? {} : { name: store ?? id }),
    ...(versioned === undefined ? {} : { versionedMs: versioned }),
  };
}

function find(made: Map<string, Made>, id: string | undefined, step: Step): Made {
  const found = id === undefined ? undefined : made.get(id);
  if (found) return found;
  throw new TypeError(`Cannot build step "${step.op}": there is no step "${id}" before it`);
}

function unknown(step: Step): TypeError {
  return new TypeError(`Cannot build step "${step.op}" on "${step.of}": no such operation there`);
}
