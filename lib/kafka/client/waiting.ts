import { isUnreachable } from "./errors.ts";
import type { Notice } from "./notices.ts";

/** When a wait is told, in ms since it began; after the last, once in as long again. */
const TELL_AFTER_MS = [2_500, 6_000, 12_000, 20_000, 30_000];

/**
 * Says what work waits for when it is kept waiting: the first line within three seconds, then rarely, and one at the end.
 *
 * A broker that cannot be connected to is told by its sockets; this is for what is refused, or not there, again and again.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { Waiting } from "./waiting.ts";
 * let nowMs = 0;
 * const said: string[] = [];
 * const waiting = new Waiting('writing to topic "t"', ({ text }) => said.push(text), () => nowMs);
 * waiting.because("not enough replicas are in sync");
 * nowMs = 3_000;
 * waiting.because("not enough replicas are in sync");
 * nowMs = 5_000;
 * waiting.over();
 * assert.deepEqual(said, [
 *   'writing to topic "t" waits (3 s): not enough replicas are in sync',
 *   'writing to topic "t" goes on after 5 s',
 * ]);
 * ```
 */
export class Waiting {
  readonly #what: string;
  readonly #tell: (notice: Notice) => void;
  readonly #now: () => number;
  #sinceMs: number | undefined;
  #tellAfterMs = TELL_AFTER_MS[0]!;
  #why = "Kafka does not answer";
  /** Whether somebody else tells of it. */
  #quiet = false;

  /** @param what What is waiting, such as `reading topic "t"`. */
  constructor(what: string, tell: (notice: Notice) => void, now: () => number = Date.now) {
    this.#what = what;
    this.#tell = tell;
    this.#now = now;
  }

  /** How long it has been waiting. */
  get ms(): number {
    return this.#sinceMs === undefined ? 0 : this.#now() - this.#sinceMs;
  }

  /** The last reason that was given. */
  get why(): string {
    return this.#why;
  }

  /** Work begins that may take long. */
  begin(): void {
    this.#sinceMs ??= this.#now();
  }

  /** It still waits, as far as is known for what it waited for before. */
  still(): void {
    if (!this.#quiet) this.because(this.#why);
  }

  /** An attempt failed, and there will be another. */
  because(why: string): void {
    this.#sinceMs ??= this.#now();
    this.#why = why;
    this.#quiet = false;
    const { ms } = this;
    if (ms < this.#tellAfterMs) return;
    this.#tellAfterMs = TELL_AFTER_MS.find((one) => one > ms) ?? ms + TELL_AFTER_MS.at(-1)!;
    this.#tell({ kind: "trouble", text: `${this.#what} waits (${seconds(ms)} s): ${why}` });
  }

  /** As {@link because}, with an error; silent where no connection came about: the sockets tell. */
  afterError(error: unknown, inWords: Error): void {
    this.#sinceMs ??= this.#now();
    if (!isUnreachable(error)) return this.because(reasonOf(inWords));
    this.#why = reasonOf(inWords);
    this.#quiet = true;
  }

  /** It need not wait any longer. */
  over(): void {
    const told = this.#tellAfterMs !== TELL_AFTER_MS[0], { ms } = this;
    this.#sinceMs = undefined;
    this.#tellAfterMs = TELL_AFTER_MS[0]!;
    if (told) this.#tell({ kind: "better", text: `${this.#what} goes on after ${seconds(ms)} s` });
  }
}

const seconds = (ms: number) => Math.round(ms / 1_000);

/** Why an attempt failed, out of `Cannot <do something>: <why>`. */
function reasonOf(error: Error): string {
  return error.message.replace(/^Cannot (?:[^:"]|"[^"]*")*: /, "");
}
