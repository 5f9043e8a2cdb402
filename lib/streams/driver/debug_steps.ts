/**
 * A program's way through some records, step by step, as plain data that can be drawn: a debugger without a pause.
 *
 * @module
 */
import type {
  DebugEvent,
  DebugRow,
  DebugStep,
  DebugSteps,
  DebugTable,
  TopologyView,
} from "../../views/mod.ts";
import { EncodedValue } from "../state/encoded_value.ts";
import { timeOf } from "../state/layout.ts";
import { timeAt } from "../state/state_key.ts";
import type { TaskStore } from "../state/task_store.ts";
import type { AnyTopic } from "../topology/topic.ts";
import type { Topology } from "../topology/topology.ts";
import { topologyView } from "../topology/topology_view.ts";
import type { Windowed } from "../topology/windowed_serde.ts";
import type { DriverInput } from "./driver_records.ts";
import type { StepTrace, TraceEvent } from "./step_trace.ts";
import { TestDriver, type TestDriverOptions } from "./test_driver.ts";

/** A record to debug with, or a while that passes on the wall clock. */
export type DebugInput =
  | DriverInput<unknown, unknown> & {
    /** Where it is written to. */
    readonly topic: AnyTopic;
  }
  | {
    /** How far the wall clock moves on, in ms: its timers fire. */
    readonly advanceMs: number;
  };

/** Options of {@linkcode debugSteps}. */
export interface DebugOptions extends Omit<TestDriverOptions, "onStep"> {
  /** Whether all records wait before the first is processed, as in a replay. @default false */
  readonly together?: boolean;
  /** Steps kept at most; the others are counted. @default 60 */
  readonly most?: number;
}

/** Rows of a store that a step keeps. */
const MOST_ROWS = 8;

/**
 * Runs a program on records in memory, and writes down each step: the boxes that a record came to, why it was dropped,
 * the rows of all stores after it, and the windows that it closed.
 *
 * @param source The application
 * @param records In the order in which they come
 * @example A record that a filter drops
 * ```ts
 * import assert from "node:assert/strict";
 * import { app, json, string, topic } from "lib/streams/mod.ts";
 * import { debugSteps } from "./debug_steps.ts";
 * const fares = topic("fares", { key: string, value: json<number>(), nullable: false });
 * const dear = app("dear");
 * dear.stream(fares).filter((fare) => fare >= 40).to("dear-fares");
 * const { steps } = await debugSteps(dear, [{ topic: fares, key: "a", value: 7, timestamp: 0 }]);
 * assert.deepEqual(steps[0]?.events.map(({ what, detail }) => [what, detail]), [["dropped", "filtered"]]);
 * ```
 */
export async function debugSteps(
  source: { topology(): Topology } | Topology,
  records: Iterable<DebugInput>,
  options: DebugOptions = {},
): Promise<DebugSteps> {
  const { together = false, most = 60, ...rest } = options;
  const steps: DebugStep[] = [];
  let seen = 0;
  const onStep = (step: StepTrace) => {
    seen += 1;
    if (steps.length < most) steps.push(recorder.step(step));
  };
  using driver = new TestDriver(source, { ...rest, onStep });
  const recorder = new Recorder(driver);
  for (const one of records) {
    if ("advanceMs" in one) {
      await driver.advanceWallClock(one.advanceMs);
      continue;
    }
    const { topic, ...record } = one;
    await (together ? driver.enqueue(topic, record) : driver.pipe(topic, record));
  }
  await driver.run();
  return { topology: recorder.topology, steps, leftOut: seen - steps.length };
}

/** What a row is known by, and what it holds. */
type KnownRow = Pick<DebugRow, "key" | "window" | "fromMs" | "value">;

/** Turns traces into steps: it remembers the rows and times of the step before. */
class Recorder {
  /** What the records walk through. */
  readonly topology: TopologyView;
  readonly #boxes: ReadonlySet<string>;
  /** Greatest time of records that came to a node of a task: windows close by it. */
  readonly #times = new Map<string, number>();
  #rows = new Map<string, ReadonlyMap<string, KnownRow>>();
  #closed = new Set<string>();

  constructor(readonly driver: TestDriver) {
    this.topology = topologyView(driver.topology, { plan: driver.plan });
    this.#boxes = new Set(this.topology.boxes.map(({ id }) => id));
    this.#rows = this.#read();
  }

