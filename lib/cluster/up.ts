import { fileURLToPath } from "node:url";
import { prepare } from "./artifacts/prepare.ts";
import { checkBeforeStart, portUses } from "./faults/before_start.ts";
import { endOrphans } from "./down.ts";
import { keeperState } from "./keeper_state.ts";
import { LOCK_IS_HELD, type Plan } from "./keeper/plan.ts";
import { gone, isRunning } from "./process.ts";
import type { OnProgress } from "./progress.ts";
import { type ClusterState, readJson, statePaths, type Wish, writeJson } from "./state.ts";
import { openStateFolder } from "./state_folder.ts";
import { brokerAddresses, type ClusterSize, registryUrl, type World, worldFrom } from "./world.ts";

/** What to start and whom to tell. */
export interface UpOptions {
  /** Which cluster. @default the one the environment names */
  readonly world?: World;
  /** How many brokers. @default what runs already, else 1 */
  readonly brokers?: ClusterSize;
  /** Told what happens. @default nothing is said */
  readonly progress?: OnProgress;
}

/** A cluster that answers. */
export interface Up {
  /** `host:port` of each broker. */
  readonly brokers: readonly string[];
  /** Base URL of the registry's Confluent-compatible API. */
  readonly registry: string;
  /** False when everything ran already, or nothing is ours to start. */
  readonly started: boolean;
  /** Damage that was found although the brokers run. */
  readonly warnings: readonly string[];
}

/**
 * Starts the local Kafka and registry in the background and waits until both answer.
 *
 * Does nothing when they run, starts again what is missing, waits when another process starts them. What
 * `KAFKA_BROKERS` or `SCHEMA_REGISTRY_URL` name is not started.
 *
 * @throws {Error} If it cannot: one line with what is wrong and the one fix.
 */
export async function up(options: UpOptions = {}): Promise<Up> {
  const world = options.world ?? worldFrom();
  const startsKafka = world.otherKafka === undefined;
  const startsRegistry = world.otherRegistry === undefined;
  const progress = options.progress ?? (() => {});
  if (!startsKafka) progress({ text: `Using the Kafka of KAFKA_BROKERS: starting none` });
  if (!startsRegistry) {
    progress({ text: "Using the registry of SCHEMA_REGISTRY_URL: starting none" });
  }
  if (!startsKafka && !startsRegistry) return result(world, { size: 1, started: false });
  await openStateFolder(world.folders.state);
  using door = await Deno.open(statePaths(world.folders.state).upLock, {
    create: true,
    write: true,
  });
  if (!await door.tryLock(true)) {
    progress({ text: "Another process is starting this cluster: waiting for it" });
    await door.lock(true);
  }
  const running = await runningCluster(world, progress);
  if (running !== undefined) return await join(world, running, { ...options, progress });
  const size = options.brokers ?? 1;
  progress({ text: "Checking the downloads" });
  const prepared = await prepare(world.folders.cache, { progress });
  // Java processes of a keeper that was killed would hold our own ports.
  await endOrphans(statePaths(world.folders.state).state);
  await checkBeforeStart(
    world,
    portUses(world, { size, kafka: startsKafka, registry: startsRegistry }),
  );
  const plan: Plan = { world, size, prepared, startsKafka, startsRegistry };
  const state = await startKeeper(plan, progress);
  return result(world, { size, started: true, warnings: state.warnings });
}

/** The state of a keeper that lives, after its start or stop has come to an end; undefined when none does. */
async function runningCluster(
  world: World,
  progress: OnProgress,
): Promise<ClusterState | undefined> {
  const state = await keeperState(world);
  if (state === undefined) return undefined;
  if (state.phase === "stopping") {
    progress({ text: "Waiting for the cluster to stop first" });
    await gone(state.keeper, 60_000);
    return undefined;
  }
  if (state.phase !== "starting") return state;
  progress({ text: "The cluster is starting already: waiting for it" });
  return await follow(world, { isStarting: () => isRunning(state.keeper), progress });
}

/** Uses the cluster that runs; starts again what has ended in it. */
async function join(
  world: World,
  state: ClusterState,
  options: UpOptions & { readonly progress: OnProgress },
): Promise<Up> {
  const { size } = state;
  if (options.brokers !== undefined && options.brokers !== size) {
    throw new Error(
      `Cannot start ${brokerCount(options.brokers)}: a cluster with ${
        brokerCount(size)
      } is running ` +
        `(run "deno task down" first; each size keeps its own data)`,
    );
  }
  const missing = state.nodes.filter(({ state }) => state !== "running");
  if (missing.length === 0) {
    return result(world, { size, started: false, warnings: state.warnings });
  }
  await checkBeforeStart(world, []);
  options.progress({ text: `Starting ${missing.map(({ name }) => name).join(", ")} again` });
  return result(world, { size, started: true, warnings: (await mend(world, state)).warnings });
}

function brokerCount(size: ClusterSize): string {
  return size === 1 ? "1 broker" : `${size} brokers`;
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

async function startKeeper(plan: Plan, progress: OnProgress): Promise<ClusterState> {
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
  const isStarting = () => Promise.resolve(ended === undefined);
  const result = await follow(plan.world, { isStarting, keeper: child.pid, progress });
  if (ended === LOCK_IS_HELD) {
    throw new Error(
      `Cannot start Kafka: another keeper holds "${state}" (run "deno task down" first)`,
    );
  }
  return result;
}

/** Reads the keeper's state until it runs; passes on what it does. */
async function follow(
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

function result(
  world: World,
  up: { size: ClusterSize; started: boolean; warnings?: readonly string[] },
): Up {
  return {
    brokers: brokerAddresses(world, up.size),
    registry: registryUrl(world),
    started: up.started,
    warnings: up.warnings ?? [],
  };
}
