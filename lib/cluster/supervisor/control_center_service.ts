import { fileURLToPath } from "node:url";
import { type Child, end, type Platform } from "../../platform/mod.ts";
import { lock } from "../artifacts/lock.ts";
import { registrySettings } from "../../settings/mod.ts";
import { statePaths } from "../state.ts";
import { brokerAddresses, registryUrl } from "../cluster_config.ts";
import { RotatingLog } from "./log.ts";
import type { Plan } from "./plan.ts";

/** It comes back after a crash; where its port stays taken, rarer and rarer. */
const AGAIN_AFTER_MS = { least: 1_000, most: 60_000 };
/** It closes its connections when its input ends. */
const STOP_WITHIN_MS = 2_000;
const PROGRAM = fileURLToPath(new URL("../../../tasks/control_center.ts", import.meta.url));
/** Kafka tells no client which version it is; we know what we started. */
const SOFTWARE = `Kafka ${lock.kafka.version}, Apicurio Registry ${lock.registry.version}`;

/**
 * The Control Center as a process beside the cluster. Nothing waits for it and nothing fails because of it: when its
 * port is taken, its log says so and it tries again.
 */
export class ControlCenterService {
  readonly #plan: Plan;
  readonly #port: number;
  readonly #log: RotatingLog;
  readonly #platform: Platform;
  #child: Promise<Child> | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #stopped = false;
  #againAfterMs = AGAIN_AFTER_MS.least;

  constructor(plan: Plan, port: number, platform: Platform) {
    this.#plan = plan;
    this.#platform = platform;
    this.#port = port;
    this.#log = new RotatingLog(`${statePaths(plan.config.folders.state).logs}/control-center.log`);
  }

  /** Starts it if it does not run; does not wait until it answers. */
  start(): Promise<void> {
    if (this.#child === undefined && this.#timer === undefined) void this.#run();
    return Promise.resolve();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    const child = await this.#child?.catch(() => undefined);
    if (child !== undefined) await end(child, STOP_WITHIN_MS);
  }

  /** Runs it to its end, and again after a while. */
  async #run(): Promise<void> {
    this.#timer = undefined;
    const beganMs = performance.now();
    this.#log.begin();
    try {
      const child = await (this.#child = this.#spawn());
      const copy = async (from: ReadableStream<Uint8Array>) => {
        const decoder = new TextDecoder();
        for await (const bytes of from) this.#log.write(decoder.decode(bytes, { stream: true }));
      };
      await Promise.allSettled([copy(child.stdout), copy(child.stderr), child.exited]);
    } catch (error) {
      this.#log.write(`${error}\n`);
    }
    this.#child = undefined;
    if (performance.now() - beganMs > AGAIN_AFTER_MS.most) {
      this.#againAfterMs = AGAIN_AFTER_MS.least;
    }
    this.#later();
  }

  #spawn(): Promise<Child> {
    const { config, size } = this.#plan;
    const { username, password } = registrySettings();
    return this.#platform.spawn(Deno.execPath(), {
      args: [
        "run",
        ...["--allow-net", "--allow-env", "--allow-read", "--allow-sys"],
        ...["--quiet", "--no-prompt", `--config=${config.folders.root}/deno.json`],
        ...[PROGRAM, "--port", `${this.#port}`, "--with-parent", "--software", SOFTWARE],
      ],
      env: {
        ...this.#platform.env.toObject(),
        KAFKA_BROKERS: brokerAddresses(config, size).join(","),
        SCHEMA_REGISTRY_URL: registryUrl(config),
        // The address is told without the login that may stand in it.
        ...(username && {
          SCHEMA_REGISTRY_USERNAME: username,
          SCHEMA_REGISTRY_PASSWORD: password?.reveal() ?? "",
        }),
        NO_COLOR: "1",
      },
      // Closed by the system when this process ends, however it ends: no Control Center stays behind.
      input: "piped",
      output: "piped",
    });
  }

  #later(): void {
    if (this.#stopped) return;
    this.#timer = setTimeout(() => void this.#run(), this.#againAfterMs);
    this.#againAfterMs = Math.min(this.#againAfterMs * 2, AGAIN_AFTER_MS.most);
  }
}
