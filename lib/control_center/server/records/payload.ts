import { readJavaWindowedKey, windowedKeyIn } from "../../../views/mod.ts";
import type { Payload, ReadAs, SchemaPlace, WindowPlace } from "../../contract.ts";
import { eventTime } from "../../page/words.ts";
import { layOut, visible } from "./visible.ts";

/** What a schema makes of the bytes behind its id. */
export type ReadBySchema =
  | { readonly kind: "avro" | "protobuf"; readonly value: unknown }
  /** The schema only describes them: they are read as any others. */
  | { readonly kind: "plain"; readonly body: Uint8Array };

/** Reads bytes that begin with a schema's id. */
export type SchemaReader = (
  bytes: Uint8Array,
) => Promise<ReadBySchema & { readonly schema: SchemaPlace } | { readonly trouble: string }>;

/** How much is shown, and how what has a schema is read. */
export interface PayloadOptions {
  /** So many characters of it, JSON laid out over lines. @default one line of at most 400 characters */
  readonly chars?: number;
  readonly bySchema?: SchemaReader;
  /** How the bytes are read. @default "auto" */
  readonly readAs?: ReadAs;
}

const LINE = 400;
/** Most characters that a page shows of one key or value. */
export const MOST_CHARS = 65_536;
/** What is larger is not parsed for a look at it. */
const LARGE = 65_536;
/** Bytes shown as hexadecimal. */
const HEX = { line: 64, whole: 4_096 };
/** Header of the registry's wire format: a zero and a schema id. */
const SCHEMA_HEADER_BYTES = 5;

/**
 * Reads bytes as what they most likely are.
 *
 * Avro, Protobuf or JSON with a schema that the registry knows; a windowed key in one of its three formats; JSON; text; a number of four
 * or eight bytes as Java writes it; else hexadecimal bytes.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { payload } from "./payload.ts";
 * const bytes = new TextEncoder().encode('{"key":1,"start":0,"end":60000}');
 * assert.equal((await payload(bytes)).text, "1 @ [1970-01-01 00:00:00, 1970-01-01 00:01:00)");
 * ```
 */
export async function payload(
  bytes: Uint8Array | null,
  options: PayloadOptions = {},
): Promise<Payload> {
  if (bytes === null) return { kind: "null", text: "null", bytes: 0, cut: false };
  const { readAs = "auto" } = options;
  if (readAs !== "auto") return readWith(readAs, bytes, options);
  const read = await readBySchema(bytes, options);
  if (read) {
    if (!("schema" in read)) {
      const plain = plainPayload(bytes, options);
      // Java's numbers begin with zeros, too: a time as a long looks like a schema's id.
      return plain.kind === "number" ? plain : { ...plain, trouble: read.trouble };
    }
    const { schema } = read;
    if (read.kind === "plain") {
      return { ...plainPayload(read.body, options), bytes: bytes.length, schema };
    }
    try {
      return { ...decodedPayload(read, options), bytes: bytes.length, schema };
    } catch {
      // One record must not end the view of all the others.
      return { ...plainPayload(bytes, options), trouble: "its value is nested too deeply to show" };
    }
  }
  return plainPayload(bytes, options);
}

/** What the schema that bytes begin with makes of them; undefined where they begin with none. */
export async function readBySchema(bytes: Uint8Array, { bySchema }: PayloadOptions) {
  const hasId = bytes[0] === 0 && bytes.length >= SCHEMA_HEADER_BYTES;
  return bySchema && hasId ? await bySchema(bytes) : undefined;
}

