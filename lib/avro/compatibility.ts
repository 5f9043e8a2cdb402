import { type Schema, typeOf } from "./schema.ts";
import { type AvscField, type AvscType, unqualified } from "./strict_primitives.ts";
import { bare, branchesFor, isTooDeep } from "./branches.ts";

/** What a subject promises about its next version; the `_TRANSITIVE` forms promise it of every version before. */
export type CompatibilityMode =
  | "BACKWARD"
  | "BACKWARD_TRANSITIVE"
  | "FORWARD"
  | "FORWARD_TRANSITIVE"
  | "FULL"
  | "FULL_TRANSITIVE"
  | "NONE";

/** All modes, the strictest pair last but one. */
export const COMPATIBILITY_MODES: readonly CompatibilityMode[] = [
  "BACKWARD",
  "BACKWARD_TRANSITIVE",
  "FORWARD",
  "FORWARD_TRANSITIVE",
  "FULL",
  "FULL_TRANSITIVE",
  "NONE",
];

/** The rule of schema resolution that is broken; the names are those of Java's `SchemaCompatibility`. */
export type Rule =
  | "TYPE_MISMATCH"
  | "NAME_MISMATCH"
  | "FIXED_SIZE_MISMATCH"
  | "MISSING_ENUM_SYMBOLS"
  | "MISSING_UNION_BRANCH"
  | "READER_FIELD_MISSING_DEFAULT_VALUE";

/** One reason why a reader cannot read what a writer wrote. */
export interface Mismatch {
  /** Path of the field, `trip.total_amount`; items of an array are `[]`, values of a map `{}`; "" for the whole. */
  readonly field: string;
  /** The rule it breaks. */
  readonly rule: Rule;
  /** The reason in words, without a verb of blame: `a string reader cannot read a float`. */
  readonly message: string;
}

/** A {@linkcode Mismatch} between two versions. */
export interface Incompatibility extends Mismatch {
  /** `backward`: the new schema cannot read old records. `forward`: the old schema cannot read new records. */
  readonly direction: "backward" | "forward";
  /** Place of the earlier schema in `previous`, from 0. */
  readonly index: number;
}

/** Wider types that read narrower ones (Avro spec, "Schema Resolution"). */
const PROMOTIONS: Readonly<Record<string, readonly string[]>> = {
  long: ["int"],
  float: ["int", "long"],
  double: ["int", "long", "float"],
  string: ["bytes"],
  bytes: ["string"],
};

/**
 * Compares a new schema with the earlier versions as a compatibility mode asks, and names field and rule.
 *
 * Names are compared without their namespace and logical types are ignored, as in Java's `SchemaCompatibility`, which
 * is what the registries run.
 *
 * @example float to string breaks every reader
 * ```ts
 * import assert from "node:assert/strict";
 * import { checkCompatibility } from "./compatibility.ts";
 * import { parseSchema } from "./schema.ts";
 * const ride = (type: string) =>
 *   parseSchema({ type: "record", name: "Ride", fields: [{ name: "total_amount", type }] });
 * const [reason] = checkCompatibility(ride("string"), { mode: "BACKWARD", previous: [ride("float")] });
 * assert.equal(reason?.field, "total_amount");
 * assert.equal(reason?.message, "a string reader cannot read a float");
 * ```
 * @param options.previous Earlier versions, oldest first; without `_TRANSITIVE` only the last counts.
 * @returns Reasons, those of the newest earlier version first; none when compatible.
 */
export function checkCompatibility(
  next: Schema,
  options: { readonly mode: CompatibilityMode; readonly previous: readonly Schema[] },
): Incompatibility[] {
  const { mode, previous } = options;
  const found: Incompatibility[] = [];
  if (mode === "NONE") return found;
  const oldest = mode.endsWith("_TRANSITIVE") ? 0 : Math.max(0, previous.length - 1);
  for (let index = previous.length - 1; index >= oldest; index--) {
    const earlier = previous[index]!;
    if (!mode.startsWith("FORWARD")) {
      for (const one of mismatches(next, earlier)) {
        found.push({ ...one, direction: "backward", index });
      }
    }
    if (!mode.startsWith("BACKWARD")) {
      for (const one of mismatches(earlier, next)) {
        found.push({ ...one, direction: "forward", index });
      }
    }
  }
  return found;
}

