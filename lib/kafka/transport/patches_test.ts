import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { EventEmitter } from "node:events";
import { Kafka, logLevel } from "kafkajs";
import Connection from "kafkajs/src/network/connection.js";
import Encoder from "kafkajs/src/protocol/encoder.js";
import createRequest from "kafkajs/src/protocol/request.js";
import RequestQueue from "kafkajs/src/network/requestQueue/index.js";
import kafkajs from "kafkajs/package.json" with { type: "json" };
import { clusterOf, framed, KAFKAJS_VERSION } from "./patches.ts";

Deno.test("patches were written for the kafkajs version that is installed", () => {
  assert.equal(kafkajs.version, KAFKAJS_VERSION);
});

Deno.test("patches find every kafkajs function they replace", () => {
  for (const name of ["scheduleCheckPendingRequests", "checkPendingRequests"]) {
    assert.equal(typeof RequestQueue.prototype[name], "function", name);
  }
  for (const name of ["connect", "isConnected", "processData", "rejectRequests"]) {
    assert.equal(typeof Connection.prototype[name], "function", name);
  }
});

Deno.test("patches leave an idle request queue without a timer", () => {
  const queue = new RequestQueue({ requestTimeout: 1000, enforceRequestTimeout: false });
  queue.checkPendingRequests();
  assert.equal(queue.throttleCheckTimeoutId, null);
});

/** A connection of kafkajs's over sockets that only say what the test lets them say. */
function heldConnection() {
  const sockets: EventEmitter[] = [], nothing = () => {};
  const connection = new Connection({
    ...{ host: "broker", port: 1, requestTimeout: 60_000, enforceRequestTimeout: true },
    logger: { namespace: () => ({ debug: nothing, error: nothing, warn: nothing }) },
    socketFactory: ({ onConnect }: { readonly onConnect: () => void }) => {
      const socket = Object.assign(new EventEmitter(), {
        write: nothing,
        end: nothing,
        unref: nothing,
      });
      sockets.push(socket);
      queueMicrotask(onConnect);
      return socket;
    },
  });
  const ask = (): Promise<Buffer> =>
    connection.send({
      request: { apiKey: 18, apiVersion: 0, apiName: "ApiVersions", encode: () => new Encoder() },
      response: { decode: (bytes: Buffer) => bytes, parse: (bytes: Buffer) => bytes },
    });
  const isAsked = async () => {
    while (connection.requestQueue.inflight.size === 0) await Promise.resolve();
  };
  return { connection, sockets, ask, isAsked };
}

Deno.test("patches do not take a new connection's first answer for the rest of one that broke off", async () => {
  const { connection, sockets, ask, isAsked } = heldConnection();
  await connection.connect();
  const first = ask();
  await isAsked();
  sockets[0]!.emit("data", Buffer.from([0, 0, 0, 6, 0, 0]));
  sockets[0]!.emit("end");
  await assert.rejects(first, { name: "KafkaJSConnectionClosedError" });
  await connection.connect();
  const second = ask();
  await isAsked();
  sockets[1]!.emit("data", Buffer.from([0, 0, 0, 6, 0, 0, 0, 1, 7, 8]));
  assert.deepEqual(await second, Buffer.from([7, 8]));
  await connection.disconnect();
});

Deno.test("patches leave no request without an end that is made in the moment in which its connection breaks", async () => {
  for (let steps = 0; steps < 40; steps++) {
    const { connection, sockets, ask } = heldConnection();
    await connection.connect();
    const answer = ask().then(() => "answered", ({ name }: Error) => name);
    for (let step = 0; step < steps; step++) await Promise.resolve();
    sockets[0]!.emit("end");
    setTimeout(() => sockets[0]!.emit("close"));
    const late = new Promise<string>((resolve) =>
      setTimeout(() => resolve(`hangs after ${steps} steps`), 50)
    );
    assert.match(await Promise.race([answer, late]), /^KafkaJSConnection(Closed)?Error$/);
  }
});

Deno.test("framed() bytes get kafkajs's header in front of them, in place where there is room", async () => {
  const request = async (payload: object): Promise<Buffer> => {
    const sent = await createRequest({
      correlationId: 7,
      clientId: "zürich",
      request: { apiKey: 0, apiVersion: 7, encode: () => payload },
    });
    return sent.buffer;
  };
  const body = Buffer.from("the body");
  const copied = await request({ buf: body, buffer: body });
  for (const [roomBytes, inPlace] of [[512, true], [21, true], [20, false]] as const) {
    const whole = Buffer.concat([Buffer.alloc(roomBytes, 1), body]);
    const bytes = await request(framed(whole, roomBytes));
    assert.equal(bytes.toString("hex"), copied.toString("hex"));
    assert.equal(bytes.buffer === whole.buffer, inPlace, `${roomBytes} bytes of room`);
  }
});

Deno.test("clusterOf() takes the cluster out of a client without connecting", () => {
  const cluster = clusterOf(new Kafka({ brokers: ["localhost:1"], logLevel: logLevel.NOTHING }));
  assert.equal(typeof cluster.fetchTopicsOffset, "function");
  assert.equal(cluster.isConnected(), false);
});
