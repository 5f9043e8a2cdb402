import { fileURLToPath } from "node:url";
import { sleep } from "../async/mod.ts";
import type { OnProgress } from "../downloads/mod.ts";
import { type Child, here, type Platform } from "../platform/mod.ts";
import type { ClusterConfig } from "./cluster_config.ts";
import { gone, isRunning, kill } from "./process.ts";
import { type ClusterState, type Command, readJson, statePaths, writeJson } from "./state.ts";
import { LOCK_IS_HELD, type Plan } from "./supervisor/plan.ts";
import { supervisorLives } from "./supervisor_state.ts";

/** A supervisor stops every broker before it ends. */
export const STOP_WITHIN_MS = 60_000;

/** A supervisor that has stopped everything only has to exit. */
const ENDS_WITHIN_MS = 5_000;

/** A supervisor gives up on a process after four minutes and says so: one that says nothing new for longer is stuck. */
const NEWS_WITHIN_MS = 300_000;

/** A broker that was left alone writes its last data first. */
const ORPHAN_ENDS_WITHIN_MS = 30_000;

const ASK_EVERY_MS = 50;
/** A supervisor that is just starting removes commands for the one before it. */
const TELL_AGAIN_AFTER_MS = 1_000;

/** The program that a supervisor is. */
export const SUPERVISOR = fileURLToPath(new URL("./supervisor/main.ts", import.meta.url));

/** Supervisors that end with this process: the pipe to each stays open as long as it is referred to. */
const endsWithUs: Child[] = [];

/**
 * Starts a supervisor in the background and waits until all it was told to start answers.
 *
 * @throws {Error} If it fails: with the supervisor's own words.
 */
export async function startSupervisor(
  plan: Plan,
  options: {
    readonly progress: OnProgress;
    readonly signal?: AbortSignal;
    readonly program?: string;
    readonly platform?: Platform;
  },
): Promise<ClusterState> {
  const { progress, signal, program = SUPERVISOR, platform = here } = options;
  const { root, state } = plan.config.folders;
  const child = await platform.spawn(Deno.execPath(), {
    args: [
      ...["run", "-A", "--quiet", "--no-prompt", `--config=${root}/deno.json`],
      ...[program, JSON.stringify(plan)],
    ],
    cwd: state,
    input: plan.endsWithStarter ? "piped" : "null",
    // The terminal's Ctrl-C is for what runs in front.
    detached: true,
  });
  child.unref();
  if (plan.endsWithStarter) endsWithUs.push(child);
  let ended: number | null | undefined;
  child.exited.then(({ code }) => ended = code);
  const isStarting = async () => {
    if (signal?.aborted) {
      await stopSupervisor(plan.config, {
        isGone: () => Promise.resolve(ended !== undefined),
        kill: () => child.kill(),
      });
      signal.throwIfAborted();
    }
    return ended === undefined;
  };
  try {
    return await follow(plan.config, { isStarting, supervisor: child.pid, progress });
  } catch (error) {
    if (ended !== LOCK_IS_HELD) throw error;
    throw new Error(
      `Cannot start Kafka: another supervisor holds "${state}" (run "deno task down" first)`,
    );
  }
}

