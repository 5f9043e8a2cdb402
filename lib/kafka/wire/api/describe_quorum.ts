import Decoder from "kafkajs/src/protocol/decoder.js";
import Encoder from "kafkajs/src/protocol/encoder.js";
import type { Cluster } from "../../transport/patches.ts";
import { skipTags } from "./metadata.ts";

const DESCRIBE_QUORUM = 55;
/** An empty list of tagged fields, with which flexible versions end every structure (KIP-482). */
const NO_TAGS = 0;

/** The topic that holds a KRaft cluster's metadata. */
const METADATA_TOPIC = "__cluster_metadata";

/**
 * The node that leads the quorum of controllers: the one true controller of a KRaft cluster.
 *
 * The `controller` of a metadata response is any broker that lives: in KRaft, brokers pass administrative requests on.
 *
 * @returns null where the quorum has no leader, or the user may not ask.
 * @see KIP-595, DescribeQuorum version 0.
 */
export async function quorumLeader(broker: Cluster): Promise<number | null> {
  const partition = new Encoder().writeInt32(0).writeUVarInt(NO_TAGS);
  const topic = new Encoder().writeUVarIntString(METADATA_TOPIC).writeUVarIntArray([partition])
    .writeUVarInt(NO_TAGS);
  const body = new Encoder().writeUVarInt(NO_TAGS).writeUVarIntArray([topic]).writeUVarInt(NO_TAGS);
  // kafkajs awaits what `parse` returns: an object, since it takes a null for a failed request.
  const { leader } = await broker.connectionPool.send({
    request: {
      apiKey: DESCRIBE_QUORUM,
      apiVersion: 0,
      apiName: "DescribeQuorum",
      encode: () => body,
    },
    response: {
      decode: (bytes: Uint8Array) => ({ leader: decodeLeader(bytes) }),
      parse: (data: unknown) => data,
    },
  });
  return leader;
}

/**
 * Reads the leader out of a DescribeQuorum response.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { Buffer } from "node:buffer";
 * import { decodeLeader } from "./describe_quorum.ts";
 * // No error; one topic "m"; partition 0 without error, leader 3 in epoch 7.
 * const response = Buffer.from("00 0000 02 02 6d 02 00000000 0000 00000003 00000007".replaceAll(" ", ""), "hex");
 * assert.equal(decodeLeader(response), 3);
 * ```
 */
export function decodeLeader(bytes: Uint8Array): number | null {
  const decoder = new Decoder(bytes);
  skipTags(decoder);
  if (decoder.readInt16() !== 0 || decoder.readUVarInt() < 2) return null;
  decoder.readUVarIntString();
  if (decoder.readUVarInt() < 2) return null;
  decoder.readInt32(); // partition
  if (decoder.readInt16() !== 0) return null;
  const leader: number = decoder.readInt32();
  return leader < 0 ? null : leader;
}
