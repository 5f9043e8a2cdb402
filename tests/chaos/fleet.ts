import { sleep } from "../../lib/async/mod.ts";

/**
 * Worker processes that are started again when they die, killed, and frozen.
 *
 * @module
 */

/** What a fleet runs. */
export interface FleetOptions {
  readonly workers: number;
  /** Path of the script. */
  readonly script: string;
  readonly args: readonly string[];
  /** Environment of the n-th start, counted over all workers from 0; `spared` once no more harm is wanted. */
  readonly env: (
    start: number,
    context: { readonly place: number; readonly spared: boolean },
  ) => Readonly<Record<string, string>>;
}

/** One process at a place of the fleet. */
interface Member {
  readonly process: Deno.ChildProcess;
  readonly output: Promise<unknown>;
}

/** Who has not ended this long after a signal does not hear it. */
const DEAF_MS = 20_000;

/** Keeps so many workers alive until it is ended. */
export class Fleet {
  readonly #options: FleetOptions;
  readonly #members = new Map<number, Member>();
  readonly #watching: Promise<void>[] = [];
  #starts = 0;
  #spared = false;
  readonly #closed = new Set<number>();
  #ended = false;
  /** How often a worker ended without being told to by `kill()`: its own crash points. */
  selfKills = 0;
  /** Lines of all workers, events as JSON, errors as they are. */
  readonly lines: string[] = [];

  constructor(options: FleetOptions) {
    this.#options = options;
    for (let place = 0; place < options.workers; place++) this.#watching.push(this.#keep(place));
  }

  /** kill -9; the place is filled again at once, unless it is for good. */
  kill(place: number, { forGood = false }: { readonly forGood?: boolean } = {}): void {
    this.selfKills--;
    if (forGood) this.#closed.add(place);
    this.#members.get(place)?.process.kill("SIGKILL");
  }

  /** Ends a worker by a signal, or at last by SIGKILL; gives its exit code and how long it took. The place is filled again at once. */
  async interrupt(
    place: number,
    signal: Deno.Signal,
  ): Promise<{ readonly code: number; readonly ms: number }> {
    const { process } = this.#members.get(place)!, startMs = performance.now();
    this.selfKills--;
    process.kill(signal);
    const end = setTimeout(() => process.kill("SIGKILL"), DEAF_MS);
    const { code } = await process.status;
    clearTimeout(end);
    return { code, ms: performance.now() - startMs };
  }

  /** Resolves when a place that was emptied is filled again. */
  async filled(place: number): Promise<void> {
    while (!this.#members.has(place)) await sleep(5);
  }

  /** Freezes a worker for so long, then lets it go on as if nothing had been. */
  async freeze(place: number, ms: number): Promise<void> {
    this.#members.get(place)!.process.kill("SIGSTOP");
    await sleep(ms);
    this.wake(place);
  }

  /** Lets a frozen worker go on. */
  wake(place: number): void {
    try {
      this.#members.get(place)?.process.kill("SIGCONT");
    } catch {
      // It was killed meanwhile.
    }
  }

  /** Waits until the workers have said enough; five minutes are too long. */
  async says(what: string, enough: (lines: readonly string[]) => boolean): Promise<void> {
    const deadlineMs = Date.now() + 300_000;
    while (!enough(this.lines)) {
      if (Date.now() > deadlineMs) throw new Error(`Cannot wait any longer for ${what}`);
      await sleep(50);
    }
  }

  /** Places that are to be filled. */
  get places(): readonly number[] {
    return this.#watching.map((_, place) => place).filter((place) => !this.#closed.has(place));
  }

  /** Processes that live. */
  get pids(): readonly number[] {
    return [...this.#members.values()].map(({ process }) => process.pid);
  }

  /** Ctrl-C; the place stays empty. */
  leave(place: number): void {
    this.selfKills--;
    this.#closed.add(place);
    this.#members.get(place)?.process.kill("SIGINT");
  }

  /** Tells `env` that what starts from now on is to live. */
  spare(): void {
    this.#spared = true;
  }

  /** Adds one more worker. */
  add(): number {
    const place = this.#watching.length;
    this.#watching.push(this.#keep(place));
    return place;
  }

  /** Ends all of them. */
  async end(signal: "SIGINT" | "SIGKILL" = "SIGKILL"): Promise<void> {
    this.#ended = true;
    for (const { process } of this.#members.values()) {
      try {
        process.kill(signal);
      } catch {
        // It has ended already.
      }
    }
    await Promise.all(this.#watching);
  }

  async #keep(place: number): Promise<void> {
    while (!this.#ended && !this.#closed.has(place)) {
      const { script, args, env } = this.#options;
      const process = new Deno.Command(Deno.execPath(), {
        args: ["run", "-A", "--no-check", script, ...args],
        env: { ...env(this.#starts++, { place, spared: this.#spared }), NO_COLOR: "1" },
        stdin: "null",
        stdout: "piped",
        stderr: "piped",
      }).spawn();
      const output = Promise.all([this.#listen(process.stdout), this.#listen(process.stderr)]);
      this.#members.set(place, { process, output });
      await process.status;
      await output;
      this.#members.delete(place);
      if (!this.#ended) this.selfKills++;
    }
  }

  async #listen(stream: ReadableStream<Uint8Array>): Promise<void> {
    const decoder = new TextDecoder();
    let rest = "";
    for await (const bytes of stream) {
      const parts = (rest + decoder.decode(bytes, { stream: true })).split("\n");
      rest = parts.pop()!;
      this.lines.push(...parts.filter((line) => line !== ""));
    }
    if (rest !== "") this.lines.push(rest);
  }
}
