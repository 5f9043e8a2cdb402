/**
 * Watches the resident memory of processes, and says whether it grows.
 *
 * @module
 */
import { lookAt } from "../../lib/cluster/process.ts";
import type { Anomaly } from "./anomalies.ts";

/** The memory of one process at one moment. */
export interface MemorySample {
  readonly atMs: number;
  readonly megabytes: number;
}

/** Looks every second. */
export class MemoryWatch {
  readonly #samples = new Map<number, MemorySample[]>();
  readonly #timer: ReturnType<typeof setInterval>;
  readonly #startMs = performance.now();

  /** @param pids Asked each time: processes come and go. */
  constructor(pids: () => readonly number[]) {
    this.#timer = setInterval(() => {
      for (const pid of pids()) void this.#look(pid);
    }, 1_000);
  }

  /** Ends it; gives the samples of the process that lived longest. */
  stop(): readonly MemorySample[] {
    clearInterval(this.#timer);
    return longest(this.#samples.values());
  }

  async #look(pid: number): Promise<void> {
    const bytes = (await lookAt([pid])).get(pid)?.memoryBytes;
    if (bytes === undefined) return;
    const samples = this.#samples.get(pid) ?? [];
    this.#samples.set(pid, samples);
    samples.push({ atMs: performance.now() - this.#startMs, megabytes: bytes / 2 ** 20 });
  }
}

/** Memory in use after a collection, from what workers said by `sayLiveMemory()`: that of the one that lived longest. */
export function liveMemory(lines: readonly string[]): readonly MemorySample[] {
  const said = lines.filter((line) => line.startsWith('{"live"'))
    .map((line) => JSON.parse(line).live as { pid: number; atMs: number; bytes: number });
  const samples = Map.groupBy(said, ({ pid }) => pid).values()
    .map((its) => its.map(({ atMs, bytes }) => ({ atMs, megabytes: bytes / 2 ** 20 })));
  return longest(samples);
}

function longest(all: Iterable<readonly MemorySample[]>): readonly MemorySample[] {
  return [...all].reduce((most, one) => one.length > most.length ? one : most, []);
}

/**
 * What the samples say: the first minute is for warming up; of a shorter run, its first half. Garbage makes memory
 * rise and fall, so it is the middle value of the last third that counts.
 */
export function memoryFigures(samples: readonly MemorySample[]) {
  const endMs = samples.at(-1)?.atMs ?? 0, warmMs = Math.min(60_000, endMs / 2);
  const sizes = (fromMs: number, toMs: number) =>
    samples.filter(({ atMs }) => atMs >= fromMs && atMs < toMs)
      .map(({ megabytes }) => megabytes);
  return {
    firstMb: Math.max(0, ...sizes(0, warmMs)),
    lastMb: middle(sizes(Math.max(warmMs, endMs * 2 / 3), Infinity)),
    mbPerMinute: usualGrowth(samples.filter(({ atMs }) => atMs >= warmMs)) * 60_000,
  };
}

/** Memory that is more than a fifth above the first minute's. */
export function leakFaults(what: string, samples: readonly MemorySample[]): Anomaly[] {
  const { firstMb, lastMb } = memoryFigures(samples);
  if (lastMb <= firstMb * 1.2) return [];
  const detail = `${what} grew from ${firstMb.toFixed(0)} to ${lastMb.toFixed(0)} MB`;
  return [{ kind: "leak", detail }];
}

/** Into so many parts a run is cut to see in how many of them memory grows. */
const PARTS = 9;

/**
 * How much memory grows from one part of the run to the next, in MB a millisecond: the middle value. What leaks grows in
 * most of them; a heap that V8 makes larger once does in one.
 */
function usualGrowth(samples: readonly MemorySample[]): number {
  const each = Math.max(1, Math.ceil(samples.length / PARTS));
  const parts = Array.from({ length: Math.ceil(samples.length / each) }, (_, part) => {
    const its = samples.slice(part * each, (part + 1) * each);
    const megabytes = middle(its.map((one) => one.megabytes));
    return { atMs: middle(its.map(({ atMs }) => atMs)), megabytes };
  });
  const growth = parts.slice(1).map(({ atMs, megabytes }, before) =>
    (megabytes - parts[before]!.megabytes) / (atMs - parts[before]!.atMs)
  );
  return middle(growth);
}

function middle(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;
}
