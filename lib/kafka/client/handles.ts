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
  for (const [signal, code] of closingSignals()) {
    Deno.addSignalListener(signal, () => {
      const late = new Promise((resolve) => setTimeout(resolve, LEAVE_TIMEOUT_MS));
      Promise.race([closeAll(), late]).finally(() => Deno.exit(code));
    });
  }
}

/** What asks a process to end, and its exit code then. Windows has no SIGTERM, and two of its own for Ctrl-Break and a closed window. */
export function closingSignals(
  os: typeof Deno.build.os = Deno.build.os,
): readonly [Deno.Signal, number][] {
  return os === "windows"
    ? [["SIGINT", 130], ["SIGBREAK", 149], ["SIGHUP", 129]]
    : [["SIGINT", 130], ["SIGTERM", 143]];
}

/** Outside a kernel `Deno.jupyter` is there, too, and throws when it is read. */
function inNotebook(): boolean {
  try {
    return Deno.jupyter !== undefined;
  } catch {
    return false;
  }
}
