/**
 * Splitting a stream into named branches.
 *
 * @module
 */
import { branch } from "../../operators/branch.ts";
import type { Predicate } from "../../operators/filter.ts";
import type { Named, Shape } from "./shape.ts";
import { added } from "./steps.ts";

/** Options of `split`. */
export interface SplitOptions<D extends string | false> extends Named {
  /** Where the records go for which no predicate holds; false drops and counts them. @default "rest" */
  readonly defaultBranch?: D;
}

/**
 * The branches by name, the default one last.
 *
 * @throws {TypeError} If a name is the default branch's, or a number: JavaScript would try those first
 */
export function branches<K, V>(
  shape: Shape<K, V>,
  predicates: Readonly<Record<string, Predicate<K, V>>>,
  { name, defaultBranch = "rest" }: SplitOptions<string | false>,
): ReadonlyMap<string, Shape<K, V>> {
  const ways = Object.entries(predicates).map(([output, predicate]) => ({ output, predicate }));
  for (const { output } of ways) mustBeBranch(output, defaultBranch);
  const last = defaultBranch === false ? [] : [{ output: defaultBranch }];
  const create = branch([...ways, ...last]);
  const { node } = added(shape, { name, prefix: "KSTREAM-BRANCH", operator: "split", create });
  return new Map(
    [...ways, ...last].map(({ output }) => [output, { ...shape, edge: { node, output } }]),
  );
}

function mustBeBranch(name: string, defaultBranch: string | false): void {
  if (name === defaultBranch) {
    throw new TypeError(
      `Cannot split: "${name}" is the branch of the records for which no predicate holds ` +
        `(give it another name: split(…, { defaultBranch: "others" }))`,
    );
  }
  if (/^(0|[1-9]\d*)$/.test(name)) {
    throw new TypeError(
      `Cannot split: JavaScript would try the branch "${name}" before those named earlier (begin its name with a letter)`,
    );
  }
}
