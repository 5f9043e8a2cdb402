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
/** Of a status; ours are refused by topics above a megabyte, and a batch may unpack to 64. */
const STATUS_BYTES = 1 << 20;
/** Of all workers' statuses as they came: 500 of the largest would fill memory. */
const ALL_BYTES = 1 << 24;
/** Names of counters that are kept; a topology has some hundreds. */
const TOTALS = 10_000;

/**
 * What the status topic of one application says, record by record.
 *
 * Counters of a task start at 0 wherever it is opened; here they are added up, so that they only grow.
 */
export class KnownApp {
  readonly rates: Rates = new Rates();
  readonly #workers = new Map<string, Heard & { readonly bytes: number }>();
  #bytes = 0;
  readonly #totals = new Map<string, number>();
  #app: AppStatus | undefined;

  /** Takes a record of the topic. `isNow` is false for what was there before anybody looked. */
  add(
    key: string,
    value: Uint8Array | null,
    { nowMs, isNow }: { readonly nowMs: number; readonly isNow: boolean },
  ): void {
    if (value === null) return this.#keep(key, undefined);
    const bytes = value.length, status = bytes > STATUS_BYTES ? undefined : readStatus(value);
    if (status?.kind === "topology") this.#app = status;
    else if (status) {
      const before = this.#workers.get(key);
      const room = this.#bytes - (before?.bytes ?? 0) + bytes <= ALL_BYTES;
      if (!room || (!before && this.#workers.size >= WORKERS)) return;
      this.#keep(key, { status, bytes, atMs: isNow ? nowMs : Math.min(status.atMs, nowMs) });
      if (isNow) this.#count(before?.status, status, nowMs);
    }
  }

  #keep(key: string, heard: Heard & { readonly bytes: number } | undefined): void {
    this.#bytes += (heard?.bytes ?? 0) - (this.#workers.get(key)?.bytes ?? 0);
    if (heard) this.#workers.set(key, heard);
    else this.#workers.delete(key);
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
