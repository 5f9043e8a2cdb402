import { Type, types } from "avsc";

/** A logical type: when a schema may carry it, and avsc's class for it. */
export interface LogicalType {
  /** False where the attributes break the spec: the logical type is then ignored, as the spec asks. */
  fits(schema: Record<string, unknown>): boolean;
  readonly type: new (schema: never, options?: unknown) => Type;
}

const DAY_MS = 86_400_000;
/** A record of 900 kB would keep a reader busy for minutes; a scale of 100,000,000 would fill memory with zeros. */
const MOST_DIGITS = 10_000;
const MOST_DECIMAL_BYTES = 8_192;

/** `date`: days since the epoch on the wire, `"2021-01-31"` in a value. */
class DateType extends types.LogicalType {
  protected override _fromValue(days: number): string {
    const date = new Date(days * DAY_MS);
    if (Number.isNaN(date.getTime())) throw new SyntaxError(`${days} days from 1970 is no date`);
    return date.toISOString().slice(0, -"T00:00:00.000Z".length);
  }
  protected override _toValue(value: unknown): number | undefined {
    if (typeof value !== "string" || !/^([+-]\d{2})?\d{4}-\d\d-\d\d$/.test(value)) return undefined;
    const days = Date.parse(`${value}T00:00:00.000Z`) / DAY_MS;
    // 2021-02-30 parses as March on some engines: it has to come back as it went in.
    return Number.isInteger(days) && this._fromValue(days) === value ? days : undefined;
  }
  protected override _resolve(writer: Type): unknown {
    if (writer instanceof DateType) return (value: string) => value;
    return writer.typeName === "int" ? (days: number) => this._fromValue(days) : undefined;
  }
}

/** `decimal`: the unscaled integer, big-endian two's complement, on the wire; `"12.50"` in a value. */
class DecimalType extends types.LogicalType {
  readonly precision: number;
  readonly scale: number;
  constructor(schema: never, options?: unknown) {
    super(schema, options);
    const { precision, scale } = schema as { precision: number; scale?: number };
    this.precision = precision;
    this.scale = scale ?? 0;
  }
  private get size(): number | undefined {
    return (this.underlyingType as { size?: number }).size;
  }
  protected override _fromValue(bytes: Uint8Array): string {
    const text = decimalText(fromTwosComplement(bytes), this.scale);
    if (!this.holds(text)) throw new SyntaxError(`more than ${this.precision} digits`);
    return text;
  }
  protected override _toValue(value: unknown): Uint8Array | undefined {
    if (typeof value !== "string" || !this.holds(value)) return undefined;
    const unscaled = unscaledOf(value, this.scale)!;
    return toTwosComplement(unscaled, this.size);
  }
  private holds(text: string): boolean {
    const unscaled = unscaledOf(text, this.scale);
    return unscaled !== undefined &&
      `${unscaled < 0n ? -unscaled : unscaled}`.length <= this.precision;
  }
  protected override _resolve(writer: Type): unknown {
    if (writer instanceof DecimalType) {
      // Another scale is the same number with more or fewer zeros; a lost digit is an error, never a rounding.
      return (text: string) => {
        const unscaled = unscaledOf(text, this.scale);
        if (unscaled === undefined) {
          throw new SyntaxError(`${text} needs a scale above ${this.scale}`);
        }
        return decimalText(unscaled, this.scale);
      };
    }
    return writer.typeName === "bytes" || writer.typeName === "fixed"
      ? (bytes: Uint8Array) => this._fromValue(bytes)
      : undefined;
  }
}

function unscaledOf(text: string, scale: number): bigint | undefined {
  const [, sign, whole, , fraction = ""] = text.match(/^(-?)(\d+)(\.(\d+))?$/) ?? [];
  if (whole === undefined) return undefined;
  const kept = fraction.replace(/0+$/, "");
  if (kept.length > scale) return undefined;
  const unscaled = BigInt(whole + kept.padEnd(scale, "0"));
  return sign === "-" ? -unscaled : unscaled;
}

function decimalText(unscaled: bigint, scale: number): string {
  const digits = `${unscaled < 0n ? -unscaled : unscaled}`.padStart(scale + 1, "0");
  const cut = digits.length - scale;
  const fraction = scale > 0 ? `.${digits.slice(cut)}` : "";
  return `${unscaled < 0n ? "-" : ""}${digits.slice(0, cut)}${fraction}`;
}

function fromTwosComplement(bytes: Uint8Array): bigint {
  if (bytes.length > MOST_DECIMAL_BYTES) {
    throw new SyntaxError(`a decimal of ${bytes.length} bytes`);
  }
  let n = 0n;
  for (const byte of bytes) n = n << 8n | BigInt(byte);
  return BigInt.asIntN(bytes.length * 8, n);
}

/** Shortest form, as Java's `BigInteger.toByteArray`, or `size` bytes for a fixed; undefined where it is too small. */
function toTwosComplement(n: bigint, size?: number): Uint8Array | undefined {
  let length = size ?? 1;
  while (BigInt.asIntN(length * 8, n) !== n) {
    if (size !== undefined) return undefined;
    length++;
  }
  const bytes = new Uint8Array(length);
  for (let i = length - 1; i >= 0; i--, n >>= 8n) bytes[i] = Number(n & 0xffn);
  return bytes;
}

const isCount = (value: unknown, least: number): value is number =>
  Number.isInteger(value) && (value as number) >= least;

/**
 * The logical types that change how a value looks; every other one is its underlying type.
 *
 * `timestamp-millis` is not here because its long already is what this project calls a time: epoch milliseconds.
 */
export const logicalTypes: Readonly<Record<string, LogicalType>> = {
  date: { fits: ({ type }) => type === "int", type: DateType as LogicalType["type"] },
  decimal: {
    fits: ({ type, precision, scale = 0 }) =>
      (type === "bytes" || type === "fixed") && isCount(precision, 1) && isCount(scale, 0) &&
      scale <= precision && precision <= MOST_DIGITS,
    type: DecimalType as LogicalType["type"],
  },
};
