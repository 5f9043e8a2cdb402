import { Type } from "avsc";
import { branchesFor } from "./branches.ts";
import type { AvscType } from "./strict_primitives.ts";
import { malformed, type Tap } from "./tap.ts";

/** Reads what one type wrote as another. */
export interface Resolver {
  _read(tap: Tap): unknown;
}

type CreateResolver = (this: AvscType, writer: AvscType, options: Options) => Resolver;
interface Options {
  readonly ignoreNamespaces: boolean;
  /** Pairs of records that are being resolved, or were: what a recursive record meets again. */
  readonly registry: Record<string, Resolver>;
}

const prototype = Type.prototype as unknown as { createResolver: CreateResolver };

/**
 * Resolves a writer's type with a reader's.
 *
 * avsc refuses a writer's union as soon as one of its branches cannot be read. The specification calls it an error only
 * when a value of that branch comes, and writers with `["null", X]` are common (Debezium's are). It also tries each
 * branch of a reader's union with each of a writer's, and a pair of records again wherever it is met: two small schemas
 * could keep it busy for hours.
 *
 * @throws {Error} If no value of the writer could be read
 */
export function resolver(writer: AvscType, reader: AvscType): Resolver {
  const strict = prototype.createResolver, pairs = new Pairs();
  // avsc calls it for every type inside, and leaves no other way in; nothing else runs before it is put back.
  prototype.createResolver = function (writer, options) {
    if (isUnion(writer)) return branchByBranch(this, writer, options);
    if (isUnion(this)) return firstBranch(this, writer, options);
    return isRecord(this) && isRecord(writer)
      ? pairs.once(this, writer, options.registry, () => strict.call(this, writer, options))
      : strict.call(this, writer, options);
  };
  try {
    // Registries compare names without their namespace, so reading does too.
    return prototype.createResolver.call(reader, writer, { ignoreNamespaces: true, registry: {} });
  } finally {
    prototype.createResolver = strict;
  }
}

/** The pairs of records of one resolution: none is tried again that cannot be resolved. */
class Pairs {
  readonly #failed = new Map<string, unknown>();
  readonly #begun = new Set<string>();
  /** Keys that avsc has put into its registry, the oldest first, and how often a pair was met inside itself. */
  readonly #kept: string[] = [];
  #recursions = 0;

  once(
    reader: AvscType,
    writer: AvscType,
    registry: Options["registry"],
    resolve: () => Resolver,
  ): Resolver {
    const key = `${reader.name}:${writer.name}`; // As avsc names it.
    if (this.#failed.has(key)) throw this.#failed.get(key);
    if (this.#begun.has(key)) this.#recursions++;
    if (Object.hasOwn(registry, key)) return registry[key]!;
    const kept = this.#kept.length, recursions = this.#recursions;
    this.#begun.add(key);
    this.#kept.push(key);
    try {
      return resolve();
    } catch (error) {
      // It was tried as if what it is inside of could be resolved: if not even so, then never.
      this.#failed.set(key, error);
      // What was resolved only because this was taken to be is no answer for another.
      const lost = this.#recursions > recursions ? this.#kept.splice(kept) : [key];
      for (const one of lost) delete registry[one];
      throw error;
    } finally {
      this.#begun.delete(key);
    }
  }
}

/** A writer's union: each of its branches is read on its own, and refused when a value of it comes. */
function branchByBranch(reader: AvscType, writer: AvscType, options: Options): Resolver {
  const failures: unknown[] = [];
  const branches = writer.types!.map((branch): Resolver => {
    try {
      return prototype.createResolver.call(reader, branch, options);
    } catch (cause) {
      failures.push(cause);
      const name = branch.branchName ?? branch.typeName;
      return {
        _read: () => malformed(`a value of ${name}, which the reader's schema does not take`),
      };
    }
  });
  if (failures.length === branches.length) throw failures[0];
  return reading(reader, (tap) => {
    const at = tap.readLong(), branch = branches[at];
    return branch ? branch._read(tap) : malformed(`invalid union index: ${at}`);
  });
}

/** A reader's union: its first branch that can read the writer's type. */
function firstBranch(reader: AvscType, writer: AvscType, options: Options): Resolver {
  for (const branch of branchesFor(reader, writer)) {
    let inner: Resolver;
    try {
      inner = prototype.createResolver.call(branch, writer, options);
    } catch {
      continue;
    }
    if (reader.typeName === "union:unwrapped") return reading(reader, (tap) => inner._read(tap));
    const Wrapped = branch._branchConstructor as unknown as
      | (new (value: unknown) => unknown)
      | null;
    return reading(reader, Wrapped ? (tap) => new Wrapped(inner._read(tap)) : () => null);
  }
  throw new Error(`no branch of the reader's union reads ${writer.name ?? writer.typeName}`);
}

/** With the members that avsc looks for. */
function reading(reader: AvscType, read: (tap: Tap) => unknown) {
  return {
    _readerType: reader,
    _read: read,
    _peek(tap: Tap): unknown {
      const { pos } = tap, value = read(tap);
      tap.pos = pos;
      return value;
    },
  };
}

function isUnion({ typeName }: AvscType): boolean {
  return typeName.startsWith("union:");
}

function isRecord({ typeName }: AvscType): boolean {
  return typeName === "record" || typeName === "error";
}
