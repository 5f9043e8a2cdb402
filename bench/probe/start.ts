import type { Program } from "../engines/engine.ts";

/** A program under way; killed when it is disposed of. */
export interface Started extends AsyncDisposable {
  readonly pid: number;
  /** Just before it was started, in the clock of `performance.now()`. */
  readonly startedMs: number;
  /** The next line that it says on stdout, and when. */
  line(): Promise<{ readonly text: string; readonly atMs: number }>;
  /** Rejects when it ends badly, with its last words. */
  readonly failed: Promise<never>;
}

const running = new Set<Deno.ChildProcess>();

/** Kills what is being measured; for when the bench itself is stopped. */
export function killPrograms(): void {
  for (const child of running) child.kill("SIGKILL");
}

/** Starts a program that is measured. */
export function startProgram(program: Program, brokers: string): Started {
  const startedMs = performance.now();
  const child = new Deno.Command(program.command, {
    args: [...program.args],
    env: { ...program.env, KAFKA_BROKERS: brokers },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const said = new Response(child.stderr).text();
  running.add(child);
  const failed = child.status.then(async ({ success, code }): Promise<never> => {
    running.delete(child);
    if (success) return await new Promise<never>(() => {});
    throw new Error(`it ended with code ${code}: ${(await said).trim().slice(-400) || "no word"}`);
  });
  failed.catch(() => {});
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  const line = async () => {
    while (!rest.includes("\n")) {
      const { value, done } = await Promise.race([reader.read(), failed]);
      if (done) return await failed;
      rest += value;
    }
    const atMs = performance.now(), end = rest.indexOf("\n"), text = rest.slice(0, end);
    rest = rest.slice(end + 1);
    return { text, atMs };
  };
  return {
    pid: child.pid,
    startedMs,
    line,
    failed,
    async [Symbol.asyncDispose]() {
      if (running.has(child)) child.kill("SIGKILL");
      await child.status;
      await reader.cancel();
    },
  };
}
