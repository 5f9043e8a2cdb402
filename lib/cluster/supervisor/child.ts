import { end, identify, type ProcessId } from "../process.ts";
import type { RotatingLog } from "./log.ts";

/** A Java process and its end. */
export interface Child {
  readonly id: ProcessId;
  /** Resolves when it has ended and everything it said is in the log. */
  readonly ended: Promise<Deno.CommandStatus>;
  /** Asks it to end, then makes it. */
  stop(graceMs: number): Promise<void>;
}

/** Starts a program without a shell; all it says goes to the log. */
export async function startChild(
  command: string,
  options: { readonly args: readonly string[]; readonly log: RotatingLog },
): Promise<Child> {
  const { args, log } = options;
  log.begin();
  const process = new Deno.Command(command, {
    args: [...args],
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
    clearEnv: true,
    env: withoutJavaOptions(),
  }).spawn();
  const id = await identify(process.pid) ?? { pid: process.pid, started: "ended" };
  const said = Promise.all([copy(process.stdout, log), copy(process.stderr, log)]);
  const ended = Promise.all([process.status, said]).then(([status]) => status);
  return {
    id,
    ended,
    stop: async (graceMs) => {
      await end(id, graceMs);
      await ended;
    },
  };
}

/** Options of the learner's own Java programs must not change ours. */
function withoutJavaOptions(): Record<string, string> {
  const own =
    /^(JAVA_TOOL_OPTIONS|JDK_JAVA_OPTIONS|_JAVA_OPTIONS|CLASSPATH|KAFKA_.*|QUARKUS_.*|APICURIO_.*)$/;
  return Object.fromEntries(
    Object.entries(Deno.env.toObject()).filter(([name]) => !own.test(name)),
  );
}

async function copy(from: ReadableStream<Uint8Array>, log: RotatingLog): Promise<void> {
  const decoder = new TextDecoder();
  for await (const bytes of from) log.write(decoder.decode(bytes, { stream: true }));
}
