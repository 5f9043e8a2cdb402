import { Type } from "avsc";
import type { AvscType } from "./strict_primitives.ts";
import { malformed, type Tap } from "./tap.ts";

/** Reads what one type wrote as another. */
export interface Resolver {
  _read(tap: Tap): unknown;
}

type CreateResolver = (this: AvscType, writer: AvscType, options?: Options) => Resolver;
interface Options {
  readonly ignoreNamespaces?: boolean;
  /** Records that are being resolved, by their names: what a recursive record meets again. */
  registry?: Record<string, Resolver>;
}

const prototype = Type.prototype as unknown as { createResolver: CreateResolver };

/**
 * Resolves a writer's type with a reader's.
 *
 * avsc refuses a writer's union as soon as one of its branches cannot be read. The specification calls it an error only
 * when a value of that branch comes, and writers with `["null", X]` are common (Debezium's are).
 *
 * @throws {Error} avsc's own, if no value of the writer could be read
 */
export function resolver(writer: AvscType, reader: AvscType): Resolver {
  const strict = prototype.createResolver;
  // avsc calls it for every type inside, and leaves no other way in; nothing else runs before it is put back.
  prototype.createResolver = function (writer, options = {}) {
    if (!writer.typeName.startsWith("union:")) return strict.call(this, writer, options);
    return branchByBranch(this, writer, options);
  };
  try {
    // Registries compare names without their namespace, so reading does too.
    return prototype.createResolver.call(reader, writer, { ignoreNamespaces: true });
  } finally {
    prototype.createResolver = strict;
  }
}

function branchByBranch(reader: AvscType, writer: AvscType, options: Options): Resolver {
  const failures: unknown[] = [];
  const branches = writer.types!.map((branch): Resolver => {
    const open = { ...options.registry };
    try {
      return prototype.createResolver.call(reader, branch, options);
    } catch (cause) {
      failures.push(cause);
      // What was begun for this branch is no answer for another.
      options.registry = open;
      const name = branch.branchName ?? branch.typeName;
      return {
        _read: () => malformed(`a value of ${name}, which the reader's schema does not take`),
      };
    }
  });
  if (failures.length === branches.length) throw failures[0];
  const union: Resolver & { readonly _readerType: AvscType } = {
    _readerType: reader,
    _read(tap) {
      const at = tap.readLong(), branch = branches[at];
      return branch ? branch._read(tap) : malformed(`invalid union index: ${at}`);
    },
  };
  return union;
}
