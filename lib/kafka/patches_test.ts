import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { Kafka, logLevel, PartitionAssigners } from "kafkajs";
import ConsumerGroup from "kafkajs/src/consumer/consumerGroup.js";
import createRequest from "kafkajs/src/protocol/request.js";
import RequestQueue from "kafkajs/src/network/requestQueue/index.js";
import kafkajs from "kafkajs/package.json" with { type: "json" };
import { clusterOf, framed, hooked, KAFKAJS_VERSION } from "./patches.ts";

Deno.test("patches were written for the kafkajs version that is installed", () => {
  assert.equal(kafkajs.version, KAFKAJS_VERSION);
});

Deno.test("patches find every kafkajs function they replace", () => {
  for (const name of ["scheduleCheckPendingRequests", "checkPendingRequests"]) {
    assert.equal(typeof RequestQueue.prototype[name], "function", name);
  }
  for (const name of ["joinAndSync", "assigned", "seek", "commitOffsets"]) {
    assert.equal(typeof ConsumerGroup.prototype[name], "function", name);
  }
});

Deno.test("patches leave an idle request queue without a timer", () => {
  const queue = new RequestQueue({ requestTimeout: 1000, enforceRequestTimeout: false });
  queue.checkPendingRequests();
  assert.equal(queue.throttleCheckTimeoutId, null);
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

Deno.test("hooked() surrounds a join with the hooks, and skips the first on the first join", async () => {
  const calls: string[] = [];
  const assigner = hooked(PartitionAssigners.roundRobin, {
    beforeRejoin: () => Promise.resolve(void calls.push("before")),
    afterJoin: () => Promise.resolve(void calls.push("after")),
  });
  const group = Object.create(ConsumerGroup.prototype, {
    assigners: {
      // deno-lint-ignore no-explicit-any -- no broker here: the join itself is stubbed by `retrier`.
      value: [assigner({ cluster: {} as any, groupId: "g", logger: {} as any })],
    },
    retrier: { value: () => Promise.resolve(void calls.push("join")) },
    offsetManager: { value: null, writable: true },
    memberId: { value: null, writable: true },
  });
  await group.joinAndSync();
  group.offsetManager = {};
  group.memberId = "m";
  await group.joinAndSync();
  assert.deepEqual(calls, ["join", "after", "before", "join", "after"]);
});
