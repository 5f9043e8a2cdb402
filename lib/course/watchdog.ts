/**
 * Ends a kernel whose cell never yields, but only after ■ was pressed: a worker beside the main thread.
 *
 * A worker has no notebook to write to, so it leaves its word in a file; JupyterLab's side reads it when
 * the process is gone and puts it into the cell.
 *
 * @module
 */

/** How long the main thread may take to answer once ■ was pressed; together with the rest under three seconds. */
const PATIENCE_MS = 2_000;

const WORD =
  "■ Your cell was in a loop that never pauses, so the kernel had to be ended and starts again.\n" +
  "  What you defined is gone: run the cells above once more. An `await` inside a loop lets ■ stop it gently.\n";

interface Start {
  readonly beat: ArrayBufferLike;
  readonly note: string;
}

const scope = globalThis as unknown as {
  postMessage(message: number): void;
  addEventListener(type: "message", listener: (event: MessageEvent<Start>) => void): void;
};

scope.addEventListener("message", ({ data }) => {
  const beat = new Int32Array(data.beat);
  let pressed = 0;
  Deno.addSignalListener("SIGINT", () => {
    const press = ++pressed;
    scope.postMessage(press);
    setTimeout(() => {
      if (Atomics.load(beat, 0) >= press) return;
      leaveWord(data.note);
      Deno.kill(Deno.pid, "SIGKILL");
    }, PATIENCE_MS);
  });
  scope.postMessage(0);
});

/** The kernel ends with or without a word. */
function leaveWord(file: string): void {
  try {
    Deno.mkdirSync(file.slice(0, file.lastIndexOf("/")), { recursive: true });
    Deno.writeTextFileSync(file, WORD);
  } catch { /* a full disk must not keep the loop alive */ }
}
