/**
 * avsc's types, made strict: what avsc writes or reads wrongly without a word is refused here.
 *
 * Plain avsc with its limits told would be 560 lines less and was tried: it reads past the end of cut bytes as zeros,
 * takes 53 of 20,000 random payloads for values, spends seconds and a gigabyte on five bytes that claim a hundred
 * million items, writes half a surrogate pair as bytes that no other client reads, finds "toString" among an enum's
 * symbols, and knows bytes only as Node's Buffer. Nobody who learns Kafka should have to know that list, so there is one
 * layer: this file and `strict_primitives.ts` are the types, `tap.ts` the bytes, `resolver.ts` the two schemas.
 *
 * These classes override members that avsc does not document. That is safe as long as the version stands still:
 * `strict_types_test.ts` fails when avsc is not 5.7.9.
 *
 * @module
 */
import { Type } from "avsc";
import { logicalTypes } from "./logical_types.ts";
import {
  avsc,
  type AvscClass,
  type AvscType,
  isText,
  primitives,
  refuse,
  StrictEnum,
  StrictFixed,
  verdict,
} from "./strict_primitives.ts";
import { malformed, MAX_EMPTY_ITEMS, type Tap } from "./tap.ts";

/** Reads the blocks of an array or a map; counts and sizes come from the bytes, so nothing is believed. */
function readBlocks(tap: Tap, readItem: () => void): void {
  for (let count = tap.readLong(); count !== 0; count = tap.readLong()) {
    let end = -1;
    if (count < 0) {
      count = -count;
      end = tap.readLong() + tap.pos;
    }
    while (count-- > 0) {
      const before = tap.pos;
      readItem();
      if (tap.pos === before && ++tap.emptyItems > MAX_EMPTY_ITEMS) {
        malformed(`more than ${MAX_EMPTY_ITEMS} items without a byte`);
      }
    }
    if (end >= 0 && end !== tap.pos) {
      malformed(`a block of another size than it says, at byte ${tap.pos}`);
    }
  }
}

class StrictArray extends avsc.ArrayType! {
  override _read(tap: Tap): unknown[] {
    const items = this.itemsType!, found: unknown[] = [];
    readBlocks(tap, () => found.push(items._read(tap)));
    return found;
  }
  override _write(tap: Tap, value: unknown): void {
    if (!Array.isArray(value)) refuse(value);
    const items = this.itemsType!, start = tap.pos;
    if (value.length > 0) {
      tap.writeLong(value.length);
      const before = tap.pos;
      for (let i = 0; i < value.length; i++) items._write(tap, value[i]);
      if (tap.pos === before && value.length > MAX_EMPTY_ITEMS) {
        tap.pos = start;
        throw new RangeError(`more than ${MAX_EMPTY_ITEMS} items without a byte`);
      }
    }
    tap.writeLong(0);
  }
  _skip(tap: Tap): void {
    this._read(tap);
  }
}

class StrictMap extends avsc.MapType! {
  override _read(tap: Tap): Record<string, unknown> {
    const values = this.valuesType!, found: Record<string, unknown> = {};
    readBlocks(tap, () => {
      const key = tap.readString(), value = values._read(tap);
      if (key !== "__proto__") found[key] = value;
      else {Object.defineProperty(found, key, {
          value,
          enumerable: true,
          writable: true,
          configurable: true,
        });}
    });
    return found;
  }
  override _write(tap: Tap, value: unknown): void {
    if (!Object.keys(value as object).every(isText)) refuse("a map key");
    super._write(tap, value);
  }
  override _check(value: unknown, flags?: number, hook?: unknown, path?: string[]): boolean {
    const isMap = typeof value === "object" && value !== null && !Array.isArray(value) &&
      !(value instanceof Uint8Array) && Object.keys(value).every(isText);
    return isMap ? super._check(value, flags, hook, path) : verdict(false, value, this, hook);
  }
  _skip(tap: Tap): void {
    this._read(tap);
  }
}

class StrictUnwrappedUnion extends avsc.UnwrappedUnionType! {
  /** avsc's choice of a branch, which knows bytes only as Node's Buffer. */
  _getIndex(value: unknown): number | undefined {
    const base = avsc.UnwrappedUnionType!.prototype as unknown as {
      _getIndex(value: unknown): number | undefined;
    };
    if (!(value instanceof Uint8Array)) return base._getIndex.call(this, value);
    const index = this.types!.findIndex((type) => type._check(value));
    return index < 0 ? undefined : index;
  }
}

