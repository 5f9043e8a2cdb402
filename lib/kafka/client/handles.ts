/** Something that lives until it is closed, such as a member of a group. */
export interface Handle {
  close(): Promise<void>;
}

/** Time a signal leaves for committing and leaving the groups. */
const LEAVE_TIMEOUT_MS = 1_500;

const live = new Map<string, Handle>();
let listening = false;

/**
 * Makes `key` free: running a notebook's cell again closes the handle that it made before, which nobody could reach
 * any more.
 */
export async function closeOlder(key: string): Promise<void> {
  await live.get(key)?.close();
}

/** Keeps a handle under its key; gives the function that forgets it. */
export function keep(key: string, handle: Handle): () => void {
  live.set(key, handle);
  return () => {
    if (live.get(key) === handle) live.delete(key);
  };
}

/** Closes every consumer of this process: each commits what it has processed and leaves its group. */
export async function closeAll(): Promise<void> {
  await Promise.allSettled([...live.values()].map((handle) => handle.close()));
}

/**
 * From now on Ctrl-C and SIGTERM close all handles before the process ends (130 and 143).
 *
 * Not inside a notebook: there SIGINT is the stop button, and the kernel goes on.
 */
export function closeOnSignals(): void {
  if (listening || inNotebook()) return;
  listening = true;
  const signals: readonly [Deno.Signal, number][] = [["SIGINT", 130], ["SIGTERM", 143]];
  for (const [signal, code] of signals) {
    if (Deno.build.os === "windows" && signal === "SIGTERM") continue;
    Deno.addSignalListener(signal, () => {
      const late = new Promise((resolve) => setTimeout(resolve, LEAVE_TIMEOUT_MS));
      Promise.race([closeAll(), late]).finally(() => Deno.exit(code));
    });
  }
}

/** Outside a kernel `Deno.jupyter` is there, too, and throws when it is read. */
function inNotebook(): boolean {
  try {
    return Deno.jupyter !== undefined;
  } catch {
    return false;
  }
}
