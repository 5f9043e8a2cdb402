const HIDDEN = "(not shown)", INSPECT = Symbol.for("Deno.customInspect");
const NODE_INSPECT = Symbol.for("nodejs.util.inspect.custom");

/**
 * A password or token that no way of showing shows: a notebook keeps whatever a cell shows.
 *
 * Printed, in a table, as JSON, in a template, or copied, it says that it is not shown, or is empty.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { Secret } from "./secret.ts";
 * const password = new Secret("s3cret");
 * assert.equal(`${password}`, "(not shown)");
 * assert.equal(JSON.stringify({ password }), '{"password":"(not shown)"}');
 * assert.equal(password.reveal(), "s3cret");
 * ```
 */
export class Secret {
  readonly #text: string;

  /** Hides a text. */
  constructor(text: string) {
    this.#text = text;
  }

  /** The text itself, to log in with. */
  reveal(): string {
    return this.#text;
  }

  /** What is shown instead. */
  toString(): string {
    return HIDDEN;
  }

  /** What is shown instead. */
  toJSON(): string {
    return HIDDEN;
  }

  /** What is shown instead. */
  [INSPECT](): string {
    return HIDDEN;
  }

  /** What is shown instead. */
  [NODE_INSPECT](): string {
    return HIDDEN;
  }
}

/** The text of a secret, or of one that was given as a text. */
export function revealed(secret: string | Secret): string {
  return typeof secret === "string" ? secret : secret.reveal();
}