/** Reasons that are told of two schemas: nobody reads more, and a stranger's schemas can have thousands. */
const MOST_MISMATCHES = 100;

/**
 * Tells why records of `writer` cannot be read with `reader`.
 *
 * @returns Reasons in the order of the reader's fields, the first 100; none when every record can be read. A record that
 * the schemas use several times is told in full where it is used first, and by its first reason at each other place.
 * @throws {SyntaxError} If the schemas are nested too deeply.
 */
export function mismatches(reader: Schema, writer: Schema): Mismatch[] {
  try {
    return compare(typeOf(reader), typeOf(writer), { path: "", pairs: new Pairs() })
      .slice(0, MOST_MISMATCHES);
  } catch (cause) {
    if (!isTooDeep(cause)) throw cause;
    throw new SyntaxError(
      `Cannot compare "${reader.name ?? "a schema"}" with "${writer.name ?? "a schema"}": ` +
        "they are nested too deeply",
      { cause },
    );
  }
}

interface At {
  readonly path: string;
  readonly pairs: Pairs;
}

/** Where a pair of records was compared, and what came of it; `found` is missing while it is being compared. */
interface Compared {
  readonly path: string;
  found?: readonly Mismatch[];
}

/** The pairs of records that were compared: each is compared once, however often the schemas use it. */
class Pairs {
  readonly #compared = new Map<AvscType, Map<AvscType, Compared>>();
  /** Pairs without a mismatch, the oldest first, and how often a pair was met inside itself. */
  readonly #fitting: (readonly [AvscType, AvscType])[] = [];
  #recursions = 0;

