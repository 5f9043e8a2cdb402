/**
 * The keeper: one process per cluster that starts the Java processes, watches them and stops them.
 *
 * It holds the lock on the state folder as long as it lives, so no second Kafka ever opens the same data:
 * that would destroy it. It listens to wishes in a file, which works on every system.
 *
 * @module
 */
import { endOrphans } from "../down.ts";
import { identify } from "../process.ts";
import { readJson, statePaths, type Wish } from "../state.ts";
import { Book } from "./book.ts";
import { Brokers } from "./brokers.ts";
import { ControlCenterService } from "./control_center_service.ts";
import { LOCK_IS_HELD, type Plan } from "./plan.ts";
import { RegistryService } from "./registry_service.ts";

const LOOK_FOR_WISHES_EVERY_MS = 200;

const plan = JSON.parse(Deno.args[0]!) as Plan;
const paths = statePaths(plan.world.folders.state);
const lock = await Deno.open(paths.lock, { create: true, write: true, mode: 0o600 });
if (!await lock.tryLock(true)) Deno.exit(LOCK_IS_HELD);

// A keeper that was killed leaves its Java processes behind: they end before new ones begin.
await endOrphans(paths.state);
await Deno.remove(paths.wish).catch(() => {});
const book = new Book(paths.state, { keeper: (await identify(Deno.pid))!, size: plan.size });
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
    ...(plan.startsRegistry ? [new RegistryService(plan, book)] : []),
    ...(plan.startsKafka ? [new Brokers(plan, book)] : []),
    ...(plan.controlCenterPort ? [new ControlCenterService(plan, plan.controlCenterPort)] : []),
  ];
  await startAll();
  setInterval(obey, LOOK_FOR_WISHES_EVERY_MS);
} catch (error) {
  fail(error);
}

/** Starts what does not run. */
async function startAll(): Promise<void> {
  book.phase("starting");
  await Promise.all(services.map((service) => service.start()));
  if (stopping === undefined) book.phase("running");
}

async function obey(): Promise<void> {
  // Without its folder nobody could stop this cluster any more.
  if (!await Deno.stat(paths.lock).then(() => true, () => false)) return await stop(0);
  const wish = await readJson<Wish>(paths.wish);
  if (wish === undefined) return;
  // The phase changes first: who sees the wish gone must not see the old phase.
  if (wish.wish === "mend") book.phase("starting");
  await Deno.remove(paths.wish).catch(() => {});
  if (wish.wish === "stop") return await stop(0);
  // A broker that cannot come back leaves the others running; its node says why.
  await startAll().catch((error) => {
    book.warn(inWords(error));
    book.phase("running");
  });
}

function fail(error: unknown): void {
  void stop(1, inWords(error));
}

function inWords(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Stops everything once, whoever asks, and ends the keeper. */
function stop(code: number, error?: string): Promise<void> {
  return stopping ??= (async () => {
    book.phase("stopping", error);
    for (const service of services) await service.stop().catch(() => {});
    book.phase(error === undefined ? "stopped" : "failed", error);
    Deno.exit(code);
  })();
}
