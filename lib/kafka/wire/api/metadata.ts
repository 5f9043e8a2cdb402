import Decoder from "kafkajs/src/protocol/decoder.js";
import Encoder from "kafkajs/src/protocol/encoder.js";
import { type Api, commonVersion } from "../../transport/negotiate.ts";
import type { Cluster } from "../../transport/patches.ts";

/** Answers name topic ids from version 10 on. @see KIP-516 */
const METADATA: Api = { key: 3, name: "Metadata", versions: [10, 12] };
/** What brokers say that keep no ids: those before Kafka 2.8, and clusters with an older inter.broker.protocol. */
const NO_ID = "0".repeat(32);

/**
 * Topic -> its id in hexadecimal digits, of those that are there; undefined where the cluster keeps no ids.
 *
 * A topic that is deleted and made again gets another one; nothing else tells the two apart. A broker that cannot be
 * asked for ids says of every topic that it may be there.
 *
 * @see KIP-516, topic ids
 */
export async function topicIds(
  broker: Cluster,
  topics: readonly string[],
): Promise<ReadonlyMap<string, string | undefined>> {
  const apiVersion = commonVersion(broker, METADATA);
  if (apiVersion === undefined) return new Map(topics.map((topic) => [topic, undefined]));
  const { ids } = await broker.connectionPool.send({
    request: {
      apiKey: METADATA.key,
      apiVersion,
      apiName: METADATA.name,
      encode: () => encodeMetadata(topics, apiVersion),
    },
    response: {
      decode: (bytes: Uint8Array) => ({ ids: decodeIds(new Decoder(bytes)) }),
      parse: (data: unknown) => data,
    },
  });
  return ids;
}

function encodeMetadata(topics: readonly string[], apiVersion: number) {
  const encoder = new Encoder()
    .writeUVarInt(0) // the header's tags
    .writeUVarIntArray(topics.map((topic) =>
      new Encoder()
        .writeInt64("0").writeInt64("0") // the id is what we ask for
        .writeUVarIntString(topic)
        .writeUVarInt(0)
    ))
    .writeBoolean(false); // make none
  // Whether to tell what this user may do, with the cluster and with the topics.
  if (apiVersion <= 10) encoder.writeBoolean(false);
  return encoder.writeBoolean(false).writeUVarInt(0);
}

// deno-lint-ignore no-explicit-any -- kafkajs publishes no type for its decoder.
function decodeIds(decoder: any): Map<string, string | undefined> {
  const ids = new Map<string, string | undefined>();
  skipTags(decoder);
  decoder.readInt32(); // throttle time
  decoder.readUVarIntArray(() => {
    decoder.readInt32();
    decoder.readUVarIntString();
    decoder.readInt32();
    decoder.readUVarIntString();
    skipTags(decoder);
  });
  decoder.readUVarIntString(); // cluster
  decoder.readInt32(); // controller
  decoder.readUVarIntArray(() => {
    const code: number = decoder.readInt16(), topic: string = decoder.readUVarIntString();
    const id: string = decoder.readBytes(16).toString("hex");
    if (code === 0) ids.set(topic, id === NO_ID ? undefined : id);
    decoder.readInt8();
    decoder.readUVarIntArray(() => skipPartition(decoder));
    decoder.readInt32();
    skipTags(decoder);
  });
  return ids;
}

// deno-lint-ignore no-explicit-any
function skipPartition(decoder: any): void {
  decoder.readInt16();
  for (let n = 0; n < 3; n++) decoder.readInt32();
  for (let n = 0; n < 3; n++) decoder.readUVarIntArray(() => decoder.readInt32());
  skipTags(decoder);
}

/** Passes over what newer brokers add; kafkajs counts a byte short here. */
// deno-lint-ignore no-explicit-any
export function skipTags(decoder: any): void {
  for (let left: number = decoder.readUVarInt(); left > 0; left--) {
    decoder.readUVarInt();
    decoder.readBytes(decoder.readUVarInt());
  }
}