  step({ task, record, path, streamTime }: StepTrace): DebugStep {
    for (const { node, event, timestamp } of path) {
      if (event !== "received") continue;
      const at = `${task} ${node}`;
      this.#times.set(at, Math.max(this.#times.get(at) ?? -1, timestamp));
    }
    const before = this.#rows, closed: DebugStep["closed"][number][] = [];
    this.#rows = this.#read();
    const tables = [...this.#rows].map(([store, rows]) => {
      const all = changesOf(before.get(store) ?? new Map(), rows);
      for (const [id, { key, window, change }] of all) {
        if (window === null || change === "removed" || this.#closed.has(id)) continue;
        if (!this.#isClosed(store, id, window.end)) continue;
        this.#closed.add(id);
        closed.push({ store, key, ...window });
      }
      return tableOf(store, all.map(([id, row]) => ({ ...row, closed: this.#closed.has(id) })));
    });
    const first = path.find(({ event }) => event === "received");
    return {
      ...{ task, tables, closed, streamTimeMs: streamTime },
      record: record && first
        ? { ...record, key: first.key, value: first.value, timestamp: first.timestamp }
        : null,
      visited: this.#visited(path, record?.topic),
      dropped: path.filter(({ event, reason }) => event === "dropped" && reason !== "buffered")
        .map(({ node }) => node).filter((node) => this.#boxes.has(node)),
      events: path.flatMap((one) => this.#event(one)),
    };
  }

  #visited(path: readonly TraceEvent[], topic: string | undefined): string[] {
    const ids = path.flatMap(({ node, topic }) =>
      topic === undefined ? [node] : [`topic ${topic}`]
    );
    const all = topic === undefined ? ids : [`topic ${topic}`, ...ids];
    return [...new Set(all)].filter((id) => this.#boxes.has(id));
  }

  /** Steps that are not drawn say nothing, unless a record ends there. */
  #event({ node, event, key, value, reason, output, topic }: TraceEvent): DebugEvent[] {
    const told = { node, key, value };
    if (event === "wrote") return [{ ...told, what: "wrote", detail: topic ?? "" }];
    if (event === "dropped") {
      return reason === "buffered"
        ? [{ ...told, what: "held", detail: "" }]
        : [{ ...told, what: "dropped", detail: reason ?? "" }];
    }
    if (event === "received" || !this.#boxes.has(node)) return [];
    return [{ ...told, what: "passed", detail: output ?? "" }];
  }

  /** Every row of every store, by the task and bytes that tell it apart. */
  #read(): Map<string, ReadonlyMap<string, KnownRow>> {
    return new Map(this.driver.topology.stores.map(({ name, global }) => {
      const rows = new Map<string, KnownRow>();
      if (global) {
        for (const [key, value] of this.driver.table(name)) {
          rows.set(JSON.stringify(key), { key, window: null, fromMs: null, value });
        }
      }
      for (const task of this.driver.tasks) {
        const store = global ? undefined : task.stores.get(name);
        for (const [key, row] of store?.all() ?? []) {
          const value = plain(quietly(() => row.value.value));
          rows.set(`${task.name} ${name} ${key}`, { ...rowKey(store!, key), value });
        }
      }
      return [name, rows];
    }));
  }

  #isClosed(store: string, id: string, end: number): boolean {
    const { nodes, stores } = this.driver.topology, [task] = id.split(" ");
    const graceMs = stores.find(({ name }) => name === store)?.graceMs;
    const user = nodes.find((node) => node.stores.includes(store));
    if (graceMs === undefined || user === undefined) return false;
    return (this.#times.get(`${task} ${user.name}`) ?? -1) - graceMs >= end;
  }
}

/** Rows of a store, with what a step did to each. */
function changesOf(
  before: ReadonlyMap<string, KnownRow>,
  after: ReadonlyMap<string, KnownRow>,
): (readonly [string, Omit<DebugRow, "closed">])[] {
  const removed = [...before].filter(([id]) => !after.has(id))
    .map(([id, row]) => [id, { ...row, change: "removed", before: null }] as const);
  const there = [...after].map(([id, row]) => {
    const old = before.get(id);
    if (old === undefined) return [id, { ...row, change: "new", before: null }] as const;
    return text(old.value) === text(row.value)
      ? [id, { ...row, change: null, before: null }] as const
      : [id, { ...row, change: "changed", before: old.value }] as const;
  });
  return [...removed, ...there];
}

/** What changed comes first, and stays when there are too many. */
function tableOf(store: string, rows: readonly DebugRow[]): DebugTable {
  const sorted = rows.toSorted((a, b) => Number(b.change !== null) - Number(a.change !== null));
  return { store, rows: sorted.slice(0, MOST_ROWS), more: Math.max(0, rows.length - MOST_ROWS) };
}

function rowKey(store: TaskStore, key: string): Omit<KnownRow, "value"> {
  const { layout } = store.spec, known = quietly(() => store.decodeKey(key));
  if (layout === "window" || layout === "session") {
    const { key: bare, start, end } = (known ?? { key: null, start: 0, end: 0 }) as Windowed<
      unknown
    >;
    return { key: bare, window: { start, end }, fromMs: null };
  }
  const fromMs = layout === "versioned" ? timeAt(key, key.length - 8) : timeOf(layout, key) ?? null;
  return { key: known, window: null, fromMs };
}

/** The engine's own rows hold values with what it needs to know of them. */
function plain(value: unknown): unknown {
  if (value instanceof EncodedValue) return plain(quietly(() => value.value));
  if (Array.isArray(value) && value[0] instanceof EncodedValue) return plain(value[0]);
  if (typeof value !== "object" || value === null) return value;
  const { value: held, values } = value as { readonly value?: unknown; readonly values?: unknown };
  if (held instanceof EncodedValue) return plain(held);
  if (Array.isArray(values) && values[0] instanceof EncodedValue) return values.map(plain);
  return value;
}

/** What cannot be decoded is null. */
function quietly(read: () => unknown): unknown {
  try {
    return read() ?? null;
  } catch {
    return null;
  }
}

function text(value: unknown): string {
  return JSON.stringify(value, (_, part) => typeof part === "bigint" ? String(part) : part) ?? "";
}
