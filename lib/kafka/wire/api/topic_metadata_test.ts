import assert from "node:assert/strict";
import { RequestWriter } from "../request_writer.ts";
import { decodeBody, encodeBody } from "./api.ts";
import { TOPIC_METADATA } from "./topic_metadata.ts";

Deno.test("TOPIC_METADATA reads the topics beside one whose partition has no leader", () => {
  const LEADER_NOT_AVAILABLE = 5;
  const out = new RequestWriter(true);
  out.tags();
  out.int32(0);
  out.array([], () => {});
  out.string("cluster");
  out.int32(2);
  out.array([["lost", -1, LEADER_NOT_AVAILABLE], ["well", 2, 0]] as const, (one) => {
    const [topic, leader, errorCode] = one;
    out.int16(0);
    out.string(topic);
    out.raw(new Uint8Array(16));
    out.bool(false);
    out.array([0], (partition) => {
      out.int16(errorCode);
      out.int32(partition);
      out.int32(leader);
      out.int32(7); // leader epoch
      out.array([1, 2], (id) => out.int32(id));
      out.array(leader < 0 ? [] : [2], (id) => out.int32(id));
      out.array(leader < 0 ? [1] : [], (id) => out.int32(id));
      out.tags();
    });
    out.int32(0);
    out.tags();
  });
  out.tags();
  const { clusterId, controllerId, topics } = decodeBody(TOPIC_METADATA, out.bytes, 12);
  assert.deepEqual([clusterId, controllerId], ["cluster", 2]);
  assert.deepEqual(topics.map(({ topic, partitions }) => [topic, partitions]), [
    ["lost", [{ partition: 0, leader: -1, replicas: [1, 2], inSync: [] }]],
    ["well", [{ partition: 0, leader: 2, replicas: [1, 2], inSync: [2] }]],
  ]);
});

Deno.test("TOPIC_METADATA asks for all topics by null, and for none by an empty list", () => {
  const asked = (
    topics: readonly string[] | null,
  ) => [...encodeBody(TOPIC_METADATA, { topics }, 4)];
  assert.deepEqual(asked(null), [255, 255, 255, 255, 0]);
  assert.deepEqual(asked([]), [0, 0, 0, 0, 0]);
});
