import { type LateRecord, STALE_MS, type TaskStatus } from "../../../views/mod.ts";
import { counterName, type Heard, type KnownApp } from "./known_app.ts";
import type { AppLine, AppPage, AppState, GroupLine } from "../../contract.ts";

/** When it is, and what the group of that name says. */
export interface AppMoment {
  readonly nowMs: number;
  readonly group: GroupLine | undefined;
}

/** A worker that is not in its group any more needs not be waited for so long. */
const LEFT_MS = 3_000;
/** After so long one that died is no news. */
const FORGOTTEN_MS = 3_600_000;

/** The line of an application in the list. */
export function appLine(app: string, known: KnownApp, moment: AppMoment): AppLine {
  const workers = remembered(known, moment);
  const living = workers.filter((one) => !isGone(one, moment));
  const tasks = living.flatMap(({ status }) => status.tasks);
  return {
    app,
    state: stateOf(workers, living, moment),
    workers: living.length,
    tasks: tasks.length,
    lag: moment.group?.lag ?? null,
    late: dropsOf(tasks).filter(({ reason }) => reason === "late")
      .reduce((sum, { records }) => sum + records, 0),
    perSecond: Math.round(known.rates.perSecond("processed", moment.nowMs)),
  };
}

/** Everything that the page of an application shows. */
export function appPage(app: string, known: KnownApp, moment: AppMoment): AppPage {
  const { topology } = known, workers = remembered(known, moment);
  const living = workers.filter((one) => !isGone(one, moment));
  const tasks = living.flatMap(({ status }) =>
    status.tasks.map((task) => ({ ...task, worker: status.worker }))
  );
  const lags = sums(moment.group?.lags.map(({ topic, lag }) => [topic, lag ?? 0]) ?? []);
  const labels = new Map(topology?.boxes.toReversed().map(({ id, label }) => [id, label]));
  const rows = sums(tasks.flatMap((task) => Object.entries(task.rows)));
  const rate = (counter: { readonly node: string; readonly of: "received" | "emitted" }) =>
    known.rates.perSecond(counterName(counter.node, counter.of), moment.nowMs);
  return {
    ...appLine(app, known, moment),
    guarantee: living[0]?.status.guarantee ?? null,
    boxes: (topology?.boxes ?? []).map((box) => ({
      ...box,
      partitions: box.kind === "topic" ? topology!.partitions[box.label] ?? null : null,
    })),
    arrows: (topology?.arrows ?? []).map(({ counter, ...arrow }) => ({
      ...arrow,
      perSecond: counter ? Math.round(rate(counter) * 10) / 10 : null,
      lag: arrow.from.startsWith("topic ")
        ? lags.get(arrow.from.slice("topic ".length)) ?? null
        : null,
    })),
    tables: (topology?.stores ?? []).map((store) => ({
      ...store,
      rows: rows.get(store.name) ?? null,
    })),
    people: workers.map((one) => ({
      worker: one.status.worker,
      name: one.status.name,
      host: one.status.host,
      process: one.status.process,
      state: isGone(one, moment) ? "gone" as const : one.status.state,
      heardMs: one.atMs,
      tasks: one.status.tasks.map(({ task }) => task),
    })),
    owned: tasks.map(({ nodes: _, rows, inputs, ...task }) => ({
      ...task,
      inputs,
      stores: Object.keys(rows),
      lag: inputs.reduce((sum, { lag }) => sum + (lag ?? 0), 0),
    })).sort((a, b) => a.task.localeCompare(b.task, "en", { numeric: true })),
    standbys: living.flatMap(({ status: { worker, standbys } }) =>
      standbys.map(({ task, state, lag }) => ({ task, worker, state, lag }))
    ).sort((a, b) => a.task.localeCompare(b.task, "en", { numeric: true })),
    drops: dropsOf(tasks).map((drop) => ({
      ...drop,
      step: labels.get(drop.node) ?? drop.node,
    })),
  };
}

/** Whether a worker died without a word: it has left its group, or has been silent for too long. */
export function isGone({ status, atMs }: Heard, { nowMs, group }: AppMoment): boolean {
  const silentMs = nowMs - atMs;
  if (silentMs > STALE_MS) return true;
  const settled = group === undefined || group.state === "Stable" || group.state === "Empty";
  const isMember = group?.members.some(({ memberId }) => memberId === status.memberId) ?? false;
  return silentMs > LEFT_MS && settled && !isMember;
}

function remembered({ workers }: KnownApp, { nowMs }: AppMoment): Heard[] {
  return workers.filter(({ atMs }) => nowMs - atMs < FORGOTTEN_MS);
}

function stateOf(
  workers: readonly Heard[],
  living: readonly Heard[],
  { group }: AppMoment,
): AppState {
  if (living.length === 0) return workers.length > 0 ? "gone" : "stopped";
  const states = living.map(({ status }) => status.state);
  if (group?.state.endsWith("Rebalance") || states.includes("rebalancing")) return "rebalancing";
  return states.includes("restoring") ? "restoring" : "running";
}

/** What was dropped where and why, late records first, then the most. */
function dropsOf(tasks: readonly TaskStatus[]) {
  type Sum = { node: string; reason: string; records: number; latest: LateRecord | null };
  const sums = new Map<string, Sum>();
  for (const { nodes } of tasks) {
    for (const [node, { dropped, late = null }] of Object.entries(nodes)) {
      for (const [reason, records] of Object.entries(dropped)) {
        const sum = sums.get(`${node} ${reason}`) ?? { node, reason, records: 0, latest: null };
        const newest = (late?.timestamp ?? -1) > (sum.latest?.timestamp ?? -1) ? late : sum.latest;
        const latest = reason === "late" ? newest : null;
        sums.set(`${node} ${reason}`, { ...sum, records: sum.records + records, latest });
      }
    }
  }
  const isLate = (reason: string) => Number(reason === "late");
  return [...sums.values()].sort((a, b) =>
    isLate(b.reason) - isLate(a.reason) || b.records - a.records
  );
}

/** Numbers added up by name. */
function sums(pairs: readonly (readonly [name: string, number: number])[]) {
  const all = new Map<string, number>();
  for (const [name, number] of pairs) all.set(name, (all.get(name) ?? 0) + number);
  return all;
}
