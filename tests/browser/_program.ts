import config from "../../deno.json" with { type: "json" };

/** A `deno task` in a process of its own, as in a terminal; disposing ends it as Ctrl-C does. */
export class Program implements AsyncDisposable {
  readonly #process: Deno.ChildProcess;

  /** Starts it with the very flags that `deno.json` gives it: no task runner stands between it and a signal. */
  constructor(
    task: keyof typeof config.tasks,
    args: readonly string[],
    env: Readonly<Record<string, string>>,
  ) {
    const [, ...flags] = config.tasks[task].split(" ");
    this.#process = new Deno.Command(Deno.execPath(), {
      args: [...flags, ...args],
      env: { ...env, NO_COLOR: "1" },
      stdin: "null",
      stdout: "null",
      stderr: "inherit",
    }).spawn();
  }

  /** As this consumer names itself among the members of its group. */
  get member(): string {
    return `consumer-${this.#process.pid}`;
  }

  /** Waits until it has done its work. @throws {Error} If it failed. */
  async done(): Promise<void> {
    const { success, code } = await this.#process.status;
    if (!success) throw new Error(`The program ended with code ${code}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      this.#process.kill("SIGINT");
    } catch {
      // It has ended already.
    }
    await this.#process.status;
  }
}
