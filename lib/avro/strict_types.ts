/**
 * avsc's types, made strict: what avsc writes or reads wrongly without a word is refused here.
 *
 * These classes override members that avsc does not document. That is safe as long as the version stands still:
 * `strict_types_test.ts` fails when avsc is not 5.7.9.
 *
 * @module
 */
import { Type, types } from "avsc";
import { logicalTypes } from "./logical_types.ts";
import { malformed, MAX_EMPTY_ITEMS, Tap } from "./tap.ts";

/** The members of avsc's types that this room uses, documented or not. */
export interface AvscType extends Omit<Type, "schema"> {
  _read(tap: Tap): unknown;
  _write(tap: Tap, value: unknown): void;
  _check(value: unknown, flags?: number, hook?: unknown, path?: string[]): boolean;
  readonly _branchConstructor?: { prototype: object } | null;
  readonly fields?: readonly AvscField[];
  readonly recordConstructor?: { prototype: object };
  readonly itemsType?: AvscType;
  readonly valuesType?: AvscType;
  readonly underlyingType?: AvscType;
  readonly types?: readonly AvscType[];
  readonly symbols?: readonly string[];
  readonly size?: number;
  readonly default?: string;
}

/** A field of a record type. */
export interface AvscField {
  readonly name: string;
  readonly type: AvscType;
  readonly aliases: readonly string[];
  defaultValue(): unknown;
}

type AvscClass = new (schema?: unknown, options?: unknown) => AvscType;
const avsc = types as unknown as Record<string, AvscClass>;
type Hook = ((value: unknown, type: unknown) => void) | undefined;

/** avsc's `_check` contract: says no, and tells the hook which value broke which type. */
function verdict(ok: boolean, value: unknown, type: unknown, hook: unknown): boolean {
  if (!ok) (hook as Hook)?.(value, type);
  return ok;
}

function refuse(value: unknown): never {
  throw new TypeError(`a value that does not fit: ${String(value)}`);
}

class StrictInt extends avsc.IntType! {
  override _read(tap: Tap): number {
    return tap.readInt();
  }
  override _check(value: unknown, _flags?: number, hook?: unknown): boolean {
    return verdict(value === ((value as number) | 0), value, this, hook);
  }
}

class StrictLong extends avsc.LongType! {
  override _read(tap: Tap): number {
    return tap.readLong();
  }
  override _write(tap: Tap, value: unknown): void {
    if (!Number.isSafeInteger(value)) refuse(value);
    tap.writeLong(value as number);
  }
  override _check(value: unknown, _flags?: number, hook?: unknown): boolean {
    return verdict(Number.isSafeInteger(value), value, this, hook);
  }
}

/** True for what a 32-bit float can hold, rounded: not for 1e39, which would become Infinity. */
function fitsFloat(value: unknown): boolean {
  if (typeof value !== "number") return false;
  return Math.abs(value) <= 3.4028235677973362e38 || !Number.isFinite(value);
}

class StrictFloat extends avsc.FloatType! {
  override _write(tap: Tap, value: unknown): void {
    if (!fitsFloat(value)) refuse(value);
    tap.writeFloat(value as number);
  }
  override _check(value: unknown, _flags?: number, hook?: unknown): boolean {
    return verdict(fitsFloat(value), value, this, hook);
  }
}

/** Half a surrogate pair has no UTF-8; avsc would write bytes that nobody can read. */
function isText(value: unknown): boolean {
  return typeof value === "string" && value.isWellFormed();
}

class StrictString extends avsc.StringType! {
  override _write(tap: Tap, value: unknown): void {
    if (!isText(value)) refuse(value);
    tap.writeString(value as string);
  }
  override _check(value: unknown, _flags?: number, hook?: unknown): boolean {
    return verdict(isText(value), value, this, hook);
  }
}

/** avsc's own tap, at work only while a schema is parsed, takes Node's Buffer alone. */
function forTap(tap: Tap, value: Uint8Array): Uint8Array {
  return tap instanceof Tap ? value : bufferOf(tap, value);
}

function bufferOf(tap: { readonly buf: Uint8Array }, value: Uint8Array): Uint8Array {
  const Buffer = tap.buf.constructor as unknown as { from(bytes: Uint8Array): Uint8Array };
  return Buffer.from(value);
}

class StrictBytes extends avsc.BytesType! {
  override _write(tap: Tap, value: unknown): void {
    if (!(value instanceof Uint8Array)) refuse(value);
    tap.writeBytes(forTap(tap, value));
  }
  override _check(value: unknown, _flags?: number, hook?: unknown): boolean {
    return verdict(value instanceof Uint8Array, value, this, hook);
  }
}

class StrictFixed extends avsc.FixedType! {
  override _write(tap: Tap, value: unknown): void {
    if (!(value instanceof Uint8Array) || value.length !== this.size) refuse(value);
    tap.writeFixed(forTap(tap, value));
  }
  override _check(value: unknown, _flags?: number, hook?: unknown): boolean {
    return verdict(value instanceof Uint8Array && value.length === this.size, value, this, hook);
  }
}

class StrictEnum extends avsc.EnumType! {
  override _write(tap: Tap, value: unknown): void {
    // avsc looks symbols up in an object: "toString" would be found there.
    const index = this.symbols!.indexOf(value as string);
    if (index < 0) refuse(value);
    tap.writeLong(index);
  }
  override _check(value: unknown, _flags?: number, hook?: unknown): boolean {
    return verdict(this.symbols!.includes(value as string), value, this, hook);
  }
}

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

const primitives: Record<string, AvscType> = {
  int: new StrictInt(),
  long: new StrictLong(),
  float: new StrictFloat(),
  string: new StrictString(),
  bytes: new StrictBytes(),
};
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
  const type = forSchema(definition, { typeHook, logicalTypes: classes });
  makePlain(type, new Set());
  return type;
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
