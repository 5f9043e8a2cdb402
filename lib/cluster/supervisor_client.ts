import { fileURLToPath } from "node:url";
import { LOCK_IS_HELD, type Plan } from "./supervisor/plan.ts";
import { end, gone, identify, isRunning } from "./process.ts";
import type { OnProgress } from "../downloads/mod.ts";
import { type ClusterState, type Command, readJson, statePaths, writeJson } from "./state.ts";
import type { ClusterConfig } from "./cluster_config.ts";

/** A supervisor stops every broker before it ends. */
export const STOP_WITHIN_MS = 60_000;

/** A supervisor that has stopped everything only has to exit. */
const ENDS_WITHIN_MS = 5_000;

/**
 * Starts a supervisor in the background and waits until all it was told to start answers.
 *
 * @throws {Error} If it fails: with the supervisor's own words.
 */
export async function startSupervisor(
  plan: Plan,
  options: { readonly progress: OnProgress; readonly signal?: AbortSignal },
): Promise<ClusterState> {
  const { root, state } = plan.config.folders;
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "-A",
      "--quiet",
      "--no-prompt",
      `--config=${root}/deno.json`,
      fileURLToPath(new URL("./supervisor/main.ts", import.meta.url)),
      JSON.stringify(plan),
    ],
    cwd: state,
    stdin: "null",
    stdout: "null",
    stderr: "null",
    // A process group of its own: the terminal's Ctrl-C is for what runs in front.
    detached: true,
  }).spawn();
  child.unref();
  let ended: number | undefined;
  child.status.then(({ code }) => ended = code);
  const isStarting = async () => {
    if (options.signal?.aborted) {
      await end(await identify(child.pid), STOP_WITHIN_MS);
      options.signal.throwIfAborted();
    }
    return ended === undefined;
  };
  const { progress } = options;
  const result = await follow(plan.config, { isStarting, supervisor: child.pid, progress });
  if (ended === LOCK_IS_HELD) {
    throw new Error(
      `Cannot start Kafka: another supervisor holds "${state}" (run "deno task down" first)`,
    );
  }
  return result;
}

/** Reads the supervisor's state until it runs; passes on what it does. */
export async function follow(
  config: ClusterConfig,
  options: {
    readonly isStarting: () => Promise<boolean>;
    readonly supervisor?: number;
    readonly progress?: OnProgress;
  },
): Promise<ClusterState> {
  const path = statePaths(config.folders.state).state;
  const told = new Set<string>();
  for (;;) {
    const goesOn = await options.isStarting();
    const state = await readJson<ClusterState>(path);
    if (
      state !== undefined && (options.supervisor ?? state.supervisor.pid) === state.supervisor.pid
    ) {
      for (const text of news(state)) {
        if (!told.has(text)) options.progress?.({ text });
        told.add(text);
      }
      if (state.phase === "running") return state;
      const isOver = state.phase === "failed" || state.phase === "stopped";
      // Its last word is written just before it ends: a caller that is told of the failure finds nothing running.
      if (isOver) await gone(state.supervisor, ENDS_WITHIN_MS);
      if (state.phase === "failed") throw new Error(state.error);
      if (state.phase === "stopped") {
        throw new Error("Cannot start Kafka: it was stopped meanwhile");
      }
    }
    if (!goesOn) {
      throw new Error(
        `Cannot start Kafka: its supervisor ended early (run "deno task doctor" to see what is wrong)`,
      );
    }
    await pause();
  }
}

function news(state: ClusterState): string[] {
  const ready = state.processes.filter((managed) => managed.state === "running")
    .map(({ name, port }) => `${name} answers on localhost:${port}`);
  return [...(state.doing ? [state.doing] : []), ...ready];
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 50));
}

/**
 * Tells the supervisor to start what has ended, and waits until it has.
 *
 * @throws {Error} If something cannot start again.
 */
export async function restart(config: ClusterConfig, before: ClusterState): Promise<ClusterState> {
  const paths = statePaths(config.folders.state);
  writeJson(paths.command, { command: "restart" } satisfies Command);
  while (await Deno.stat(paths.command).then(() => true, () => false)) {
    if (!await isRunning(before.supervisor)) break;
    await pause();
  }
  const state = await follow(config, { isStarting: () => isRunning(before.supervisor) });
  const ended = state.processes.find((managed) => managed.state !== "running");
  if (ended === undefined) return state;
  throw new Error(`Cannot start ${ended.name}: ${ended.why ?? "it ended"}`);
}
