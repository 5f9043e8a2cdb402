/**
 * A worker that reads the member's input while the member's own thread is frozen. It ends the process when the input
 * ends, because the kernel that started it is gone then.
 *
 * @module
 */

const scope = globalThis as unknown as {
  postMessage(message: "freeze"): void;
  addEventListener(
    type: "message",
    listener: (event: MessageEvent<SharedArrayBuffer>) => void,
  ): void;
};

scope.addEventListener("message", ({ data }) => void hear(new Int32Array(data)));

/** @param frozen One integer: 1 as long as the member's thread is to stand still. */
async function hear(frozen: Int32Array): Promise<void> {
  const decoder = new TextDecoder(), bytes = new Uint8Array(64);
  let text = "";
  for (let read; (read = await Deno.stdin.read(bytes).catch(() => null)) !== null;) {
    const lines = (text + decoder.decode(bytes.subarray(0, read))).split("\n");
    text = lines.pop()!;
    for (const word of lines) {
      Atomics.store(frozen, 0, word === "freeze" ? 1 : 0);
      if (word === "freeze") scope.postMessage("freeze");
      else Atomics.notify(frozen, 0);
    }
  }
  // Not Deno.exit(), which ends a worker alone.
  Deno.kill(Deno.pid, "SIGKILL");
}
