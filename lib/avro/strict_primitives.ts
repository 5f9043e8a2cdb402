import { type Type, types } from "avsc";
import { Tap } from "./tap.ts";

/** The members of avsc's types that this room uses, documented or not. */
export interface AvscType extends Omit<Type, "schema"> {
  _read(tap: Tap): unknown;
  _write(tap: Tap, value: unknown): void;
  /** Copies a value; of a default, `{ coerce: 2, wrap: 2 }` are given. */
  _copy(value: unknown, options?: { readonly coerce: number; readonly wrap: number }): unknown;
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

/** How avsc makes a type. */
export type AvscClass = new (schema?: unknown, options?: unknown) => AvscType;
/** avsc's own classes. */
export const avsc = types as unknown as Record<string, AvscClass>;
type Hook = ((value: unknown, type: unknown) => void) | undefined;

/** A name without its namespace: registries compare names so. */
export function unqualified(name: string): string {
  return name.slice(name.lastIndexOf(".") + 1);
}

/** avsc's `_check` contract: says no, and tells the hook which value broke which type. */
export function verdict(ok: boolean, value: unknown, type: unknown, hook: unknown): boolean {
  if (!ok) (hook as Hook)?.(value, type);
  return ok;
}

/** Ends a write; `misfit()` finds out what to say. */
export function refuse(value: unknown): never {
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
export function isText(value: unknown): boolean {
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

export class StrictFixed extends avsc.FixedType! {
  override _write(tap: Tap, value: unknown): void {
    if (!(value instanceof Uint8Array) || value.length !== this.size) refuse(value);
    tap.writeFixed(forTap(tap, value));
  }
  override _check(value: unknown, _flags?: number, hook?: unknown): boolean {
    return verdict(value instanceof Uint8Array && value.length === this.size, value, this, hook);
  }
}

export class StrictEnum extends avsc.EnumType! {
  /** As avsc does, which looks each symbol up in a list. */
  _update(resolver: { symbols?: unknown; _read?: unknown }, writer: AvscType): void {
    const names = [this.name!, ...this.aliases!].map(unqualified);
    if (writer.typeName !== "enum" || !names.includes(unqualified(writer.name!))) return;
    const known = new Set(this.symbols), { default: other } = this;
    const symbols = writer.symbols!.map((symbol) => known.has(symbol) ? symbol : other);
    if (symbols.includes(undefined)) return;
    resolver.symbols = symbols;
    resolver._read = writer._read;
  }
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

/** One instance of each serves every schema. */
export const primitives: Record<string, AvscType> = {
  int: new StrictInt(),
  long: new StrictLong(),
  float: new StrictFloat(),
  string: new StrictString(),
  bytes: new StrictBytes(),
};