const complex: Record<string, AvscClass> = {
  fixed: StrictFixed,
  enum: StrictEnum,
  array: StrictArray,
  map: StrictMap,
};

/** Buckets in which avsc cannot tell two union branches apart by their value. */
const BUCKETS: Record<string, string> = {
  int: "number",
  long: "number",
  float: "number",
  double: "number",
  bytes: "buffer",
  fixed: "buffer",
  string: "string",
  enum: "string",
  map: "object",
  record: "object",
};

function unionOf(schemas: readonly unknown[], options: unknown): AvscType {
  const branches = schemas.map((one) => forSchema(one, options));
  const names = branches.filter((type) => !type.typeName.startsWith("logical:")).map(
    (type) => BUCKETS[type.typeName] ?? type.typeName,
  );
  const ambiguous = new Set(names).size < names.length;
  return ambiguous
    ? new avsc.WrappedUnionType!(branches, options)
    : new StrictUnwrappedUnion(branches, options);
}

function forSchema(schema: unknown, options: unknown): AvscType {
  return Type.forSchema(schema as Type, options as object) as unknown as AvscType;
}

/** Builds avsc's type for a schema, with the strict classes in the place of avsc's own. */
export function strictType(definition: unknown): AvscType {
  const begun = new Set<unknown>();
  const typeHook = (schema: unknown, options: unknown): unknown => {
    if (Array.isArray(schema)) return unionOf(schema, options);
    if (typeof schema === "string") return primitives[schema];
    const { type, logicalType } = schema as { type?: unknown; logicalType?: unknown };
    if (begun.has(schema)) begun.delete(schema);
    else if (typeof logicalType === "string" && Object.hasOwn(logicalTypes, logicalType)) {
      begun.add(schema);
      // avsc builds the logical type and comes back here for the type beneath it.
      if (logicalTypes[logicalType]!.fits(schema as Record<string, unknown>)) return undefined;
    }
    if (typeof type !== "string") return undefined;
    return primitives[type] ?? (complex[type] ? new complex[type](schema, options) : undefined);
  };
  const classes = Object.fromEntries(
    Object.entries(logicalTypes).map(([name, logical]) => [name, logical.type]),
  );
  const type = withDefaultsCounted(() =>
    forSchema(definition, { typeHook, logicalTypes: classes, noAnonymousTypes: true })
  );
  makePlain(type, new Set());
  return type;
}

/** Records that the defaults of one schema may hold in all: 2 kB of records used twice by the next would make millions. */
const MOST_DEFAULT_RECORDS = 65_536;

/**
 * Runs what fills defaults in, as avsc does while it parses, by `_copy`; nothing else runs before that is put back.
 *
 * @throws {SyntaxError} If they hold too many records
 */
export function withDefaultsCounted<T>(parse: () => T): T {
  const record = avsc.RecordType!.prototype as unknown as { _copy(value: unknown): unknown };
  const copy = record._copy;
  let records = 0;
  record._copy = function (...args) {
    if (++records > MOST_DEFAULT_RECORDS) {
      throw tooManyDefaults();
    }
    return copy.apply(this, args);
  };
  try {
    return parse();
  } catch (error) {
    // avsc puts each default that it was filling in around the reason.
    if (records > MOST_DEFAULT_RECORDS) throw tooManyDefaults();
    throw error;
  } finally {
    record._copy = copy;
  }
}

function tooManyDefaults(): SyntaxError {
  return new SyntaxError(`its defaults hold more than ${MOST_DEFAULT_RECORDS} records`);
}

/** Records and wrapped branches come out as plain objects, not as instances of classes avsc makes up. */
function makePlain(type: AvscType, seen: Set<AvscType>): void {
  if (seen.has(type)) return;
  seen.add(type);
  if (type.recordConstructor) type.recordConstructor.prototype = Object.prototype;
  if (typeof type._branchConstructor === "function") {
    (type._branchConstructor as { prototype: object }).prototype = Object.prototype;
  }
  for (const { type: inner } of type.fields ?? []) makePlain(inner, seen);
  for (const inner of type.types ?? []) makePlain(inner, seen);
  for (const inner of [type.itemsType, type.valuesType, type.underlyingType]) {
    if (inner) makePlain(inner, seen);
  }
}
