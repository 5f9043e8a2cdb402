// A browser opens six connections to one server, in all its windows together: streams of records leave two of them free.
const SLOTS = 4;
const PATIENCE_MS = 1_000;

/** What somebody reads whose window has to wait. */
export const WAITS =
  `${SLOTS} windows of this browser already follow records: this one waits until one of them is closed, hidden or paused.`;

/**
 * Opens a stream as soon as fewer than four are open.
 *
 * @param open Returns what closes it.
 * @param waits Called where that takes longer than a moment.
 * @returns What closes it, or stops waiting.
 */
export function openStream(open: () => () => void, waits: () => void): () => void {
  // Pages that came neither from this machine nor over TLS have no locks.
  if (!("locks" in navigator)) return open();
  const ended = Promise.withResolvers<void>(), decided = new AbortController();
  const timer = setTimeout(waits, PATIENCE_MS);
  const opens = async () => {
    if (decided.signal.aborted) return;
    decided.abort();
    clearTimeout(timer);
    const close = open();
    await ended.promise;
    close();
  };
  for (let at = 0; at < SLOTS; at++) {
    navigator.locks.request(`records-${at}`, { signal: decided.signal }, opens).catch(() => {});
  }
  return () => {
    decided.abort();
    clearTimeout(timer);
    ended.resolve();
  };
}
