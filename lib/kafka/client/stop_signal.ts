/** Set by whatever runs the cells of a notebook: gives the signal that the stop button aborts. */
const STOP_SIGNAL = Symbol.for("taxi-streams.stop-signal");

/** The caller's own signal, else the stop button's where there is one. */
export function stopSignal(given?: AbortSignal): AbortSignal | undefined {
  const button = (globalThis as { [STOP_SIGNAL]?: () => AbortSignal })[STOP_SIGNAL];
  return given ?? button?.();
}
