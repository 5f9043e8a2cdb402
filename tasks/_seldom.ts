/**
 * Lines that would come by the thousand, told now and then with their number.
 *
 * @module
 */

/** What has not been told of one kind. */
interface Untold {
  times: number;
  told: number;
  nextMs: number;
  line: (times: number) => string;
}

/**
 * Tells the first of a kind at once, and then at most one line in so long, which says how many there were by then.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { Seldom } from "./_seldom.ts";
 * const said: string[] = [];
 * const seldom = new Seldom((line) => said.push(line), { everyMs: 5_000 });
 * for (let i = 0; i < 3; i++) seldom.tell("skipped", (times) => `${times} skipped`);
 * seldom.flush();
 * assert.deepEqual(said, ["1 skipped", "3 skipped"]);
 * ```
 */
export class Seldom {
  readonly #kinds = new Map<string, Untold>();

  constructor(
    readonly say: (line: string) => void,
    readonly options: { readonly everyMs: number },
  ) {}

  /** Something of a kind happened. */
  tell(kind: string, line: (times: number) => string): void {
    const known = this.#kinds.get(kind) ?? { times: 0, told: 0, nextMs: 0, line };
    this.#kinds.set(kind, known);
    known.times++;
    known.line = line;
    if (performance.now() < known.nextMs) return;
    this.#tellNow(known);
  }

  /** Tells what happened since the last line of each kind. */
  flush(): void {
    for (const known of this.#kinds.values()) {
      if (known.times > known.told) this.#tellNow(known);
    }
  }

  #tellNow(known: Untold): void {
    known.nextMs = performance.now() + this.options.everyMs;
    known.told = known.times;
    this.say(known.line(known.times));
  }
}
