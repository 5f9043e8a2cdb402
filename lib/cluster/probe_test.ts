import assert from "node:assert/strict";
import { askCoordinator, askMetadata } from "./probe.ts";

/** A server that gives one connection these bytes as its answer and never closes by itself. */
async function answering(answer: Uint8Array | undefined, ask: (port: number) => Promise<unknown>) {
  using server = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const accepted = server.accept().then(async (connection) => {
    await connection.read(new Uint8Array(1_000));
    if (answer) await connection.write(answer);
    return connection;
  });
  const result = await ask(server.addr.port).then(
    (value) => value,
    (error: Error) => error.message,
  );
  (await accepted).close();
  return result;
}

/** Numbers as bytes, texts with their length: an answer behind its size. */
function frame(...parts: (readonly number[] | string)[]): Uint8Array {
  const body = parts.flatMap((part) =>
    typeof part === "string" ? [0, part.length, ...new TextEncoder().encode(part)] : part
  );
  return new Uint8Array([0, 0, body.length >> 8, body.length & 255, ...body]);
}

const int32 = (
  value: number,
) => [value >> 24 & 255, value >> 16 & 255, value >> 8 & 255, value & 255];

Deno.test("askMetadata() reads cluster, controller and brokers in order of their ids", async () => {
  const answer = frame(
    [...int32(7), ...int32(0), ...int32(2)],
    [...int32(2)],
    "localhost",
    [...int32(19102), 255, 255, ...int32(1)],
    "localhost",
    [...int32(19100), 255, 255],
    "abc",
    [...int32(2), ...int32(0)],
  );
  assert.deepEqual(await answering(answer, (port) => askMetadata(port)), {
    clusterId: "abc",
    controllerId: 2,
    brokers: [
      { id: 1, host: "localhost", port: 19100 },
      { id: 2, host: "localhost", port: 19102 },
    ],
  });
});

Deno.test("askCoordinator() gives Kafka's error code", async () => {
  const answer = frame([...int32(7), ...int32(0), 0, 15]);
  assert.equal(await answering(answer, (port) => askCoordinator(port, "group")), 15);
});

Deno.test("askMetadata() tells a web server from a broker", async () => {
  const answer = new TextEncoder().encode("HTTP/1.1 400 Bad Request\r\n\r\n");
  assert.match(String(await answering(answer, (port) => askMetadata(port))), /is no Kafka broker/);
});

Deno.test("askMetadata() does not wait for ever for a broker that hangs", async () => {
  const said = await answering(undefined, (port) => askMetadata(port, 50));
  assert.ok(typeof said === "string");
});

Deno.test("askMetadata() rejects where nothing listens", async () => {
  const server = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = server.addr;
  server.close();
  await assert.rejects(askMetadata(port), Deno.errors.ConnectionRefused);
});
