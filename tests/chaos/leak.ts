/**
 * What a worker does for rows that watch memory.
 *
 * @module
 */

/** Keeps a megabyte every tenth of a second when `LEAK` is set: the control of rows that watch memory. */
export function leakIfTold(): void {
  if (Deno.env.get("LEAK") === undefined) return;
  const kept: Uint8Array[] = [];
  setInterval(() => kept.push(new Uint8Array(1 << 20).fill(1)), 100);
}

/** How often {@link sayLiveMemory} collects garbage. */
const COLLECT_EVERY_MS = 2_000;

/** Says every two seconds what is in use after a collection, if V8 was started with `--expose-gc`. */
export function sayLiveMemory(): void {
  const { gc } = globalThis as { gc?: () => void };
  if (gc === undefined) return;
  setInterval(() => {
    gc();
    const { heapUsed, external } = Deno.memoryUsage();
    const live = { pid: Deno.pid, atMs: performance.now(), bytes: heapUsed + external };
    console.log(JSON.stringify({ live }));
  }, COLLECT_EVERY_MS);
}
