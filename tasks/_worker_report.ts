/**
 * What `deno task worker` prints.
 *
 * @module
 */
import type { Program } from "../apps/programs.ts";
import { plain, plainJson } from "./_plain.ts";
import { Seldom } from "./_seldom.ts";
import {
  rowsOf,
  type TableRow,
  type Worker,
  type WorkerEvent,
} from "../lib/streams/runtime/mod.ts";

/** Puts events into a learner's words; those that may come by the thousand are told now and then. */
export function reportEvents(print: (line: string) => void): (event: WorkerEvent) => void {
  // Why something failed may quote what stands in a record.
  const say = (line: string) => print(plain(line));
  const seldom = new Seldom(say, { everyMs: 5_000 });
  return (event) => {
    if (event.kind === "assigned") {
      const none = event.isPartial
        ? "waits for tasks that other workers give up"
        : "idle: other workers have all the tasks";
      const { length } = event.tasks;
      say(length > 0 ? `has ${length} tasks: ${event.tasks.join(", ")}` : none);
      const { standbys } = event;
      if (standbys.length > 0) say(`keeps a copy of ${standbys.length}: ${standbys.join(", ")}`);
    } else if (event.kind === "running" && event.restored > 0) {
      say(`task ${event.task} runs, ${event.restored} changelog records restored`);
    } else if (event.kind === "lost") say(`task ${event.task} begins again: ${event.why}`);
    else if (event.kind === "standbyLost") {
      say(`keeps no copy of ${event.task} any more: ${event.why}`);
    } else if (event.kind === "unpublished") {
      say(`the Control Center will not see this worker: ${event.why}`);
    } else if (event.kind === "damaged") {
      say(`task ${event.task} reads its tables again, the file was damaged: ${event.why}`);
    } else if (event.kind === "waiting") {
      seldom.tell("waiting", () => `task ${event.task} waits: ${event.why}`);
    } else if (event.kind === "refused") {
      const { topic, partition, offset, policy, why } = event;
      const what = policy === "skip" ? "skipped" : "put among the dead letters";
      seldom.tell(
        policy,
        (times) =>
          `${times} records ${what}, the last "${topic}" partition ${partition} offset ${offset}: ${why}`,
      );
    } else if (event.kind === "closed") seldom.flush();
    else if (event.kind === "gap") {
      say(
        `topic "${event.topic}" partition ${event.partition}: ` +
          `${
            Math.max(event.to - event.from, 0)
          } records from offset ${event.from} on were deleted before they were read, ` +
          `goes on at ${event.to}`,
      );
    }
  };
}

/** Prints the tables and what was written to each output topic. */
export function reportDrained(worker: Worker, program: Program, asJson: boolean): void {
  const print = asJson
    ? (line: object) => console.log(plainJson(line))
    : (line: object) => console.log(sentence(line as Line));
  for (const table of program.tables) {
    for (const { key, window, value } of sorted([...rowsOf(worker, table)])) {
      print({ table, key, ...(window ? { window } : {}), value });
    }
    const late = program.late?.[table];
    if (late) {
      const rows = [...rowsOf(worker, late)];
      print({ table, late: rows.reduce((sum, { value }) => sum + (value as number), 0) });
    }
  }
  const written = worker.written();
  const outputs = program.topics.slice(1);
  for (const topic of outputs) print({ topic, records: written.get(topic) ?? 0 });
}

interface Line {
  readonly table?: string;
  readonly key?: unknown;
  readonly window?: { readonly start: number; readonly end: number };
  readonly value?: unknown;
  readonly late?: number;
  readonly topic?: string;
  readonly records?: number;
}

function sentence({ table, key, window, value, late, topic, records }: Line): string {
  if (topic !== undefined) return `${topic}: ${records} records written`;
  if (late !== undefined) return `${table}: ${late} records were too late for their window`;
  const time = (ms: number) => new Date(ms).toISOString().slice(0, 19).replace("T", " ");
  const span = window ? `  [${time(window.start)}, ${time(window.end)})` : "";
  return `${table}  ${plainJson(key)}${span}  ${plainJson(value)}`;
}

function sorted(rows: readonly TableRow[]): TableRow[] {
  const name = (row: TableRow) => JSON.stringify(row.key);
  return [...rows].sort((a, b) =>
    (a.window?.start ?? 0) - (b.window?.start ?? 0) || (name(a) < name(b) ? -1 : 1)
  );
}
