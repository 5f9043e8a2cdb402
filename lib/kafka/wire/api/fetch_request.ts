import { Buffer } from "node:buffer";
import Encoder from "kafkajs/src/protocol/encoder.js";
import { decodeAnswers, type PartitionAnswer } from "./fetch_response.ts";
import type { Cluster } from "../../transport/patches.ts";

/** A partition that is to be read, by its topic's id: a topic that was made anew has the name, but not the id. */
export interface WantedPartition {
  readonly topicId: string;
  readonly partition: number;
  readonly offset: number;
}

/** How much, how long, and whether of open transactions, too. */
export interface FetchLimits {
  readonly readUncommitted: boolean;
  readonly maxWaitMs: number;
  readonly partitionBytes: number;
}

const FETCH = 1;
const NETWORK_DELAY_MS = 100;

/** Asks a broker for what is new. @see KIP-516, topic ids */
export async function fetchFrom(
  broker: Cluster,
  wanted: readonly WantedPartition[],
  limits: FetchLimits,
): Promise<readonly PartitionAnswer[]> {
  const { answers } = await broker.connectionPool.send({
    request: {
      apiKey: FETCH,
      apiVersion: 13,
      apiName: "Fetch",
      encode: () => encodeRequest(wanted, limits),
    },
    requestTimeout: limits.maxWaitMs + NETWORK_DELAY_MS,
    response: {
      decode: (bytes: Uint8Array) => ({ answers: decodeAnswers(bytes) }),
      parse: (data: unknown) => data,
    },
  });
  return answers;
}

function encodeRequest(
  wanted: readonly WantedPartition[],
  { readUncommitted, maxWaitMs, partitionBytes }: FetchLimits,
) {
  const topics = [...Map.groupBy(wanted, ({ topicId }) => topicId)].map(([id, partitions]) =>
    new Encoder()
      .writeBuffer(Buffer.from(id, "hex"))
      .writeUVarIntArray(partitions.map((one) => encodePartition(one, partitionBytes)))
      .writeUVarInt(0)
  );
  return new Encoder()
    .writeUVarInt(0) // the header's tags
    .writeInt32(-1) // no replica
    .writeInt32(maxWaitMs)
    .writeInt32(1) // least bytes
    .writeInt32(10 << 20) // most bytes
    .writeInt8(readUncommitted ? 0 : 1)
    .writeInt32(0) // no session
    .writeInt32(-1)
    .writeUVarIntArray(topics)
    .writeUVarInt(1) // nothing to forget
    .writeUVarIntString("") // rack
    .writeUVarInt(0);
}

function encodePartition({ partition, offset }: WantedPartition, partitionBytes: number) {
  return new Encoder()
    .writeInt32(partition)
    .writeInt32(-1) // leader epoch
    .writeInt64(`${offset}`)
    .writeInt32(-1) // epoch of the last record
    .writeInt64("-1") // start of a replica's log
    .writeInt32(partitionBytes)
    .writeUVarInt(0);
}
