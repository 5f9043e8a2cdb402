import { sleep } from "../../async/mod.ts";
import type { Platform } from "../../platform/mod.ts";
import { identify } from "../process.ts";
import { type Command, readJson, type StatePaths, statePaths } from "../state.ts";
import { orphansGone } from "../supervisor_client.ts";
import { Brokers } from "./brokers.ts";
import { ControlCenterService } from "./control_center_service.ts";
import { LOCK_IS_HELD, type Plan } from "./plan.ts";
import { RegistryService } from "./registry_service.ts";
import { StateFile } from "./state_file.ts";

const LOOK_FOR_COMMANDS_EVERY_MS = 100;

/** Who looks whether a supervisor lives holds the lock for a moment. */
const LOCK_WITHIN_MS = 2_000;

/**
 * Runs a cluster: one process that starts the Java processes, watches them and stops them.
 *
 * It holds the lock on the state folder as long as it lives, so no second Kafka ever opens the same data: that would
 * destroy it. Commands reach it in a file, which works on every system. It ends this process when it has stopped.
 */
export async function supervise(plan: Plan, platform: Platform): Promise<void> {
  const paths = statePaths(plan.config.folders.state);
  // Held until the process ends: nothing closes it.
  const lock = await Deno.open(paths.lock, { create: true, write: true, mode: 0o600 });
  if (!await lockWithin(lock, LOCK_WITHIN_MS)) Deno.exit(LOCK_IS_HELD);
  await orphansGone(plan.config, platform);
  await Deno.remove(paths.command).catch(() => {});
  const me = await identify(Deno.pid, platform) ?? { pid: Deno.pid, started: "" };
  const stateFile = new StateFile(paths.state, { supervisor: me, size: plan.size, platform });
  const supervisor = new Supervisor(plan, { paths, stateFile, platform });
  await supervisor.run();
}

async function lockWithin(file: Deno.FsFile, timeoutMs: number): Promise<boolean> {
  const deadlineMs = performance.now() + timeoutMs;
  while (!await file.tryLock(true)) {
    if (performance.now() > deadlineMs) return false;
    await sleep(20);
  }
  return true;
}

type Service = Brokers | RegistryService | ControlCenterService;

interface Surroundings {
  readonly paths: StatePaths;
  readonly stateFile: StateFile;
  readonly platform: Platform;
}

class Supervisor {
  readonly #plan: Plan;
  readonly #around: Surroundings;
  #brokers: Brokers | undefined;
  #services: readonly Service[] = [];
  #starting: Promise<void> = Promise.resolve();
  #stopping: Promise<void> | undefined;
  #reading = false;

  constructor(plan: Plan, around: Surroundings) {
    this.#plan = plan;
    this.#around = around;
  }

  /** Listens to everything that may end it before it starts anything: it is never deaf. */
  async run(): Promise<void> {
    for (const name of ["SIGTERM", "SIGINT", "SIGHUP"] as const) {
      try {
        Deno.addSignalListener(name, () => void this.#stop(0));
      } catch {
        // Windows knows fewer.
      }
    }
    // What a detached process prints is not read: an error goes where `up` and `status` look.
    globalThis.addEventListener("unhandledrejection", (event) => {
      event.preventDefault();
      this.#fail(event.reason);
    });
    if (this.#plan.endsWithStarter) void this.#watchStarter();
    setInterval(() => void this.#handleCommand(), LOOK_FOR_COMMANDS_EVERY_MS);
    try {
      this.#makeServices();
      await (this.#starting = this.#startAll());
    } catch (error) {
      this.#fail(error);
    }
  }

  #makeServices(): void {
    const plan = this.#plan, { stateFile, platform } = this.#around;
    this.#brokers = plan.startsKafka ? new Brokers(plan, stateFile, platform) : undefined;
    this.#services = [
      ...(plan.startsRegistry ? [new RegistryService(plan, stateFile, platform)] : []),
      ...(this.#brokers ? [this.#brokers] : []),
      ...(plan.controlCenterPort
        ? [new ControlCenterService(plan, plan.controlCenterPort, platform)]
        : []),
    ];
  }

  /** Its input ends when the process that started it closes the pipe, or is gone, however it went. */
  async #watchStarter(): Promise<void> {
    const bytes = new Uint8Array(64);
    while (await Deno.stdin.read(bytes).catch(() => null) !== null);
    await this.#stop(0);
  }

  /** Starts what does not run. */
  async #startAll(): Promise<void> {
    const { stateFile } = this.#around;
    stateFile.phase("starting");
    await Promise.all(this.#services.map((service) => service.start()));
    if (this.#stopping === undefined) stateFile.phase("running");
  }

  async #handleCommand(): Promise<void> {
    if (this.#reading) return;
    this.#reading = true;
    const told = await this.#nextCommand().finally(() => this.#reading = false);
    if (told === undefined || this.#stopping !== undefined) return;
    if (told.command === "stop") return await this.#stop(0);
    if (told.command === "kill broker") return this.#brokers?.kill(told.broker);
    if (told.command === "stop broker") return await this.#brokers?.stopOne(told.broker);
    if (told.command === "cut wire") return this.#brokers?.cutWire(told.broker);
    if (told.command === "mend wire") return this.#brokers?.mendWire(told.broker);
    if (told.command === "small disk") {
      return await this.#brokers?.smallDisk(told.broker, told.megabytes);
    }
    // A broker that cannot come back leaves the others running; its entry says why.
    this.#starting = this.#starting.then(() => this.#startAll()).catch((error) => {
      this.#around.stateFile.warn(inWords(error));
      this.#around.stateFile.phase("running");
    });
  }

  /** Takes the command that was left, if there is one. */
  async #nextCommand(): Promise<Command | undefined> {
    const { paths, stateFile } = this.#around;
    // Without its folder this cluster could not be stopped any more.
    if (!await Deno.stat(paths.lock).then(() => true, () => false)) return { command: "stop" };
    const told = await readJson<Command>(paths.command).catch(() => undefined);
    if (told === undefined) return undefined;
    // The phase changes first: who sees the command gone must not see the old phase.
    if (told.command === "restart") stateFile.phase("starting");
    await Deno.remove(paths.command).catch(() => {});
    return told;
  }

  /** What cannot be removed, as on Windows the lock that is held, goes before the next such cluster starts. */
  async #removeState(): Promise<void> {
    await Deno.remove(this.#plan.config.folders.state, { recursive: true }).catch(() => {});
  }

  #fail(error: unknown): void {
    void this.#stop(1, inWords(error));
  }

  /** Stops everything once, however often it is asked to, and ends this process. */
  #stop(code: number, error?: string): Promise<void> {
    return this.#stopping ??= (async () => {
      const { stateFile } = this.#around;
      stateFile.phase("stopping", error);
      for (const service of this.#services) await service.stop().catch(() => {});
      stateFile.phase(error === undefined ? "stopped" : "failed", error);
      if (this.#plan.throwaway && error === undefined) await this.#removeState();
      Deno.exit(code);
    })();
  }
}

function inWords(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
