import { Buffer } from "node:buffer";
import Encoder from "kafkajs/src/protocol/encoder.js";
import { type Api, commonVersion, negotiatedVersion } from "../../transport/negotiate.ts";
import type { Cluster } from "../../transport/patches.ts";
import { decodeAnswers, type PartitionAnswer } from "./fetch_response.ts";

/** A partition that is to be read. */
export interface WantedPartition {
  readonly topic: string;
  /** Tells a topic from one of the same name that is made later; undefined where the broker gives topics no ids. */
  readonly topicId: string | undefined;
  readonly partition: number;
  readonly offset: number;
}

/** How much, how long, and whether of open transactions, too. */
export interface FetchLimits {
  readonly readUncommitted: boolean;
  readonly maxWaitMs: number;
  readonly partitionBytes: number;
}

/** Topics by id. @see KIP-516 */
const BY_ID: Api = { key: 1, name: "Fetch", versions: [13, 13] };
/** Topics by name: from the first version with transactions to the last that is not flexible. */
const BY_NAME: Api = { key: 1, name: "Fetch", versions: [4, 11] };
const NETWORK_DELAY_MS = 100;

/** Whether a broker is asked by topic id: Kafka 3.1 or newer. */
export function fetchesById(broker: Cluster): boolean {
  return commonVersion(broker, BY_ID) !== undefined;
}

/** Asks a broker for what is new: by topic id where both know the ids, else by name. */
export async function fetchFrom(
  broker: Cluster,
  wanted: readonly WantedPartition[],
  limits: FetchLimits,
): Promise<readonly PartitionAnswer[]> {
  const byId = fetchesById(broker) && wanted.every(({ topicId }) => topicId !== undefined);
  const apiVersion = negotiatedVersion(broker, byId ? BY_ID : BY_NAME);
  const names = new Map(wanted.map(({ topic, topicId }) => [topicId!, topic]));
  const { answers } = await broker.connectionPool.send({
    request: {
      apiKey: BY_ID.key,
      apiVersion,
      apiName: BY_ID.name,
      encode: () => encodeFetch(wanted, { ...limits, apiVersion }),
    },
    requestTimeout: limits.maxWaitMs + NETWORK_DELAY_MS,
    response: {
      decode: (bytes: Uint8Array) => ({
        answers: decodeAnswers(bytes, { apiVersion, nameOf: (id) => names.get(id) ?? id }),
      }),
      parse: (data: unknown) => data,
    },
  });
  return answers;
}

/** The body of a fetch, in version 13 or in one from 4 to 11. @see The protocol guide, Fetch */
export function encodeFetch(
  wanted: readonly WantedPartition[],
  limits: FetchLimits & { readonly apiVersion: number },
) {
  return limits.apiVersion >= 13 ? encodeById(wanted, limits) : encodeByName(wanted, limits);
}

const MAX_BYTES = 10 << 20, NO_REPLICA = -1, MIN_BYTES = 1;
/** Sessions spare unchanged partitions; one that is not wanted has this number and epoch. */
const NO_SESSION = { id: 0, epoch: -1 };
const UNKNOWN_EPOCH = -1, UNKNOWN_LOG_START = "-1";

function encodeById(wanted: readonly WantedPartition[], limits: FetchLimits) {
  const { readUncommitted, maxWaitMs, partitionBytes } = limits;
  const topics = [...Map.groupBy(wanted, ({ topicId }) => topicId!)].map(([id, partitions]) =>
    new Encoder()
      .writeBuffer(Buffer.from(id, "hex"))
      .writeUVarIntArray(partitions.map(({ partition, offset }) =>
        new Encoder()
          .writeInt32(partition)
          .writeInt32(UNKNOWN_EPOCH)
          .writeInt64(`${offset}`)
          .writeInt32(UNKNOWN_EPOCH) // of the last record
          .writeInt64(UNKNOWN_LOG_START)
          .writeInt32(partitionBytes)
          .writeUVarInt(0)
      ))
      .writeUVarInt(0)
  );
  return new Encoder()
    .writeUVarInt(0) // the header's tags
    .writeInt32(NO_REPLICA)
    .writeInt32(maxWaitMs)
    .writeInt32(MIN_BYTES)
    .writeInt32(MAX_BYTES)
    .writeInt8(readUncommitted ? 0 : 1)
    .writeInt32(NO_SESSION.id)
    .writeInt32(NO_SESSION.epoch)
    .writeUVarIntArray(topics)
    .writeUVarInt(1) // nothing to forget
    .writeUVarIntString("") // rack
    .writeUVarInt(0);
}

function encodeByName(
  wanted: readonly WantedPartition[],
  limits: FetchLimits & { readonly apiVersion: number },
) {
  const { readUncommitted, maxWaitMs, partitionBytes, apiVersion } = limits;
  const topics = [...Map.groupBy(wanted, ({ topic }) => topic)].map(([topic, partitions]) =>
    new Encoder().writeString(topic).writeArray(partitions.map(({ partition, offset }) => {
      const encoder = new Encoder().writeInt32(partition);
      if (apiVersion >= 9) encoder.writeInt32(UNKNOWN_EPOCH);
      encoder.writeInt64(`${offset}`);
      if (apiVersion >= 5) encoder.writeInt64(UNKNOWN_LOG_START);
      return encoder.writeInt32(partitionBytes);
    }))
  );
  const encoder = new Encoder()
    .writeInt32(NO_REPLICA)
    .writeInt32(maxWaitMs)
    .writeInt32(MIN_BYTES)
    .writeInt32(MAX_BYTES)
    .writeInt8(readUncommitted ? 0 : 1);
  if (apiVersion >= 7) encoder.writeInt32(NO_SESSION.id).writeInt32(NO_SESSION.epoch);
  encoder.writeArray(topics);
  if (apiVersion >= 7) encoder.writeArray([]); // nothing to forget
  if (apiVersion >= 11) encoder.writeString(""); // rack
  return encoder;
}
