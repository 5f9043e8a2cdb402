/**
 * The original's consumer as a process of its own, slow enough to be killed in the middle of its work.
 *
 * Notebook 05 starts it, reads what it prints, and pulls the plug. By hand, in the folder `notebooks`:
 * `deno run -A 05_worker.ts TOPIC GROUP PACE_MS`.
 *
 * @module
 */
import { setTimeout as delay } from "node:timers/promises";
import { connect, consumer } from "../lib/kafka/mod.ts";
import { here } from "../lib/platform/mod.ts";

/** What the worker reads, under which name, and how long it works on each record. */
export interface WorkerOptions {
  readonly topic: string;
  readonly group: string;
  /** Pause after each record, in milliseconds. */
  readonly paceMs: number;
}

/** A worker that runs. */
export interface Worker {
  /** Waits until the worker has printed `count` numbers, or has ended, and gives the first `count` of them. */
  numbers(count: number): Promise<number[]>;
  /** Asks it to end: it commits its place and leaves the group. */
  stop(): Promise<void>;
  /** `kill -9`: the process is gone at once, without a farewell. Does nothing when it has ended. */
  kill(): Promise<void>;
  /** As {@link kill}, so that a lesson can tidy up. */
  close(): Promise<void>;
}

/** Starts a worker as a process of its own. */
export async function startWorker({ topic, group, paceMs }: WorkerOptions): Promise<Worker> {
  const child = await here.spawn(Deno.execPath(), {
    args: ["run", "-A", "--quiet", import.meta.filename!, topic, group, `${paceMs}`],
    input: "piped",
    output: "piped",
    errors: "ours",
  });
  const decoder = new TextDecoder(), output = child.stdout[Symbol.asyncIterator]();
  let printed = "";
  const end = async (ask: () => void) => {
    ask();
    await child.exited;
    await output.return?.();
  };
  const kill = () => end(() => child.kill());
  return {
    async numbers(count) {
      while (printed.split("\n").length <= count) {
        const { value, done } = await output.next();
        if (done) break;
        printed += decoder.decode(value, { stream: true });
      }
      return printed.split("\n").slice(0, -1).slice(0, count).map(Number);
    },
    stop: () => end(() => child.closeInput()),
    kill,
    close: kill,
  };
}

/** The worker itself: print each number, then rest. Its place is committed by itself, every five seconds. */
async function work([topic, group, paceMs]: readonly string[]): Promise<void> {
  const kafka = await connect();
  const reader = await consumer<null, { number: number }>(kafka, {
    group: group!,
    topics: topic!,
    name: "worker",
    autoCommit: { intervalMs: 5_000 },
  });
  const stop = new AbortController(), { signal } = stop;
  if (!Deno.stdin.isTerminal()) void inputEnds().then(() => stop.abort());
  try {
    for await (const record of reader.records({ idleMs: 20_000, signal })) {
      console.log(record.value!.number); // the effect
      await delay(Number(paceMs));
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  await kafka.close();
  Deno.exit(); // its input may still be open
}

/** The request to end that every system has: Windows knows no signal for it. */
async function inputEnds(): Promise<void> {
  for await (const _ of Deno.stdin.readable);
}

if (import.meta.main) await work(Deno.args);
