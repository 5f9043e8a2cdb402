import type { Platform } from "../../platform/mod.ts";
import { lock } from "../artifacts/lock.ts";
import { CHECKOUT_PROPERTY } from "../faults/port_owner.ts";
import { registryArgs, TEMPORARY } from "../java_args.ts";
import { statePaths } from "../state.ts";
import type { StateFile } from "./state_file.ts";
import { RotatingLog } from "./log.ts";
import { ManagedProcess } from "./managed_process.ts";
import type { Plan } from "./plan.ts";
import { compatibilityOf, setBackward } from "./registry.ts";
import { RegistryProxy } from "./registry_proxy.ts";

const STOP_WITHIN_MS = 10_000;

/** The schema registry: a Java process on a random port behind a proxy on the public one. */
export class RegistryService {
  readonly #plan: Plan;
  readonly #process: ManagedProcess;
  readonly #proxy: RegistryProxy;
  readonly #data: string;
  readonly #platform: Platform;

  /** Takes the public port at once. @throws {Error} If the port is taken. */
  constructor(plan: Plan, stateFile: StateFile, platform: Platform) {
    const paths = statePaths(plan.config.folders.state);
    this.#plan = plan;
    this.#platform = platform;
    this.#data = paths.registry;
    this.#proxy = new RegistryProxy(plan.config.ports.registry);
    this.#process = new ManagedProcess({
      name: "registry",
      port: plan.config.ports.registry,
      version: lock.registry.version,
      stateFile,
      platform,
      log: new RotatingLog(`${paths.logs}/registry.log`),
    });
  }

  /** Starts it if it does not run, waits for its first answer, and makes BACKWARD the rule. */
  async start(): Promise<void> {
    if (this.#process.isRunning) return;
    const { prepared, config } = this.#plan;
    await Deno.mkdir(`${this.#data}/${TEMPORARY}`, { recursive: true, mode: 0o700 });
    this.#proxy.leadsTo(undefined);
    const [port, managementPort] = freePorts(2) as [number, number];
    // Its random port answers only who knows this header's name: a page of another site can find the port.
    const pass = `x-taxi-${crypto.randomUUID()}`, headers = { [pass]: "door" };
    await this.#process.start({
      command: prepared.java.command,
      cwd: this.#data,
      env: { APICURIO_AUTHN_PROXY_HEADER_USERNAME: pass },
      args: [
        `${CHECKOUT_PROPERTY}${config.folders.root}`,
        ...registryArgs({
          cwd: this.#data,
          jars: [`${prepared.registryFolder}/quarkus-run.jar`],
          platform: this.#platform,
          port,
          managementPort,
        }),
      ],
    });
    const url = `http://127.0.0.1:${port}/apis/ccompat/v7`;
    let isSet = false;
    await this.#process.ready(async () => {
      if (await compatibilityOf(url, headers) === undefined) return false;
      if (!isSet) await setBackward(url, headers);
      isSet = true;
      this.#proxy.leadsTo({ origin: new URL(url).origin, headers });
      return true;
    });
  }

  async stop(): Promise<void> {
    this.#proxy.leadsTo(undefined);
    await Promise.all([this.#process.stop(STOP_WITHIN_MS), this.#proxy.close()]);
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