  /** Compares a pair, or tells again what came of it: every mismatch where it was first met, later the first only. */
  once(reader: AvscType, writer: AvscType, { path }: At, compare: () => Mismatch[]): Mismatch[] {
    const writers = this.#compared.getOrInsertComputed(reader, () => new Map());
    const before = writers.get(writer);
    if (before !== undefined) {
      // Inside itself it fits unless something else in it does not.
      if (before.found === undefined) this.#recursions++;
      return before.found?.slice(0, 1).map((one) => movedTo(path, one, before.path)) ?? [];
    }
    const pair: Compared = { path }, fitting = this.#fitting.length, recursions = this.#recursions;
    writers.set(writer, pair);
    const found = compare();
    pair.found = found;
    if (found.length === 0) this.#fitting.push([reader, writer]);
    // What fitted only because this pair was taken to fit is not known any more.
    else if (this.#recursions > recursions) {
      for (const [r, w] of this.#fitting.splice(fitting)) this.#compared.get(r)!.delete(w);
    }
    return found;
  }
}

/** The same mismatch where its record is used at another place. */
function movedTo(path: string, mismatch: Mismatch, from: string): Mismatch {
  const inside = mismatch.field.slice(from.length).replace(/^\./, "");
  return { ...mismatch, field: /^[[{]|^$/.test(inside) ? path + inside : joined(path, inside) };
}

const joined = (path: string, field: string) => path === "" ? field : `${path}.${field}`;

function compare(logicalReader: AvscType, logicalWriter: AvscType, at: At): Mismatch[] {
  const reader = bare(logicalReader), writer = bare(logicalWriter);
  if (isUnion(writer)) return compareWriterUnion(reader, writer, at);
  if (isUnion(reader)) return compareReaderUnion(reader, writer, at);
  if (reader.typeName === writer.typeName) return compareAlike(reader, writer, at);
  if (PROMOTIONS[reader.typeName]?.includes(writer.typeName)) return [];
  return [wrong(at, "TYPE_MISMATCH", `${a(reader)} reader cannot read ${a(writer)}`)];
}

function compareAlike(reader: AvscType, writer: AvscType, at: At): Mismatch[] {
  const kind = reader.typeName;
  if (kind === "array") {
    return compare(reader.itemsType!, writer.itemsType!, { ...at, path: `${at.path}[]` });
  }
  if (kind === "map") {
    return compare(reader.valuesType!, writer.valuesType!, { ...at, path: `${at.path}{}` });
  }
  if (reader.name !== undefined && !sameName(reader, writer)) {
    const message = `"${reader.name}" is not "${writer.name}", nor is that an alias of it`;
    return [wrong(at, "NAME_MISMATCH", message)];
  }
  if (kind === "record") return compareRecords(reader, writer, at);
  if (kind === "enum") return compareEnums(reader, writer, at);
  if (kind === "fixed" && reader.size !== writer.size) {
    const message = `a fixed of ${reader.size} bytes cannot read one of ${writer.size}`;
    return [wrong(at, "FIXED_SIZE_MISMATCH", message)];
  }
  return [];
}

function compareRecords(reader: AvscType, writer: AvscType, at: At): Mismatch[] {
  return at.pairs.once(reader, writer, at, () => {
    const written = new Map(writer.fields!.map((one) => [one.name, one]));
    const found: Mismatch[] = [];
    for (const field of reader.fields!) {
      found.push(...compareField(field, written, { ...at, path: joined(at.path, field.name) }));
      if (found.length >= MOST_MISMATCHES) break;
    }
    return found;
  });
}

function compareField(
  field: AvscField,
  written: ReadonlyMap<string, AvscField>,
  at: At,
): Mismatch[] {
  const alias = field.aliases.find((one) => written.has(one));
  const other = written.get(field.name) ?? (alias === undefined ? undefined : written.get(alias));
  if (other) return compare(field.type, other.type, at);
  if (field.defaultValue() !== undefined) return [];
  return [wrong(
    at,
    "READER_FIELD_MISSING_DEFAULT_VALUE",
    "the reader needs it, the writer does not have it, and it has no default",
  )];
}

function compareEnums(reader: AvscType, writer: AvscType, at: At): Mismatch[] {
  if (reader.default !== undefined) return [];
  const known = new Set(reader.symbols!);
  const unknown = writer.symbols!.filter((symbol) => !known.has(symbol));
  if (unknown.length === 0) return [];
  const message = `the reader has no symbol ${
    unknown.map((one) => `"${one}"`).join(", ")
  } and no default`;
  return [wrong(at, "MISSING_ENUM_SYMBOLS", message)];
}

function compareWriterUnion(reader: AvscType, writer: AvscType, at: At): Mismatch[] {
  const found: Mismatch[] = [];
  for (const branch of writer.types!) {
    found.push(...compare(reader, branch, at));
    if (found.length >= MOST_MISMATCHES) break;
  }
  return found;
}

function compareReaderUnion(reader: AvscType, writer: AvscType, at: At): Mismatch[] {
  const attempts = branchesFor(reader, writer)
    .map((branch) => ({ branch, found: compare(branch, writer, at) }));
  if (attempts.some(({ found }) => found.length === 0)) return [];
  // Reasons inside the branch that was meant say more than "no branch fits".
  const meant = attempts.find(({ branch }) => bare(branch).typeName === writer.typeName);
  if (meant) return meant.found;
  // All others of its kind have other names: the first of them says so.
  const alike = reader.types!.find((branch) => bare(branch).typeName === writer.typeName);
  if (alike) return compare(alike, writer, at);
  const names = reader.types!.slice(0, SHOWN_BRANCHES).map((branch) => bare(branch).branchName);
  const more = reader.types!.length > SHOWN_BRANCHES ? ", …" : "";
  const branches = names.join(", ") + more;
  return [
    wrong(
      at,
      "MISSING_UNION_BRANCH",
      `no branch of the reader's union (${branches}) reads ${a(writer)}`,
    ),
  ];
}

const SHOWN_BRANCHES = 20;

function sameName(reader: AvscType, writer: AvscType): boolean {
  return unqualified(reader.name!) === unqualified(writer.name!) ||
    reader.aliases!.includes(writer.name!);
}

function wrong({ path }: At, rule: Rule, message: string): Mismatch {
  return { field: path, rule, message };
}

function isUnion({ typeName }: AvscType): boolean {
  return typeName.startsWith("union:");
}

/** "a float", "an int", `a record "taxi.Ride"`. */
function a({ typeName, name }: AvscType): string {
  const article = /^[aei]/.test(typeName) ? "an" : "a";
  return name === undefined ? `${article} ${typeName}` : `${article} ${typeName} "${name}"`;
}
