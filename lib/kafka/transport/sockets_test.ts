import assert from "node:assert/strict";
import type { Buffer } from "node:buffer";
import net, { type AddressInfo } from "node:net";
import tls from "node:tls";
import { handshakeRefusal, watchedSockets } from "./sockets.ts";

const open = watchedSockets(() => {});
// kafkajs passes no `ssl` where there is none, and declares that it always does.
const connectTo = (port: number) =>
  open({ host: "127.0.0.1", port, ssl: undefined!, onConnect: () => {} });

Deno.test("watchedSockets gives every byte in its order, and hears the end", async () => {
  const sent = new Uint8Array(1_000_000).map((_, at) => at % 251);
  const server = net.createServer((peer) => peer.end(sent));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const socket = connectTo(port);
  const came: Uint8Array[] = [];
  // A copy: what a listener gets is written over by what comes next.
  socket.on("data", (bytes: Buffer) => came.push(Uint8Array.from(bytes)));
  await new Promise((resolve) => socket.on("end", resolve));
  assert.equal(came.reduce((sum, { length }) => sum + length, 0), sent.length);
  let at = 0;
  for (const part of came) {
    assert.deepEqual(part, sent.subarray(at, at + part.length));
    at += part.length;
  }
  const closed = new Promise((resolve) => socket.on("close", resolve));
  socket.destroy();
  await closed;
  await new Promise((resolve) => server.close(resolve));
});

Deno.test("watchedSockets tells of a port where nothing listens", async () => {
  const server = net.createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  const socket = connectTo(port);
  const error = await new Promise<Error & { code?: string }>((resolve) =>
    socket.on("error", resolve)
  );
  assert.equal(error.code, "ECONNREFUSED");
});

Deno.test("handshakeRefusal() hears every time why a broker closes, as no request is on its way", async () => {
  const file = (name: string) =>
    Deno.readTextFileSync(`${import.meta.dirname}/../client/testdata/${name}`);
  const ca = file("ca.pem"), own = { cert: file("localhost.pem"), key: file("localhost.key") };
  for (const requestCert of [true, false]) {
    const server = tls.createServer(
      { ...own, ca, requestCert },
      (peer) => peer.on("error", () => {}),
    );
    server.on("tlsClientError", () => {});
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const broker = `localhost:${(server.address() as AddressInfo).port}`;
    for (let n = 0; n < 10; n++) {
      const refusal = await handshakeRefusal(broker, { ca }, requestCert ? 60_000 : 20);
      if (requestCert) assert.match(`${refusal?.message}`, /CertificateRequired/);
      else assert.equal(refusal, undefined);
    }
    await new Promise((resolve) => server.close(resolve));
  }
});
