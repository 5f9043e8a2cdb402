/**
 * A consumer as a learner runs it.
 *
 * @module
 */
import { linesOf } from "../testkit/lines.ts";

/** One `deno task consumer` in a terminal of its own. */
export class Terminal {
  readonly seen: number[] = [];
  readonly errors: string[] = [];
  total: number | undefined;
  readonly #process: Deno.ChildProcess;
  readonly #reading: Promise<unknown>;

  constructor(
    { brokers, topic, group }: {
      readonly brokers: readonly string[];
      readonly topic: string;
      readonly group: string;
    },
  ) {
    this.#process = new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "tasks/consumer.ts", "--json", "--topic", topic, "--group", group],
      env: { KAFKA_BROKERS: brokers.join(","), NO_COLOR: "1" },
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    this.#reading = Promise.all([this.#records(), this.#stderr()]);
  }

  /** The member's name, as the consumer chooses it. */
  get member(): string {
    return `consumer-${this.#process.pid}`;
  }

  /** Sends a signal and waits for the end; gives the exit code. */
  async end(signal: Deno.Signal): Promise<number> {
    try {
      this.#process.kill(signal);
    } catch {
      // It has ended already.
    }
    const { code } = await this.#process.status;
    await this.#reading;
    return code;
  }

  async #records(): Promise<void> {
    for await (const line of linesOf(this.#process.stdout)) {
      const read = JSON.parse(line);
      if (read.total) this.total = read.total.records;
      else this.seen.push(read.value.number);
    }
  }

  async #stderr(): Promise<void> {
    for await (const line of linesOf(this.#process.stderr)) this.errors.push(line);
  }
}
