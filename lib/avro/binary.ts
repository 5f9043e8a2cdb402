import { mismatches } from "./compatibility.ts";
import { misfit } from "./misfit.ts";
import { type Resolver, resolver } from "./resolver.ts";
import { type Schema, typeOf } from "./schema.ts";
import { Tap } from "./tap.ts";

/** Written into again and again, one copy a value; grows to the largest value seen. */
const out = new Tap(new Uint8Array(1024));
const input = new Tap(new Uint8Array(0));

/** Writes one value into bytes of its own. */
export type Encode = (value: unknown, header: Uint8Array | undefined) => Uint8Array;
/** Reads one value that begins at `from` and ends with the bytes. */
export type Decode = (bytes: Uint8Array, from: number) => unknown;

/**
 * Makes the function that writes values of a schema.
 *
 * @throws {TypeError} (the function) If a value does not fit: names the field, the value and the type.
 * @throws {RangeError} (the function) If a number is too large for its type.
 */
export function encoder(schema: Schema): Encode {
  const type = typeOf(schema);
  return (value, header) => {
    for (;;) {
      out.pos = 0;
      if (header !== undefined) {
        const { buf } = out;
        for (let i = 0; i < header.length; i++) buf[i] = header[i]!;
        out.pos = header.length;
      }
      try {
        type._write(out, value);
      } catch (cause) {
        throw misfit(schema, value, cause);
      }
      if (out.pos <= out.buf.length) return out.buf.slice(0, out.pos);
      out.buf = new Uint8Array(out.pos * 2);
    }
  };
}

/**
 * Makes the function that reads bytes of `writer`'s schema as values of `reader`'s (Avro spec, "Schema Resolution").
 *
 * @param reader @default the writer's own schema
 * @throws {SyntaxError} If no value of the writer's could be read; (the function) if the bytes are no such value: too
 * short, too long, a union branch or enum symbol that does not exist, or that the reader does not take, an int of 33
 * bits, text that is not UTF-8, …
 */
export function decoder(writer: Schema, reader: Schema = writer): Decode {
  const type = typeOf(reader);
  const source = reader.text === writer.text ? type : resolved(writer, reader);
  return (bytes, from) => {
    input.reset(bytes, from);
    let value: unknown;
    try {
      value = source._read(input);
    } catch (cause) {
      throw unreadable(bytes, cause);
    }
    if (input.pos < bytes.length) {
      const extra = bytes.length - input.pos;
      throw new SyntaxError(
        `Cannot decode ${bytes.length} bytes as Avro: ${extra} left over at the end`,
      );
    }
    return value;
  };
}

function resolved(writer: Schema, reader: Schema): Resolver {
  try {
    return resolver(typeOf(writer), typeOf(reader));
  } catch (cause) {
    const found = mismatches(reader, writer).map(({ field, rule, message }) =>
      `${field === "" ? "" : `field "${field}": `}${message} (${rule})`
    );
    const reasons = found.length > 0 ? found.join("; ") : (cause as Error).message;
    throw new SyntaxError(
      `Cannot read "${writer.name ?? writer.text}" as "${reader.name ?? reader.text}": ${reasons}`,
      { cause },
    );
  }
}

/** What is said of bytes that are no value of their schema. */
export function unreadable(bytes: Uint8Array, cause: unknown): SyntaxError {
  const { message } = cause as Error;
  const reason = message.startsWith("Maximum call stack")
    ? "the value is nested too deeply"
    : message;
  return new SyntaxError(`Cannot decode ${bytes.length} bytes as Avro: ${reason}`, { cause });
}

/**
 * Encodes one value as Avro binary, without a header.
 *
 * @example 2 and a float32
 * ```ts
 * import assert from "node:assert/strict";
 * import { decodeBinary, encodeBinary, parseSchema } from "./mod.ts";
 * const schema = parseSchema('"int"');
 * assert.deepEqual([...encodeBinary(schema, -2)], [3]); // zig-zag
 * assert.equal(decodeBinary(schema, new Uint8Array([3])), -2);
 * ```
 * @throws {TypeError | RangeError} If the value does not fit the schema.
 */
export function encodeBinary(schema: Schema, value: unknown): Uint8Array {
  return encoder(schema)(value, undefined);
}

/**
 * Decodes one value of Avro binary, without a header.
 *
 * @param options.reader Schema to read it as. @default the schema it was written with
 * @throws {SyntaxError} If the bytes are no such value, or the schemas do not resolve.
 */
export function decodeBinary(
  writer: Schema,
  bytes: Uint8Array,
  options: { readonly reader?: Schema } = {},
): unknown {
  return decoder(writer, options.reader)(bytes, 0);
}