/** Reads the supervisor's state until it runs; passes on what it does. */
export async function follow(
  config: ClusterConfig,
  options: {
    readonly isStarting: () => Promise<boolean>;
    readonly supervisor?: number;
    readonly progress?: OnProgress;
    /** How long nothing new may be said. @default 300_000 */
    readonly newsWithinMs?: number;
  },
): Promise<ClusterState> {
  const { newsWithinMs = NEWS_WITHIN_MS } = options;
  const paths = statePaths(config.folders.state);
  const told = new Set<string>();
  let deadlineMs = performance.now() + newsWithinMs;
  for (;;) {
    const goesOn = await options.isStarting();
    const state = await readJson<ClusterState>(paths.state);
    if (
      state !== undefined && (options.supervisor ?? state.supervisor.pid) === state.supervisor.pid
    ) {
      for (const text of news(state)) {
        if (told.has(text)) continue;
        options.progress?.({ text });
        told.add(text);
        deadlineMs = performance.now() + newsWithinMs;
      }
      if (state.phase === "running") return state;
      const isOver = state.phase === "failed" || state.phase === "stopped";
      // Its last word is written just before it ends: a caller that is told of the failure finds nothing running.
      if (isOver) await supervisorGone(config, ENDS_WITHIN_MS);
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
    if (performance.now() > deadlineMs) {
      throw new Error(
        `Cannot start Kafka: its supervisor has said nothing new for ${newsWithinMs / 1000} s ` +
          `(run "deno task down", then look at "${paths.logs}")`,
      );
    }
    await sleep(ASK_EVERY_MS);
  }
}

function news(state: ClusterState): string[] {
  const ready = state.processes.filter((managed) => managed.state === "running")
    .map(({ name, port }) => `${name} answers on localhost:${port}`);
  return [...(state.doing ? [state.doing] : []), ...ready];
}

/** Waits until no supervisor lives; false when one still did after that time. */
export async function supervisorGone(config: ClusterConfig, timeoutMs: number): Promise<boolean> {
  const deadlineMs = performance.now() + timeoutMs;
  while (await supervisorLives(config)) {
    if (performance.now() > deadlineMs) return false;
    await sleep(ASK_EVERY_MS);
  }
  return true;
}

/** Tells the supervisor of a cluster to stop everything, and waits until it is gone; kills it after a minute. */
export async function stopSupervisor(
  config: ClusterConfig,
  supervisor: {
    readonly isGone: () => Promise<boolean>;
    readonly kill: () => Promise<void> | void;
  },
): Promise<void> {
  const path = statePaths(config.folders.state).command;
  const deadlineMs = performance.now() + STOP_WITHIN_MS;
  let tellAtMs = -Infinity;
  while (!await supervisor.isGone()) {
    const nowMs = performance.now();
    if (nowMs > deadlineMs) return await supervisor.kill();
    if (nowMs > tellAtMs) {
      tell(config, { command: "stop" });
      tellAtMs = nowMs + TELL_AGAIN_AFTER_MS;
    }
    await sleep(ASK_EVERY_MS);
  }
  await Deno.remove(path).catch(() => {});
}

/** Leaves a command for the supervisor. A full disk has no room for one: where the system has signals, "stop" is one. */
export function tell(config: ClusterConfig, command: Command, platform: Platform = here): void {
  const paths = statePaths(config.folders.state);
  try {
    writeJson(paths.command, command);
  } catch (error) {
    if (command.command !== "stop" || platform.os === "windows") throw error;
    const { supervisor } = JSON.parse(Deno.readTextFileSync(paths.state)) as ClusterState;
    platform.kill(supervisor.pid, "SIGTERM");
  }
}

/** Tells a living supervisor to do something, and waits until it has begun or is gone. */
export async function command(config: ClusterConfig, what: Command): Promise<void> {
  tell(config, what);
  const path = statePaths(config.folders.state).command;
  while (await Deno.stat(path).then(() => true, () => false)) {
    if (!await supervisorLives(config)) break;
    await sleep(ASK_EVERY_MS);
  }
}

/**
 * Tells the supervisor to start what has ended, and waits until it has.
 *
 * @throws {Error} If something cannot start again.
 */
export async function restart(config: ClusterConfig): Promise<ClusterState> {
  await command(config, { command: "restart" });
  const state = await follow(config, { isStarting: () => supervisorLives(config) });
  const ended = state.processes.find((managed) => managed.state !== "running");
  if (ended === undefined) return state;
  throw new Error(`Cannot start ${ended.name}: ${ended.why ?? "it ended"}`);
}

/**
 * Waits until the Java processes of a supervisor that is gone have ended: their input has closed, so they stop by
 * themselves. Kills what has not after a while. Tells whether there were any.
 */
export async function orphansGone(config: ClusterConfig, platform: Platform = here) {
  const state = await readJson<ClusterState>(statePaths(config.folders.state).state);
  const ended = await Promise.all((state?.processes ?? []).map(async ({ process }) => {
    if (!await isRunning(process, platform)) return false;
    if (!await gone(process, ORPHAN_ENDS_WITHIN_MS, platform)) await kill(process, platform);
    return true;
  }));
  return ended.includes(true);
}
