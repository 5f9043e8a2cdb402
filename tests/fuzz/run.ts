/** Runs the fuzzer on a thread of its own, so that an input that never ends can be seen, kept and ended. */
import { corpusOf } from "./corpus.ts";
import { type Finding } from "./target.ts";
import type { FromThread, ToThread } from "./thread.ts";
import { TARGETS } from "./targets/mod.ts";
import { MOST_INPUT_BYTES } from "./mutate.ts";
import { SHARED } from "./shared.ts";

/** What a run is to do. */
export interface RunOptions {
  readonly seed: number;
  /** Names of decoders. @default all */
  readonly only?: readonly string[];
  /** Ends the run. */
  readonly signal: AbortSignal;
  /** Called about every second. */
  readonly onProgress?: (tried: ReadonlyMap<string, number>) => void;
  readonly onFinding: (finding: Finding) => Promise<void>;
}

/** After so long on one input it counts as one that never ends: others take microseconds. */
const HANGS_MS = 60_000;
/** Far above what lies about until the next collection; an input that makes gigabytes is seen all the same. */
const MOST_RSS_BYTES = 2 ** 32;
const LOOK_EVERY_MS = 1_000;

/** Tries inputs until it is told to end. @returns Decoder -> how many were tried */
export async function run(options: RunOptions): Promise<ReadonlyMap<string, number>> {
  const tried = new Map<string, number>();
  const targets = TARGETS.filter(({ name }) => !options.only || options.only.includes(name));
  let { seed } = options, left = targets.map(({ name }) => name);
  while (!options.signal.aborted && left.length > 0) {
    const hung = await oneThread({ ...options, seed: seed++, names: left, tried });
    // Its other inputs wait behind the one that hangs.
    left = left.filter((name) => name !== hung);
  }
  return tried;
}

/** @returns The decoder that an input keeps busy for ever; undefined at the end of the run */
async function oneThread(
  { names, seed, tried, signal, onProgress, onFinding }: RunOptions & {
    readonly names: readonly string[];
    readonly tried: Map<string, number>;
  },
): Promise<string | undefined> {
  const shared = new SharedArrayBuffer(SHARED.bytes + MOST_INPUT_BYTES);
  const counters = new Int32Array(shared, 0, 3);
  const thread = new Worker(new URL("./thread.ts", import.meta.url), { type: "module" });
  const ended = Promise.withResolvers<string | undefined>();
  thread.onerror = (event) => {
    event.preventDefault();
    ended.reject(new Error(`Cannot go on: ${event.message}`));
  };
  let told = Promise.resolve();
  thread.onmessage = ({ data }: MessageEvent<FromThread>) => {
    for (const [name, count] of data.tried) tried.set(name, (tried.get(name) ?? 0) + count);
    for (const finding of data.findings) told = told.then(() => onFinding(finding));
  };
  const corpus = await Promise.all(names.map(corpusOf));
  thread.postMessage({ names, seed, corpus, shared } satisfies ToThread);

  let begun = 0, sinceMs = performance.now();
  const lastInput = () => {
    const bytes = new Uint8Array(shared, SHARED.bytes, counters[SHARED.length]);
    return { target: names[counters[SHARED.target]!]!, input: new Uint8Array(bytes) };
  };
  const look = setInterval(async () => {
    onProgress?.(tried);
    const now = Atomics.load(counters, SHARED.begun), nowMs = performance.now();
    if (now !== begun) [begun, sinceMs] = [now, nowMs];
    const { rss } = Deno.memoryUsage();
    const why = nowMs - sinceMs > HANGS_MS
      ? `did not end within ${HANGS_MS / 1_000} s`
      : rss > MOST_RSS_BYTES
      ? `the process takes ${rss >> 20} MB (the input is the last one, the fault may be before it)`
      : undefined;
    if (why === undefined) return;
    clearInterval(look);
    const last = lastInput();
    await onFinding({ ...last, why });
    ended.resolve(last.target);
  }, LOOK_EVERY_MS);
  const stop = () => ended.resolve(undefined);
  signal.addEventListener("abort", stop);
  if (signal.aborted) stop();
  try {
    return await ended.promise;
  } finally {
    clearInterval(look);
    signal.removeEventListener("abort", stop);
    thread.terminate();
    await told;
  }
}
