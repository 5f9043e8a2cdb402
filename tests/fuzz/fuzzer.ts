import { mutate } from "./mutate.ts";
import { Random } from "./random.ts";
import { type Finding, type Target, tryInput } from "./target.ts";

/** So many inputs are kept to go on from. */
const MOST_POOL = 1_000;
/** More findings of one decoder than this are one and the same fault in all likelihood. */
const MOST_FINDINGS = 5;

/**
 * Tries one decoder with input after input: each is made of one that is known by a few changes.
 *
 * An input that took another way than all before it, as far as errors and sizes tell, is gone on from. The same seed
 * tries the same inputs.
 */
export class Fuzzer {
  readonly target: Target;
  readonly findings: Finding[] = [];
  /** How many inputs were tried. */
  tried = 0;
  readonly #random: Random;
  readonly #pool: Uint8Array[];
  readonly #marks = new Set<string>();

  /** @param corpus Inputs that once were findings: gone on from as well */
  constructor(
    target: Target,
    options: { readonly seed: number; readonly corpus?: readonly Uint8Array[] },
  ) {
    this.target = target;
    this.#random = new Random(options.seed);
    this.#pool = [...target.seeds, ...options.corpus ?? []];
  }

  /** How many inputs are gone on from. */
  get ways(): number {
    return this.#pool.length;
  }

  /** Makes the next input. */
  next(): Uint8Array {
    const { target } = this, random = this.#random;
    const words = target.words && { words: target.words };
    const input = mutate(random.of(this.#pool), random, { pool: this.#pool, ...words });
    return target.seal && random.below(4) > 0 ? target.seal(input) : input;
  }

  /** Tries it. */
  async try(input: Uint8Array): Promise<void> {
    this.tried++;
    const { mark, why } = await tryInput(this.target, input);
    if (this.#marks.has(mark)) return;
    if (why === undefined) {
      if (this.#pool.length >= MOST_POOL) return;
      this.#pool.push(input);
    } else if (this.findings.length < MOST_FINDINGS) {
      this.findings.push({ target: this.target.name, why, input });
    }
    this.#marks.add(mark);
  }
}
