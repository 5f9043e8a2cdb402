import type { MisconceptionId } from "./misconceptions.ts";
import type { Notebook } from "./notebook.ts";

/** An answer to an exercise that ships beside its solution: a second right one, or a wrong one that learners give. */
export interface ShippedAnswer {
  /** Cell of the solution notebook, such as `ex-1-wrong-2`. */
  readonly id: string;
  /** Cell that it stands in for, such as `ex-1-code`. */
  readonly stub: string;
  /** Whether the check must say *yes*. */
  readonly right: boolean;
  /** What the check says to a wrong answer, white space made single; empty for a right one. */
  readonly says: string;
  /** The misconception that the check names. */
  readonly belief?: MisconceptionId;
  /** The code, without the comment that says what it is. */
  readonly source: string;
}

/**
 * The answers in a solution notebook beside the solutions: cells `ex-1-right-2` and `ex-1-wrong-1`.
 *
 * A wrong one begins with a comment of what the check says to it:
 *
 * ```ts ignore
 * // ✗ M06 lagOf({ committed: 10, begin: 0, end: 12 }) gives 1, not 2:
 * // 10 is the next to read
 *
 * const lagOf = …
 * ```
 * A line that ends with a backslash goes on without a space: what has no space in it may be longer than a line.
 * @throws {SyntaxError} If a wrong answer does not begin with its sentence.
 */
export function answersOf(notebook: Notebook): readonly ShippedAnswer[] {
  return notebook.cells.filter(({ kind }) => kind === "code").flatMap(
    ({ id, source }): ShippedAnswer[] => {
      const named = id.match(/^(ex-\d+)-(right|wrong)-\d+$/);
      if (named === null) return [];
      const right = named[2] === "right", stub = `${named[1]}-code`;
      if (right) return [{ id, stub, right, says: "", source }];
      const head = source.match(/^\/\/ ✗ (?:(M\d\d) )?((?:.*\n\/\/ )*.*)\n+/);
      if (head === null) {
        throw new SyntaxError(
          `Cannot read answer "${notebook.name}#${id}": its first line is not "// ✗ …"`,
        );
      }
      const says = oneLine(head[2]!.replaceAll("\\\n// ", "").replaceAll("\n// ", " "));
      const belief = head[1] as MisconceptionId | undefined;
      const code = source.slice(head[0].length);
      return [{ id, stub, right, says, source: code, ...(belief === undefined ? {} : { belief }) }];
    },
  );
}

/** A sentence with its white space made single, as it is compared. */
export function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}

/** Whether a check asks Kafka or the registry: then it can be tried only where they run. */
export function asksTheCluster(check: string): boolean {
  return /\b(kafka|registry)\b/.test(check);
}
