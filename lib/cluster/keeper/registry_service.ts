import { lock } from "../artifacts/lock.ts";
import { CHECKOUT_PROPERTY } from "../faults/port_owner.ts";
import { registryArgs } from "../java_args.ts";
import { statePaths } from "../state.ts";
import type { Book } from "./book.ts";
import { RotatingLog } from "./log.ts";
import { Node } from "./node.ts";
import type { Plan } from "./plan.ts";
import { compatibilityOf, setBackward } from "./registry.ts";
import { RegistryDoor } from "./registry_door.ts";

const STOP_WITHIN_MS = 10_000;

/** The schema registry: a Java process on a random port behind a door on the public one. */
export class RegistryService {
  readonly #plan: Plan;
  readonly #node: Node;
  readonly #door: RegistryDoor;
  readonly #data: string;

  /** Takes the public port at once. @throws {Error} If the port is taken. */
  constructor(plan: Plan, book: Book) {
    const paths = statePaths(plan.world.folders.state);
    this.#plan = plan;
    this.#data = paths.registry;
    this.#door = new RegistryDoor(plan.world.ports.registry);
    this.#node = new Node({
      name: "registry",
      port: plan.world.ports.registry,
      version: lock.registry.version,
      book,
      log: new RotatingLog(`${paths.logs}/registry.log`),
    });
  }

  /** Starts it if it does not run, waits for its first answer, and makes BACKWARD the rule. */
  async start(): Promise<void> {
    if (this.#node.isRunning) return;
    const { prepared, world } = this.#plan;
    await Deno.mkdir(this.#data, { recursive: true, mode: 0o700 });
    this.#door.leadsTo(undefined);
    const [port, managementPort] = freePorts(2) as [number, number];
    await this.#node.start(prepared.java.command, [
      `${CHECKOUT_PROPERTY}${world.folders.root}`,
      ...registryArgs({ folder: prepared.registryFolder, data: this.#data, port, managementPort }),
    ]);
    const url = `http://127.0.0.1:${port}/apis/ccompat/v7`;
    let isSet = false;
    await this.#node.ready(async () => {
      if (await compatibilityOf(url) === undefined) return false;
      if (!isSet) await setBackward(url);
      isSet = true;
      this.#door.leadsTo(port);
      return true;
    });
  }

  async stop(): Promise<void> {
    this.#door.leadsTo(undefined);
    await Promise.all([this.#node.stop(STOP_WITHIN_MS), this.#door.close()]);
  }
}

/** Ports that are free now, all different. */
function freePorts(count: number): number[] {
  const held = Array.from({ length: count }, () => Deno.listen({ hostname: "127.0.0.1", port: 0 }));
  return held.map((listener) => {
    listener.close();
    return listener.addr.port;
  });
}
