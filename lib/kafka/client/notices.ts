/** Something worth telling while work goes on. */
export interface Notice {
  /** `trouble`: work waits; `better`: it goes on again; `info`: good to know. */
  readonly kind: "trouble" | "better" | "info";
  /** One line in plain words. */
  readonly text: string;
}

/** How long a broker has been silent when it is worth a line; after the last, once in as long again. */
const TELL_AFTER_MS = [1_000, 5_000, 15_000, 30_000];

/**
 * Turns a stream of connection failures into few lines: the first after a second, then rarely, and one when it is over.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { Silence } from "./notices.ts";
 * const silence = new Silence("localhost:9092");
 * assert.equal(silence.failed(0), undefined);
 * assert.equal(silence.failed(12_000)?.text, "Kafka at localhost:9092 does not answer, retrying (12 s)");
 * assert.equal(silence.answered(20_000)?.text, "Kafka at localhost:9092 answers again after 20 s");
 * ```
 */
export class Silence {
  readonly #broker: string;
  #sinceMs: number | undefined;
  #tellAfterMs = TELL_AFTER_MS[0]!;
  #told = false;

  /** @param broker `host:port`, as the learner would write it. */
  constructor(broker: string) {
    this.#broker = broker;
  }

  /** A connection failed at `nowMs`; gives the line to print, if it is time for one. */
  failed(nowMs: number): Notice | undefined {
    this.#sinceMs ??= nowMs;
    const silentMs = nowMs - this.#sinceMs;
    if (silentMs < this.#tellAfterMs) return undefined;
    this.#told = true;
    this.#tellAfterMs = TELL_AFTER_MS.find((ms) => ms > silentMs) ??
      silentMs + TELL_AFTER_MS.at(-1)!;
    return {
      kind: "trouble",
      text: `Kafka at ${this.#broker} does not answer, retrying (${seconds(silentMs)} s)`,
    };
  }

  /** A connection came about at `nowMs`; gives the line that ends the trouble, if it was told. */
  answered(nowMs: number): Notice | undefined {
    const silentMs = nowMs - (this.#sinceMs ?? nowMs), told = this.#told;
    this.#sinceMs = undefined;
    this.#tellAfterMs = TELL_AFTER_MS[0]!;
    this.#told = false;
    if (!told) return undefined;
    return {
      kind: "better",
      text: `Kafka at ${this.#broker} answers again after ${seconds(silentMs)} s`,
    };
  }
}

const seconds = (ms: number) => Math.round(ms / 1000);
