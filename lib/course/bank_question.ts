import type { MisconceptionId } from "./misconceptions.ts";

/** A question of the bank. */
export interface BankQuestion {
  /** Number of the notebook that teaches it, such as `03`; some are of lessons to come. */
  readonly notebook: string;
  /** What `quiz()` calls it. */
  readonly name: string;
  /** One sentence, or the beginning of one. */
  readonly question: string;
  /** In the order in which they are asked. */
  readonly options: readonly BankOption[];
  /** Why the right one is right. */
  readonly why: string;
}

/** One possible answer. */
export interface BankOption {
  /** A few words. */
  readonly text: string;
  /** Whether it is the right one; one of them is. */
  readonly right?: boolean;
  /** What one who chooses it seems to believe. */
  readonly belief?: MisconceptionId;
}

/** The right option. */
export const yes = (text: string): BankOption => ({ text, right: true });
/** A wrong one. */
export const no = (text: string, belief?: MisconceptionId): BankOption =>
  belief === undefined ? { text } : { text, belief };

/**
 * A question.
 *
 * @param id Notebook and name, such as `03 committed-end`.
 */
export function ask(
  id: string,
  question: string,
  options: readonly BankOption[],
  why: string,
): BankQuestion {
  const [notebook, name] = id.split(" ") as [string, string];
  return { notebook, name, question, options, why };
}
