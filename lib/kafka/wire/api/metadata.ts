import Decoder from "kafkajs/src/protocol/decoder.js";
import Encoder from "kafkajs/src/protocol/encoder.js";
import type { Cluster } from "../../transport/patches.ts";

const METADATA = 3;

/**
 * Topic -> its id in hexadecimal digits, of those that are there.
 *
 * A topic that is deleted and made anew gets another one; nothing else tells the two apart.
 *
 * @see KIP-516, topic ids
 */
export async function topicIds(
  broker: Cluster,
  topics: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const { ids } = await broker.connectionPool.send({
    request: {
      apiKey: METADATA,
      apiVersion: 12,
      apiName: "Metadata",
      encode: () =>
        new Encoder()
          .writeUVarInt(0) // the header's tags
          .writeUVarIntArray(topics.map((topic) =>
            new Encoder()
              .writeInt64("0").writeInt64("0") // the id is what we ask for
              .writeUVarIntString(topic)
              .writeUVarInt(0)
          ))
          .writeBoolean(false) // make none
          .writeBoolean(false)
          .writeUVarInt(0),
    },
    response: {
      decode: (bytes: Uint8Array) => ({ ids: decodeIds(new Decoder(bytes)) }),
      parse: (data: unknown) => data,
    },
  });
  return ids;
}

// deno-lint-ignore no-explicit-any -- kafkajs publishes no type for its decoder.
function decodeIds(decoder: any): Map<string, string> {
  const ids = new Map<string, string>();
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
    if (code === 0) ids.set(topic, id);
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
