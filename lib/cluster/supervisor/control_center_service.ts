import { fileURLToPath } from "node:url";
import { lock } from "../artifacts/lock.ts";
import { registrySettings } from "../../settings/mod.ts";
import { statePaths } from "../state.ts";
import { brokerAddresses, registryUrl } from "../cluster_config.ts";
import { RotatingLog } from "./log.ts";
import type { Plan } from "./plan.ts";

/** It comes back after a crash; where its port stays taken, rarer and rarer. */
const AGAIN_AFTER_MS = { least: 1_000, most: 60_000 };
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
  #child: Deno.ChildProcess | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #stopped = false;
  #againAfterMs = AGAIN_AFTER_MS.least;

  constructor(plan: Plan, port: number) {
    this.#plan = plan;
    this.#port = port;
    this.#log = new RotatingLog(`${statePaths(plan.config.folders.state).logs}/control-center.log`);
  }

  /** Starts it if it does not run; does not wait until it answers. */
  start(): Promise<void> {
    if (this.#child === undefined && this.#timer === undefined) this.#spawn();
    return Promise.resolve();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    const child = this.#child;
    if (child === undefined) return;
    // Its input closes; it ends by itself. What does not is ended.
    const kill = setTimeout(() => child.kill("SIGKILL"), 2_000);
    await child.stdin.close().catch(() => {});
    await child.status;
    clearTimeout(kill);
  }

  #spawn(): void {
    this.#timer = undefined;
    const { config, size } = this.#plan;
    const { username, password } = registrySettings();
    try {
      this.#log.begin();
      const child = new Deno.Command(Deno.execPath(), {
        args: [
          "run",
          ...["--allow-net", "--allow-env", "--allow-read", "--allow-sys"],
          ...["--quiet", "--no-prompt", `--config=${config.folders.root}/deno.json`],
          ...[PROGRAM, "--port", `${this.#port}`, "--with-parent", "--software", SOFTWARE],
        ],
        env: {
          KAFKA_BROKERS: brokerAddresses(config, size).join(","),
          SCHEMA_REGISTRY_URL: registryUrl(config),
          // The address is told without the login that may stand in it.
          ...(username && {
            SCHEMA_REGISTRY_USERNAME: username,
            SCHEMA_REGISTRY_PASSWORD: password ?? "",
          }),
          NO_COLOR: "1",
        },
        // Closed by the system when this process ends, however it ends: no Control Center stays behind.
        stdin: "piped",
        stdout: "piped",
        stderr: "piped",
      }).spawn();
      this.#child = child;
      void this.#watch(child);
    } catch (error) {
      this.#log.write(`${error}\n`);
      this.#later();
    }
  }

  async #watch(child: Deno.ChildProcess): Promise<void> {
    const beganMs = Date.now();
    const copy = async (from: ReadableStream<Uint8Array>) => {
      const decoder = new TextDecoder();
      for await (const bytes of from) this.#log.write(decoder.decode(bytes, { stream: true }));
    };
    await Promise.allSettled([copy(child.stdout), copy(child.stderr), child.status]);
    this.#child = undefined;
    if (Date.now() - beganMs > AGAIN_AFTER_MS.most) this.#againAfterMs = AGAIN_AFTER_MS.least;
    this.#later();
  }

  #later(): void {
    if (this.#stopped) return;
    this.#timer = setTimeout(() => this.#spawn(), this.#againAfterMs);
    this.#againAfterMs = Math.min(this.#againAfterMs * 2, AGAIN_AFTER_MS.most);
  }
}
