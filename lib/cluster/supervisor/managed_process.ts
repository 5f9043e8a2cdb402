import { whyItEnded } from "../faults/words.ts";
import type { ManagedProcessInfo } from "../state.ts";
import type { StateFile } from "./state_file.ts";
import { type Child, startChild } from "./child.ts";
import type { RotatingLog } from "./log.ts";

/** A Java may take this long on a slow and busy machine before we give up on it. */
const START_WITHIN_MS = 120_000;
const ASK_EVERY_MS = 50;

/** One Java process of the cluster with its entry in the state file. */
export class ManagedProcess {
  readonly name: string;
  readonly log: RotatingLog;
  readonly #stateFile: StateFile;
  readonly #about: Pick<ManagedProcessInfo, "name" | "port" | "version">;
  #child: Child | undefined;
  #starting: Promise<Child> | undefined;
  #stopping = false;

  constructor(options: {
    readonly name: string;
    readonly port: number;
    readonly version: string;
    readonly stateFile: StateFile;
    readonly log: RotatingLog;
  }) {
    const { name, port, version } = options;
    this.name = name;
    this.log = options.log;
    this.#stateFile = options.stateFile;
    this.#about = { name, port, version };
    this.#stateFile.update({ ...this.#about, state: "starting" });
  }

  get isRunning(): boolean {
    return this.#child !== undefined;
  }

  /** Starts the process; from now on its end is noticed and explained. */
  async start(command: string, args: readonly string[]): Promise<void> {
    const child = await this.#run(command, args);
    this.#stateFile.update({ ...this.#about, state: "starting", process: child.id });
    child.ended.then((status) => this.#ended(status));
  }

  /** Runs a tool of this process to its end; true when it succeeded. */
  async runTool(command: string, args: readonly string[]): Promise<boolean> {
    const { success } = await (await this.#run(command, args)).ended;
    this.#child = undefined;
    return success;
  }

  /** A supervisor that stops must start nothing more: nobody would ever stop it. */
  async #run(command: string, args: readonly string[]): Promise<Child> {
    if (this.#stopping) throw new Error(`Cannot start ${this.name}: its cluster is stopping`);
    this.#starting = startChild(command, { args, log: this.log });
    return this.#child = await this.#starting;
  }

  /**
   * Waits until a question has the answer wanted, and says that the process runs.
   *
   * @throws {Error} If the process ends first, with the reason; or nothing is answered for two minutes.
   */
  async ready(ask: () => Promise<boolean>): Promise<void> {
    const deadline = Date.now() + START_WITHIN_MS;
    while (!await ask().catch(() => false)) {
      if (this.#child === undefined) {
        throw new Error(`Cannot start ${this.name}: ${this.#state?.why ?? "it was stopped"}`);
      }
      if (Date.now() > deadline) {
        throw new Error(
          `Cannot start ${this.name}: no answer on port ${this.#about.port} within ` +
            `${START_WITHIN_MS / 1000} s (look at "${this.log.path}")`,
        );
      }
      await new Promise((resolve) => setTimeout(resolve, ASK_EVERY_MS));
    }
    if (this.#child === undefined) return;
    this.#stateFile.update({ ...this.#about, state: "running", process: this.#child.id });
  }

  /** Asks the process to end, makes it after the grace, and waits until it has. */
  async stop(graceMs: number): Promise<void> {
    this.#stopping = true;
    await this.#starting?.catch(() => {});
    const child = this.#child;
    if (child !== undefined) {
      this.#stateFile.update({ ...this.#about, state: "stopping", process: child.id });
      await child.stop(graceMs);
    }
    if (this.#state?.state !== "exited") {
      this.#stateFile.update({ ...this.#about, state: "exited" });
    }
  }

  get #state(): ManagedProcessInfo | undefined {
    return this.#stateFile.state.processes.find(({ name }) => name === this.name);
  }

  #ended(status: Deno.CommandStatus): void {
    this.#child = undefined;
    const why = this.#stopping
      ? {}
      : { why: killedFromOutside(status) ?? whyItEnded(this.log.lines) };
    this.#stateFile.update({ ...this.#about, state: "exited", ...why });
  }
}

function killedFromOutside({ signal }: Deno.CommandStatus): string | undefined {
  if (signal === null || signal === "SIGABRT" || signal === "SIGSEGV") return undefined;
  return `it was ended from outside with ${signal} (run "deno task up" to start it again)`;
}
