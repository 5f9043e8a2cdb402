import { type AvscType, unqualified } from "./strict_primitives.ts";

/** A type without its logical type. */
export function bare(type: AvscType): AvscType {
  return type.underlyingType ? bare(type.underlyingType) : type;
}

/** The branches of a union that have no name, and those that have one, by each of their names. */
interface Index {
  readonly unnamed: readonly AvscType[];
  readonly named: ReadonlyMap<string, readonly AvscType[]>;
  readonly place: ReadonlyMap<AvscType, number>;
}

const indexes = new WeakMap<AvscType, Index>();

/**
 * The branches of a reader's union that could read what a writer's type wrote, in the union's order: those without a
 * name, of which a union has a handful, and those of the writer's name. A union may have thousands.
 */
export function branchesFor(union: AvscType, writer: AvscType): readonly AvscType[] {
  const { unnamed, named, place } = indexes.getOrInsertComputed(union, () => indexOf(union));
  const { name } = bare(writer);
  if (name === undefined) return unnamed;
  return [...unnamed, ...named.get(unqualified(name)) ?? []]
    .sort((a, b) => place.get(a)! - place.get(b)!);
}

function indexOf(union: AvscType): Index {
  const unnamed: AvscType[] = [], named = new Map<string, AvscType[]>();
  for (const branch of union.types!) {
    const { name, aliases = [] } = bare(branch);
    if (name === undefined) unnamed.push(branch);
    else {
      for (const one of new Set([name, ...aliases].map(unqualified))) {
        named.getOrInsertComputed(one, () => []).push(branch);
      }
    }
  }
  return { unnamed, named, place: new Map(union.types!.map((branch, at) => [branch, at])) };
}

/** Whether a function that calls itself for what is inside ran out of room. */
export function isTooDeep(error: unknown): boolean {
  return error instanceof RangeError && /call stack/.test(error.message);
}
