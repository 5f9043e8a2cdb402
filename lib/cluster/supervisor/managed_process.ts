import { sleep } from "../../async/mod.ts";
import { type Child, end, type Exit, type Platform } from "../../platform/mod.ts";
import { whyItEnded } from "../faults/words.ts";
import { javaEnvironment } from "../java_args.ts";
import { identify } from "../process.ts";
import type { ManagedProcessInfo } from "../state.ts";
import type { RotatingLog } from "./log.ts";
import type { StateFile } from "./state_file.ts";

/** A Java may take this long on a slow and busy machine before we give up on it. */
const START_WITHIN_MS = 240_000;
const ASK_EVERY_MS = 50;

/** A program to start: it ends in order when its input ends. */
export interface Program {
  readonly command: string;
  readonly args: readonly string[];
  /** Folder it starts in. */
  readonly cwd: string;
  /** What no command line may show: other users of the machine can read those. @default nothing */
  readonly env?: Readonly<Record<string, string>>;
}

/** One Java process of the cluster with its entry in the state file. */
export class ManagedProcess {
  readonly name: string;
  readonly log: RotatingLog;
  readonly #stateFile: StateFile;
  readonly #platform: Platform;
  readonly #about: Pick<ManagedProcessInfo, "name" | "port" | "version">;
  #child: { readonly child: Child; readonly ended: Promise<Exit> } | undefined;
  #entry: ManagedProcessInfo;
  #starting: Promise<unknown> | undefined;
  #stopping = false;
  /** Why it ends, where that is asked for. */
  #asked: "stop" | "kill" | undefined;

  constructor(options: {
    readonly name: string;
    readonly port: number;
    readonly version: string;
    readonly stateFile: StateFile;
    readonly platform: Platform;
    readonly log: RotatingLog;
  }) {
    const { name, port, version } = options;
    this.name = name;
    this.log = options.log;
    this.#stateFile = options.stateFile;
    this.#platform = options.platform;
    this.#about = { name, port, version };
    this.#entry = this.#say({ state: "starting" });
  }

  get isRunning(): boolean {
    return this.#child !== undefined;
  }

  /** The system's number of the process that runs; undefined where none does. */
  get pid(): number | undefined {
    return this.#child?.child.pid;
  }

  /** Starts the process; from now on its end is noticed and explained. */
  async start(program: Program): Promise<void> {
    this.#asked = undefined;
    const { child, ended } = await this.#run(program);
    const process = await identify(child.pid, this.#platform) ?? { pid: child.pid, started: "" };
    this.#say({ state: "starting", process });
    ended.then((exit) => this.#ended(exit));
  }

  /** Runs a tool of this process to its end; true when it succeeded. */
  async runTool(program: Program): Promise<boolean> {
    const { code } = await (await this.#run(program)).ended;
    this.#child = undefined;
    return code === 0;
  }

  /** A supervisor that stops must start nothing more: nobody would ever stop it. */
  async #run({ command, args, cwd, env }: Program) {
    if (this.#stopping) throw new Error(`Cannot start ${this.name}: its cluster is stopping`);
    this.log.begin();
    const starting = this.#platform.spawn(command, {
      args,
      cwd,
      env: { ...javaEnvironment(this.#platform), ...env },
      input: "piped",
      output: "piped",
    });
    this.#starting = starting;
    const child = await starting;
    const said = Promise.all([copy(child.stdout, this.log), copy(child.stderr, this.log)]);
    // Its last words are in the log before anybody asks why it ended.
    const ended = Promise.all([child.exited, said]).then(([exit]) => exit);
    return this.#child = { child, ended };
  }

  /**
   * Waits until a question has the answer wanted, and says that the process runs.
   *
   * @throws {Error} If the process ends first, with the reason; or nothing is answered for four minutes.
   */
  async ready(ask: () => Promise<boolean>): Promise<void> {
    // A clock that stands still while the machine sleeps.
    const deadlineMs = performance.now() + START_WITHIN_MS;
    while (!await ask().catch(() => false)) {
      if (this.#child === undefined) {
        throw new Error(`Cannot start ${this.name}: ${this.#entry.why ?? "it was stopped"}`);
      }
      if (performance.now() > deadlineMs) {
        throw new Error(
          `Cannot start ${this.name}: no answer on port ${this.#about.port} within ` +
            `${START_WITHIN_MS / 1000} s (look at "${this.log.path}")`,
        );
      }
      await sleep(ASK_EVERY_MS);
    }
    if (this.#child !== undefined) this.#say({ ...this.#entry, state: "running" });
  }

  /** Stops it for good, with the cluster: nothing starts it again. */
  async stop(graceMs: number): Promise<void> {
    this.#stopping = true;
    await this.#starting?.catch(() => {});
    await this.#end(graceMs);
    if (this.#entry.state !== "exited") this.#say({ state: "exited" });
  }

  /** Stops it alone; it can be started again. */
  async stopAlone(graceMs: number): Promise<void> {
    this.#asked = "stop";
    await this.#end(graceMs);
  }

  /** Ends it at once, as a power cut would. */
  kill(): void {
    this.#asked = "kill";
    this.#child?.child.kill();
  }

  async #end(graceMs: number): Promise<void> {
    const running = this.#child;
    if (running === undefined) return;
    this.#say({ ...this.#entry, state: "stopping" });
    await end(running.child, graceMs);
    await running.ended;
  }

  #ended(exit: Exit): void {
    this.#child = undefined;
    const why = this.#why(exit);
    this.#say({ state: "exited", ...(why !== undefined && { why }) });
  }

  #why({ signal }: Exit): string | undefined {
    if (this.#stopping) return undefined;
    const again = '(run "deno task up" to start it again)';
    if (this.#asked === "stop") return `it was stopped ${again}`;
    const killed = this.#asked === "kill" ? "SIGKILL" : signal;
    if (killed === null || killed === "SIGABRT" || killed === "SIGSEGV") {
      return whyItEnded(this.log.lines);
    }
    return `it was ended from outside with ${killed} ${again}`;
  }

  #say(entry: Omit<ManagedProcessInfo, "name" | "port" | "version">): ManagedProcessInfo {
    this.#entry = { ...entry, ...this.#about };
    this.#stateFile.update(this.#entry);
    return this.#entry;
  }
}

async function copy(from: ReadableStream<Uint8Array>, log: RotatingLog): Promise<void> {
  const decoder = new TextDecoder();
  for await (const bytes of from) log.write(decoder.decode(bytes, { stream: true }));
}
