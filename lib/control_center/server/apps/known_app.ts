import type { AppStatus, TaskStatus, TopologyView, WorkerStatus } from "../../../views/mod.ts";
import { Rates } from "./rates.ts";
import { readStatus } from "./read_status.ts";

/** A worker's newest word, and when it came. */
export interface Heard {
  readonly status: WorkerStatus;
  /** By this machine's clock, where it was there to hear it. */
  readonly atMs: number;
}

const WORKERS = 500;
/** Names of counters that are kept; a topology has some hundreds. */
const TOTALS = 10_000;

/**
 * What the status topic of one application says, record by record.
 *
 * Counters of a task start at 0 wherever it is opened; here they are added up, so that they only grow.
 */
export class KnownApp {
  readonly rates: Rates = new Rates();
  readonly #workers = new Map<string, Heard>();
  readonly #totals = new Map<string, number>();
  #app: AppStatus | undefined;

  /** Takes a record of the topic. `isNow` is false for what was there before anybody looked. */
  add(
    key: string,
    value: Uint8Array | null,
    { nowMs, isNow }: { readonly nowMs: number; readonly isNow: boolean },
  ): void {
    const status = value === null ? null : readStatus(value);
    if (status === null) this.#workers.delete(key);
    else if (status?.kind === "topology") this.#app = status;
    else if (status && (this.#workers.has(key) || this.#workers.size < WORKERS)) {
      const before = this.#workers.get(key)?.status;
      this.#workers.set(key, { status, atMs: isNow ? nowMs : Math.min(status.atMs, nowMs) });
      if (isNow) this.#count(before, status, nowMs);
    }
  }

  /** How the program looks; undefined before anybody said so. */
  get topology(): TopologyView | undefined {
    return this.#app?.topology;
  }

  /** By name. */
  get workers(): readonly Heard[] {
    return [...this.#workers.values()].sort((a, b) => a.status.name < b.status.name ? -1 : 1);
  }

  #count(before: WorkerStatus | undefined, now: WorkerStatus, nowMs: number): void {
    // What a worker did before it was first heard of is no news.
    if (before) {
      const counted = new Map(before.tasks.map((one) => [one.task, countersOf(one)]));
      for (const task of now.tasks) {
        const old = counted.get(task.task);
        for (const [name, count] of countersOf(task)) {
          const was = old?.get(name) ?? 0;
          const more = count >= was ? count - was : count;
          if (this.#totals.size < TOTALS || this.#totals.has(name)) {
            this.#totals.set(name, (this.#totals.get(name) ?? 0) + more);
          }
        }
      }
    }
    this.rates.add(new Map(this.#totals), nowMs);
  }
}

/** Names of counters, as {@link KnownApp.rates} knows them. */
export function counterName(node: string, of: "received" | "emitted"): string {
  return `${of} ${node}`;
}

function countersOf({ nodes, processed }: TaskStatus): Map<string, number> {
  const counters = new Map([["processed", processed]]);
  for (const [node, { received, emitted }] of Object.entries(nodes)) {
    counters.set(counterName(node, "received"), received);
    counters.set(counterName(node, "emitted"), emitted);
  }
  return counters;
}
