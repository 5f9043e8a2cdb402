/**
 * Ends a kernel whose cell never yields, but only after ■ was pressed: a worker beside the main thread. It also ends a
 * kernel that outlives JupyterLab, which nobody else would.
 *
 * A worker has no notebook to write to, so it leaves its word in a file; JupyterLab's side reads it when
 * the process is gone and puts it into the cell.
 *
 * @module
 */

import process from "node:process";

/** How long the main thread may take to answer once ■ was pressed; together with the rest under three seconds. */
const PATIENCE_MS = 2_000;

const WORD =
  "■ Your cell was in a loop that never pauses, so the kernel had to be ended and starts again.\n" +
  "  What you defined is gone: run the cells above once more. An `await` inside a loop lets ■ stop it gently.\n";

/** How often the file of a pressed ■ is looked for: a learner does not notice. */
const LOOK_EVERY_MS = 100;
/** How often the parent is looked for. */
const PARENT_EVERY_MS = 1_000;

/** What the main thread tells first. */
export interface WatchdogStart {
  /** One 32-bit integer: the newest press of ■ that the main thread has answered. */
  readonly beat: ArrayBufferLike;
  /** File for the word. */
  readonly note: string;
  /** File that appears when ■ is pressed; null where a signal comes instead. */
  readonly stop: string | null;
  /** Process whose end is the kernel's end; null where it lives on. */
  readonly parent: number | null;
}

const scope = globalThis as unknown as {
  postMessage(message: number): void;
  addEventListener(type: "message", listener: (event: MessageEvent<WatchdogStart>) => void): void;
};

scope.addEventListener("message", ({ data }) => {
  const beat = new Int32Array(data.beat);
  let pressed = 0;
  const onPress = () => {
    const press = ++pressed;
    scope.postMessage(press);
    setTimeout(() => {
      if (Atomics.load(beat, 0) >= press) return;
      leaveWord(data.note);
      end();
    }, PATIENCE_MS);
  };
  const { stop, parent } = data;
  if (stop === null) Deno.addSignalListener("SIGINT", onPress);
  else setInterval(() => remove(stop) && onPress(), LOOK_EVERY_MS);
  if (parent !== null) setInterval(() => isGone(parent) && end(), PARENT_EVERY_MS);
  scope.postMessage(0);
});

/** The only way that works from a worker beside a busy main thread. */
function end(): void {
  Deno.kill(Deno.pid, "SIGKILL");
}

/** True when the file was there. */
function remove(file: string): boolean {
  try {
    Deno.removeSync(file);
    return true;
  } catch {
    return false; // not there, or still open where it is written: the next look finds it
  }
}

/** Elsewhere than on Windows an orphan has another parent at once; there its number stays. */
function isGone(parent: number): boolean {
  if (Deno.ppid !== parent) return true;
  try {
    return !process.kill(parent, 0);
  } catch (error) {
    return (error as { readonly code?: string }).code === "ESRCH";
  }
}

/** The kernel ends with or without a word. */
function leaveWord(file: string): void {
  try {
    Deno.mkdirSync(file.slice(0, file.lastIndexOf("/")), { recursive: true });
    Deno.writeTextFileSync(file, WORD);
  } catch { /* a full disk must not keep the loop alive */ }
}