/** Bytes as somebody says that they are; as they look where that cannot be. */
function readWith(
  readAs: Exclude<ReadAs, "auto">,
  bytes: Uint8Array,
  options: PayloadOptions,
): Payload {
  if (readAs === "hex") return hexPayload(bytes, options);
  if (readAs === "text") {
    const limit = longest(options);
    const text = visible(new TextDecoder().decode(bytes.subarray(0, limit * 4)));
    const cut = text.length > limit || bytes.length > limit * 4;
    return { kind: "text", text: text.slice(0, limit), cut, bytes: bytes.length };
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (bytes.length !== (readAs === "int" ? 4 : 8)) {
    const trouble = `${bytes.length} bytes are no ${readAs}`;
    return { ...plainPayload(bytes, options), trouble };
  }
  const number = readAs === "int"
    ? view.getInt32(0)
    : readAs === "long"
    ? view.getBigInt64(0)
    : view.getFloat64(0);
  return { kind: "number", as: readAs, text: `${number}`, cut: false, bytes: bytes.length };
}

/** What bytes are that no schema explains. */
function plainPayload(bytes: Uint8Array, options: PayloadOptions): Payload {
  const limit = longest(options);
  const text = asText(bytes.subarray(0, limit * 4));
  const isLarge = bytes.length > LARGE;
  const whole = text !== undefined && !isLarge ? asText(bytes) : undefined;
  const json = whole === undefined ? undefined : parsed(whole);
  const shown = (kind: Payload["kind"], all: string): Payload => ({
    kind,
    text: all.slice(0, limit),
    cut: all.length > limit || bytes.length > limit * 4,
    bytes: bytes.length,
  });
  const window = json === undefined ? javaWindow(bytes) : jsonWindow(json.value);
  if (window) return { ...shown("window", interval(window)), window };
  if (json) return shown("json", visible(options.chars ? layOut(whole!) : whole!));
  // Too large to be parsed for a look: its first and last bytes say whether it is meant to be JSON.
  if (text !== undefined && isLarge && looksLikeJson(bytes)) return shown("json", visible(text));
  if (text !== undefined) return shown("text", visible(text));
  const number = javaNumber(bytes);
  if (number !== undefined) {
    return { ...shown("number", number), as: bytes.length === 4 ? "int" : "long" };
  }
  return hexPayload(bytes, options);
}

function hexPayload(bytes: Uint8Array, { chars }: PayloadOptions): Payload {
  const most = chars === undefined ? HEX.line : Math.min(HEX.whole, Math.floor(chars / 3)),
    cut = bytes.length > most;
  return { kind: "bytes", text: hexOf(bytes.subarray(0, most)), bytes: bytes.length, cut };
}

/** The whole of a key or value as text, to look for something in it: as it is stored, and as it is shown. */
export async function wholeText(
  bytes: Uint8Array | null,
  options: PayloadOptions,
): Promise<string> {
  if (bytes === null) return "";
  const shown = await payload(bytes, options);
  if (shown.kind === "avro" || shown.kind === "protobuf") {
    if (!shown.cut) return shown.text;
    const read = await readBySchema(bytes, options);
    return read && "value" in read ? textOf(read.value) : shown.text;
  }
  if (shown.kind === "bytes") return hexOf(bytes);
  // A windowed key is shown as an interval, and stored as JSON or bytes.
  return `${new TextDecoder().decode(bytes)}\n${shown.text}`;
}

const longest = ({ chars }: PayloadOptions) => chars ?? LINE;

/** Bytes as two hexadecimal digits each. */
export function hexOf(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join(" ");
}

function decodedPayload(
  { kind, value }: Exclude<ReadBySchema, { kind: "plain" }>,
  options: PayloadOptions,
): Omit<Payload, "bytes"> {
  const limit = longest(options), plain = textOf(value);
  const text = visible(options.chars ? layOut(plain) : plain);
  return { kind, text: text.slice(0, limit), cut: text.length > limit };
}

function textOf(value: unknown): string {
  return JSON.stringify(
    value,
    (_, part) =>
      part instanceof Uint8Array
        ? hexOf(part.subarray(0, 256))
        : typeof part === "bigint"
        ? `${part}`
        : part,
  ) ?? "null";
}

/** Text, if the bytes are UTF-8 without more than a few control characters; the end may cut a character in two. */
function asText(bytes: Uint8Array): string | undefined {
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true })
      .decode(bytes, { stream: true });
    // deno-lint-ignore no-control-regex -- zero bytes tell that it is not written for reading.
    const strange = text.match(/[\x00-\x08\x0e-\x1f]/g)?.length ?? 0;
    return strange * 10 > text.length || (strange > 0 && bytes.length <= 32 && strange > 2)
      ? undefined
      : text;
  } catch {
    return undefined;
  }
}

function parsed(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

function looksLikeJson(bytes: Uint8Array): boolean {
  const begin = new TextDecoder().decode(bytes.subarray(0, 64)).trimStart();
  const end = new TextDecoder().decode(bytes.subarray(-64)).trimEnd().at(-1);
  return (/^\{\s*["}]/.test(begin) && end === "}") ||
    (/^\[\s*["\d{[\]tfn-]/.test(begin) && end === "]");
}

/** `{"key","start","end"}`, and Faust's `[key,[start,end]]`. */
function jsonWindow(value: unknown): WindowPlace | undefined {
  const window = windowedKeyIn(value);
  if (!window) return undefined;
  const { key, start, end } = window;
  // Faust counts in seconds: a time between 2001 and 2286 then has ten digits.
  const unit = Array.isArray(value) && start >= 1e9 && start < 1e10 ? 1_000 : 1;
  return { key: nameOf(key), start: start * unit, end: end * unit };
}

/** Kafka Streams' bytes: the key, then the start; for sessions the end before it. */
function javaWindow(bytes: Uint8Array): WindowPlace | undefined {
  // A changelog of windows has four bytes more, a sequence number.
  for (const after of [0, 4]) {
    const whole = bytes.subarray(0, Math.max(0, bytes.length - after));
    if (whole.length < 8 || bytes.length < 9) return undefined;
    const window = readJavaWindowedKey(whole);
    if (!plausible(window.start)) continue;
    const session = after === 0 && whole.length > 16
      ? readJavaWindowedKey(whole, { session: true })
      : undefined;
    const isSession = session && plausible(session.end) && session.end >= session.start;
    const { key } = isSession ? session : window;
    const text = asText(key) ?? javaNumber(key) ?? hexOf(key);
    const end = isSession ? session.end : null;
    return { key: nameOf(parsed(text)?.value ?? text), start: window.start, end };
  }
  return undefined;
}

/** From 2000 to 2100: anything else in eight bytes is not a time. */
const plausible = (ms: number) => ms >= 946_684_800_000 && ms < 4_102_444_800_000;

function nameOf(key: unknown): string {
  return visible(typeof key === "string" ? key : JSON.stringify(key) ?? "null").slice(0, LINE);
}

function interval({ key, start, end }: WindowPlace): string {
  return `${key} @ [${eventTime(start)}, ${end === null ? "…" : eventTime(end)})`;
}

/** An int or a long as Java's serializers write them. */
function javaNumber(bytes: Uint8Array): string | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (bytes.length === 4) return `${view.getInt32(0)}`;
  if (bytes.length === 8) return `${view.getBigInt64(0)}`;
  return undefined;
}
