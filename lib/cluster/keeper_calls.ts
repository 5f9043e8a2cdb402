import { fileURLToPath } from "node:url";
import { LOCK_IS_HELD, type Plan } from "./keeper/plan.ts";
import { end, gone, identify, isRunning } from "./process.ts";
import type { OnProgress } from "../downloads/mod.ts";
import { type ClusterState, readJson, statePaths, type Wish, writeJson } from "./state.ts";
import type { World } from "./world.ts";

/** A keeper stops every broker before it ends. */
export const STOP_WITHIN_MS = 60_000;

/** A keeper that has stopped everything only has to exit. */
const ENDS_WITHIN_MS = 5_000;

/**
 * Starts a keeper in the background and waits until all it was told to start answers.
 *
 * @throws {Error} If it fails: with the keeper's own words.
 */
export async function startKeeper(
  plan: Plan,
  options: { readonly progress: OnProgress; readonly signal?: AbortSignal },
): Promise<ClusterState> {
  const { root, state } = plan.world.folders;
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "-A",
      "--quiet",
      "--no-prompt",
      `--config=${root}/deno.json`,
      fileURLToPath(new URL("./keeper/main.ts", import.meta.url)),
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
  const result = await follow(plan.world, { isStarting, keeper: child.pid, progress });
  if (ended === LOCK_IS_HELD) {
    throw new Error(
      `Cannot start Kafka: another keeper holds "${state}" (run "deno task down" first)`,
    );
  }
  return result;
}

/** Reads the keeper's state until it runs; passes on what it does. */
export async function follow(
  world: World,
  options: {
    readonly isStarting: () => Promise<boolean>;
    readonly keeper?: number;
    readonly progress?: OnProgress;
  },
): Promise<ClusterState> {
  const path = statePaths(world.folders.state).state;
  const told = new Set<string>();
  for (;;) {
    const goesOn = await options.isStarting();
    const state = await readJson<ClusterState>(path);
    if (state !== undefined && (options.keeper ?? state.keeper.pid) === state.keeper.pid) {
      for (const text of news(state)) {
        if (!told.has(text)) options.progress?.({ text });
        told.add(text);
      }
      if (state.phase === "running") return state;
      const isOver = state.phase === "failed" || state.phase === "stopped";
      // Its last word is written just before it ends: whoever hears of the failure finds nothing running.
      if (isOver) await gone(state.keeper, ENDS_WITHIN_MS);
      if (state.phase === "failed") throw new Error(state.error);
      if (state.phase === "stopped") {
        throw new Error("Cannot start Kafka: it was stopped meanwhile");
      }
    }
    if (!goesOn) {
      throw new Error(
        `Cannot start Kafka: its keeper ended early (run "deno task doctor" to see what is wrong)`,
      );
    }
    await pause();
  }
}

function news(state: ClusterState): string[] {
  const ready = state.nodes.filter((node) => node.state === "running")
    .map(({ name, port }) => `${name} answers on localhost:${port}`);
  return [...(state.doing ? [state.doing] : []), ...ready];
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 50));
}

/**
 * Wishes the keeper to start what has ended, and waits until it has.
 *
 * @throws {Error} If something cannot start again.
 */
export async function mend(world: World, before: ClusterState): Promise<ClusterState> {
  const paths = statePaths(world.folders.state);
  writeJson(paths.wish, { wish: "mend" } satisfies Wish);
  while (await Deno.stat(paths.wish).then(() => true, () => false)) {
    if (!await isRunning(before.keeper)) break;
    await pause();
  }
  const state = await follow(world, { isStarting: () => isRunning(before.keeper) });
  const ended = state.nodes.find((node) => node.state !== "running");
  if (ended === undefined) return state;
  throw new Error(`Cannot start ${ended.name}: ${ended.why ?? "it ended"}`);
}
