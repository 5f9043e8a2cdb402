import assert from "node:assert/strict";
import { frame, type Message, unframe } from "./lsp_framing.ts";

Deno.test("unframe() joins pieces of any size, also inside a letter of two bytes", async () => {
  const messages: Message[] = [
    { jsonrpc: "2.0", id: 1, method: "é" },
    { jsonrpc: "2.0", id: 2, result: null },
  ];
  const bytes = messages.flatMap((message) => [...frame(message)]);
  for (const size of [1, 7, bytes.length]) {
    const read: Message[] = [];
    for await (const message of unframe(pieces(bytes, size))) read.push(message);
    assert.deepEqual(read, messages);
  }
});

Deno.test("unframe() refuses a header without a length", async () => {
  const bytes = [...new TextEncoder().encode("Content-Type: text\r\n\r\n{}")];
  await assert.rejects(unframe(pieces(bytes, 99)).next(), {
    name: "SyntaxError",
    message: 'Cannot read a message: its header has no length "Content-Type: text"',
  });
});

async function* pieces(bytes: readonly number[], size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) {
    yield await Promise.resolve(Uint8Array.from(bytes.slice(at, at + size)));
  }
}
