import type {
  AppStatus,
  InputStatus,
  NodeCounts,
  StandbyStatus,
  StoreView,
  TaskStatus,
  TopologyArrow,
  TopologyBox,
  TopologyView,
  WorkerStatus,
} from "../../../views/mod.ts";
import { visible } from "../records/visible.ts";

type Fields = Readonly<Record<string, unknown>>;

const MOST = { items: 2_000, chars: 300 };

/**
 * Reads what somebody wrote to a status topic: known fields only, of the right kind, of bounded size.
 *
 * @returns undefined when it is not a status: anybody may write to a topic, and any topic may end in `-status`.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { readStatus } from "./read_status.ts";
 * assert.equal(readStatus(new TextEncoder().encode('{"kind":"worker","tasks":7}')), undefined);
 * ```
 */
export function readStatus(bytes: Uint8Array): AppStatus | WorkerStatus | undefined {
  try {
    const status = fields(JSON.parse(new TextDecoder().decode(bytes)));
    if (status.kind === "worker") return worker(status);
    if (status.kind !== "topology") return undefined;
    return { kind: "topology", topology: topology(status.topology), atMs: number(status.atMs) };
  } catch {
    return undefined;
  }
}

function worker(given: Fields): WorkerStatus {
  return {
    kind: "worker",
    app: text(given.app),
    worker: text(given.worker),
    name: text(given.name),
    host: text(given.host),
    process: number(given.process),
    memberId: given.memberId === null ? null : text(given.memberId),
    guarantee: text(given.guarantee),
    server: typeof given.server === "string" ? text(given.server) : null,
    state: oneOf(given.state, ["rebalancing", "restoring", "running"]),
    startedMs: number(given.startedMs),
    atMs: number(given.atMs),
    tasks: list(given.tasks, task),
    // Workers of an earlier version say nothing of them.
    standbys: given.standbys === undefined ? [] : list(given.standbys, standby),
  };
}

function task(given: Fields): TaskStatus {
  const { restored } = given;
  return {
    task: text(given.task),
    state: oneOf(given.state, ["restoring", "running"]),
    ...(restored === undefined ? {} : {
      restored: {
        records: number(fields(restored).records),
        total: numberOrNull(fields(restored).total),
      },
    }),
    processed: number(given.processed),
    errors: number(given.errors),
    streamTimeMs: number(given.streamTimeMs),
    inputs: list(given.inputs, (one): InputStatus => ({
      topic: text(one.topic),
      partition: number(one.partition),
      lag: numberOrNull(one.lag),
      position: numberOrNull(one.position ?? null),
    })),
    nodes: record(given.nodes, counts),
    rows: record(given.rows, number),
  };
}

function counts(value: unknown): NodeCounts {
  const { received, emitted, dropped, late } = fields(value);
  return {
    received: number(received),
    emitted: number(emitted),
    dropped: record(dropped, number),
    ...(late === undefined ? {} : {
      late: { timestamp: number(fields(late).timestamp), lateMs: number(fields(late).lateMs) },
    }),
  };
}

function standby(given: Fields): StandbyStatus {
  return {
    task: text(given.task),
    state: oneOf(given.state, ["restoring", "running"]),
    lag: numberOrNull(given.lag),
    rows: record(given.rows, number),
  };
}

function topology(value: unknown): TopologyView {
  const given = fields(value);
  return {
    app: text(given.app),
    boxes: list(given.boxes, (one): TopologyBox => ({
      id: text(one.id),
      kind: oneOf(one.kind, ["topic", "step", "store"]),
      label: text(one.label),
      subTopology: numberOrNull(one.subTopology),
    })),
    arrows: list(given.arrows, arrow),
    stores: list(given.stores, (one): StoreView => ({
      name: text(one.name),
      changelog: one.changelog === null ? null : text(one.changelog),
      layout: text(one.layout),
      ...(one.sizeMs === undefined ? {} : { sizeMs: number(one.sizeMs) }),
      ...(one.graceMs === undefined ? {} : { graceMs: number(one.graceMs) }),
      ...(one.global === true ? { global: true } : {}),
    })),
    partitions: record(given.partitions, number),
  };
}

function arrow(given: Fields): TopologyArrow {
  const { counter, output } = given;
  return {
    from: text(given.from),
    to: text(given.to),
    kind: oneOf(given.kind, ["flow", "state"]),
    ...(output === undefined ? {} : { output: text(output) }),
    ...(counter === undefined ? {} : {
      counter: {
        node: text(fields(counter).node),
        of: oneOf(fields(counter).of, ["received", "emitted"]),
      },
    }),
  };
}

function fields(value: unknown): Fields {
  if (typeof value === "object" && value !== null) return value as Fields;
  throw new TypeError("Cannot read a status: not an object");
}

function list<T>(value: unknown, read: (one: Fields) => T): T[] {
  if (!Array.isArray(value)) throw new TypeError("Cannot read a status: not a list");
  return value.slice(0, MOST.items).map((one) => read(fields(one)));
}

function record<T>(value: unknown, read: (one: unknown) => T): Record<string, T> {
  const entries = Object.entries(fields(value)).slice(0, MOST.items);
  return Object.fromEntries(entries.map(([name, one]) => [text(name), read(one)]));
}

function text(value: unknown): string {
  if (typeof value === "string") return visible(value.slice(0, MOST.chars));
  throw new TypeError("Cannot read a status: not a text");
}

function number(value: unknown): number {
  if (typeof value === "number" && Math.abs(value) <= Number.MAX_SAFE_INTEGER) return value;
  throw new TypeError("Cannot read a status: not a number");
}

function numberOrNull(value: unknown): number | null {
  return value === null ? null : number(value);
}

function oneOf<const T extends string>(value: unknown, known: readonly T[]): T {
  const found = known.find((one) => one === value);
  if (found) return found;
  throw new TypeError("Cannot read a status: not a known word");
}
