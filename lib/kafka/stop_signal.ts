/** Set by whatever runs the cells of a notebook: gives the signal that the stop button aborts. */
const STOP_SIGNAL = Symbol.for("taxi-streams.stop-signal");

/** The caller's own signal, else the stop button's where there is one. */
export function stopSignal(given?: AbortSignal): AbortSignal | undefined {
  const button = (globalThis as { [STOP_SIGNAL]?: () => AbortSignal })[STOP_SIGNAL];
  return given ?? button?.();
}

/** Waits for a promise, or rejects with the signal's reason when that comes first. */
export async function stoppable<T>(promise: Promise<T>, signal?: AbortSignal): Promise<T> {
  if (!signal) return await promise;
  signal.throwIfAborted();
  const stopped = Promise.withResolvers<never>();
  const stop = () => stopped.reject(signal.reason);
  signal.addEventListener("abort", stop, { once: true });
  try {
    return await Promise.race([promise, stopped.promise]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}
