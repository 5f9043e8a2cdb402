import { type Schema, typeOf } from "./schema.ts";
import type { AvscType } from "./strict_primitives.ts";

const INTEGER_RANGE: Record<string, string> = {
  int: "a whole number of 32 bits",
  long: "a whole number of at most ±(2^53 − 1)",
  float: "a number that 32 bits can hold",
};

/**
 * Says which field of a value does not fit its schema: runs only after a write failed.
 *
 * @returns A RangeError for a number too large or not whole, else a TypeError; its message names field, value, type.
 */
export function misfit(schema: Schema, value: unknown, cause: unknown): Error {
  const name = schema.name ? ` as "${schema.name}"` : "";
  let found: { path: string; value: unknown; type: AvscType } | undefined;
  try {
    typeOf(schema).isValid(value, {
      errorHook: (path: string[], any: unknown, type: unknown) => {
        found ??= { path: path.join("."), value: any, type: type as AvscType };
      },
    });
  } catch {
    // An ambiguous branch, or a value nested too deeply: the cause says so.
  }
  if (!found) {
    const { message } = cause as Error;
    const deep = message.startsWith("Maximum call stack");
    const reason = deep ? "it is nested too deeply" : message;
    return new TypeError(`Cannot encode the value${name}: ${reason}`, { cause });
  }
  const where = found.path === "" ? "the value" : `field "${found.path}"`;
  const message = `Cannot encode the value${name}: ${where} is ${shown(found.value)}, not ${
    wanted(found.type)
  }`;
  const isNumber = typeof found.value === "number" && found.type.typeName in INTEGER_RANGE;
  return isNumber ? new RangeError(message, { cause }) : new TypeError(message, { cause });
}

/** What a type asks for, in words. */
function wanted(type: AvscType): string {
  const kind = type.typeName;
  if (kind in INTEGER_RANGE) return `${kind} (${INTEGER_RANGE[kind]})`;
  if (kind === "enum") return `one of ${type.symbols!.map((one) => `"${one}"`).join(", ")}`;
  if (kind === "fixed") return `fixed (a Uint8Array of ${type.size} bytes)`;
  if (kind === "bytes") return "bytes (a Uint8Array)";
  if (kind === "record") return `record "${type.name}"`;
  if (kind === "logical:date") return 'date (text like "2021-01-31")';
  if (kind === "logical:decimal") {
    const { precision, scale } = type as unknown as { precision: number; scale: number };
    return `decimal (text like "12.50", at most ${precision} digits, ${scale} of them after the point)`;
  }
  if (kind.startsWith("union:")) {
    return `one of ${type.types!.map(({ branchName }) => branchName).join(", ")}`;
  }
  return kind;
}

/** A value as short text; missing says more than undefined. */
function shown(value: unknown): string {
  if (value === undefined) return "missing";
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value === "number") return String(value);
  let text: string;
  try {
    text = JSON.stringify(value) ?? String(value);
  } catch {
    text = String(value);
  }
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
