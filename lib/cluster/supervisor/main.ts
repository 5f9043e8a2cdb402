/**
 * The supervisor: one process per cluster that starts the Java processes, watches them and stops them.
 *
 * It holds the lock on the state folder as long as it lives, so no second Kafka ever opens the same data:
 * that would destroy it. It listens to commands in a file, which works on every system.
 *
 * @module
 */
import { endOrphans } from "../down.ts";
import { identify } from "../process.ts";
import { type Command, readJson, statePaths } from "../state.ts";
import { StateFile } from "./state_file.ts";
import { Brokers } from "./brokers.ts";
import { ControlCenterService } from "./control_center_service.ts";
import { LOCK_IS_HELD, type Plan } from "./plan.ts";
import { RegistryService } from "./registry_service.ts";

const LOOK_FOR_COMMANDS_EVERY_MS = 200;

const plan = JSON.parse(Deno.args[0]!) as Plan;
const paths = statePaths(plan.config.folders.state);
const lock = await Deno.open(paths.lock, { create: true, write: true, mode: 0o600 });
if (!await lock.tryLock(true)) Deno.exit(LOCK_IS_HELD);

// A supervisor that was killed leaves its Java processes behind: they end before new ones begin.
await endOrphans(paths.state);
await Deno.remove(paths.command).catch(() => {});
const stateFile = new StateFile(paths.state, {
  supervisor: (await identify(Deno.pid))!,
  size: plan.size,
});
let services: readonly (Brokers | RegistryService | ControlCenterService)[] = [];
let stopping: Promise<void> | undefined;

for (const name of ["SIGTERM", "SIGINT", "SIGHUP"] as const) {
  try {
    Deno.addSignalListener(name, () => void stop(0));
  } catch {
    // Windows knows fewer.
  }
}
// Nobody reads what a detached process prints: an error goes where `up` and `status` look.
globalThis.addEventListener("unhandledrejection", (event) => {
  event.preventDefault();
  fail(event.reason);
});

try {
  services = [
    ...(plan.startsRegistry ? [new RegistryService(plan, stateFile)] : []),
    ...(plan.startsKafka ? [new Brokers(plan, stateFile)] : []),
    ...(plan.controlCenterPort ? [new ControlCenterService(plan, plan.controlCenterPort)] : []),
  ];
  await startAll();
  setInterval(handleCommand, LOOK_FOR_COMMANDS_EVERY_MS);
} catch (error) {
  fail(error);
}

/** Starts what does not run. */
async function startAll(): Promise<void> {
  stateFile.phase("starting");
  await Promise.all(services.map((service) => service.start()));
  if (stopping === undefined) stateFile.phase("running");
}

async function handleCommand(): Promise<void> {
  // Without its folder nobody could stop this cluster any more.
  if (!await Deno.stat(paths.lock).then(() => true, () => false)) return await stop(0);
  const command = await readJson<Command>(paths.command);
  if (command === undefined) return;
  // The phase changes first: who sees the command gone must not see the old phase.
  if (command.command === "restart") stateFile.phase("starting");
  await Deno.remove(paths.command).catch(() => {});
  if (command.command === "stop") return await stop(0);
  // A broker that cannot come back leaves the others running; its entry says why.
  await startAll().catch((error) => {
    stateFile.warn(inWords(error));
    stateFile.phase("running");
  });
}

function fail(error: unknown): void {
  void stop(1, inWords(error));
}

function inWords(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Stops everything and ends the supervisor; every later call waits for the first. */
function stop(code: number, error?: string): Promise<void> {
  return stopping ??= (async () => {
    stateFile.phase("stopping", error);
    for (const service of services) await service.stop().catch(() => {});
    stateFile.phase(error === undefined ? "stopped" : "failed", error);
    Deno.exit(code);
  })();
}
