/** A JSON-RPC message of the language server protocol. */
export interface Message {
  readonly jsonrpc: "2.0";
  readonly id?: number | string | null;
  readonly method?: string;
  readonly params?: unknown;
  readonly result?: unknown;
  readonly error?: unknown;
}

const HEADER_END = new TextEncoder().encode("\r\n\r\n");

/**
 * Writes a message the way language servers read it: its length in bytes, then the message.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { frame } from "./lsp_framing.ts";
 * const text = new TextDecoder().decode(frame({ jsonrpc: "2.0", method: "é" }));
 * assert.equal(text, 'Content-Length: 31\r\n\r\n{"jsonrpc":"2.0","method":"é"}');
 * ```
 */
export function frame(message: Message): Uint8Array {
  const body = new TextEncoder().encode(JSON.stringify(message));
  const head = new TextEncoder().encode(`Content-Length: ${body.length}\r\n\r\n`);
  const framed = new Uint8Array(head.length + body.length);
  framed.set(head);
  framed.set(body, head.length);
  return framed;
}

/** Reads messages from bytes that arrive in pieces of any size. */
export async function* unframe(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Message> {
  let rest = new Uint8Array(0);
  for await (const piece of bytes) {
    const joined = new Uint8Array(rest.length + piece.length);
    joined.set(rest);
    joined.set(piece, rest.length);
    rest = joined;
    for (let found = cut(rest); found; found = cut(rest)) {
      rest = rest.slice(found.end);
      yield found.message;
    }
  }
}

/** The first whole message, and where it ends. */
function cut(bytes: Uint8Array): { message: Message; end: number } | undefined {
  const head = indexOf(bytes, HEADER_END);
  if (head < 0) return undefined;
  const header = new TextDecoder().decode(bytes.subarray(0, head));
  const length = Number(header.match(/content-length: *(\d+)/i)?.[1]);
  if (!Number.isInteger(length)) {
    throw new SyntaxError(`Cannot read a message: its header has no length "${header}"`);
  }
  const start = head + HEADER_END.length, end = start + length;
  if (bytes.length < end) return undefined;
  return { message: JSON.parse(new TextDecoder().decode(bytes.subarray(start, end))), end };
}

function indexOf(bytes: Uint8Array, wanted: Uint8Array): number {
  for (let at = 0; at + wanted.length <= bytes.length; at++) {
    if (wanted.every((byte, i) => bytes[at + i] === byte)) return at;
  }
  return -1;
}
