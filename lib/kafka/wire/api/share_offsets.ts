/**
 * How far share groups (KIP-932) are: Kafka keeps it apart from the committed offsets of other groups.
 *
 * @module
 */
import Decoder from "kafkajs/src/protocol/decoder.js";
import Encoder from "kafkajs/src/protocol/encoder.js";
import { byTopicAndPartition } from "../../../serde/mod.ts";
import { type Api, commonVersion } from "../../transport/negotiate.ts";
import { type Cluster, errorOfCode } from "../../transport/patches.ts";
import { skipTags } from "./metadata.ts";

/** How far a share group is in one partition. */
export interface ShareOffset {
  /** Its name. */
  readonly topic: string;
  /** Its number, from 0. */
  readonly partition: number;
  /** Everything before it was acknowledged, or given up; of what comes after it, some may be, too. */
  readonly offset: number;
  /** Records that are still to be acknowledged; null where the broker does not tell (before Kafka 4.2). */
  readonly lag: number | null;
}

/** Version 1 tells the lag. @see KIP-1226 */
const DESCRIBE: Api = { key: 90, name: "DescribeShareGroupOffsets", versions: [0, 1] };
/** An empty list of tagged fields, with which flexible versions end every structure (KIP-482). */
const NO_TAGS = 0;
/** A list that is not there, in flexible versions. */
const NULL = 0;

/** Asks for all partitions of a share group; null where the broker cannot be asked. @param coordinator The group's own */
export async function shareOffsets(
  coordinator: Cluster,
  group: string,
): Promise<readonly ShareOffset[] | null> {
  const apiVersion = commonVersion(coordinator, DESCRIBE);
  if (apiVersion === undefined) return null;
  const body = new Encoder().writeUVarInt(NO_TAGS)
    .writeUVarIntArray([
      new Encoder().writeUVarIntString(group).writeUVarInt(NULL).writeUVarInt(NO_TAGS),
    ]).writeUVarInt(NO_TAGS);
  return await coordinator.connectionPool.send({
    request: {
      apiKey: DESCRIBE.key,
      apiVersion,
      apiName: DESCRIBE.name,
      encode: () => body,
    },
    response: {
      decode: (bytes: Uint8Array) => decodeShareOffsets(bytes, apiVersion),
      parse: (data: unknown) => data,
    },
  });
}

/** Reads the partitions of the first group of a response, those that the group has begun to read. */
export function decodeShareOffsets(bytes: Uint8Array, apiVersion: number): readonly ShareOffset[] {
  // deno-lint-ignore no-explicit-any -- kafkajs publishes no types for its decoder.
  const decoder: any = new Decoder(bytes);
  const offsets: ShareOffset[] = [];
  skipTags(decoder);
  decoder.readInt32(); // throttle time
  decoder.readUVarIntArray(() => {
    decoder.readUVarIntString(); // the group
    decoder.readUVarIntArray(() => {
      const topic: string = decoder.readUVarIntString();
      decoder.readBytes(16); // its id
      decoder.readUVarIntArray(() => {
        const partition: number = decoder.readInt32();
        const offset = Number(decoder.readInt64());
        decoder.readInt32(); // epoch of the leader
        const lag = apiVersion >= 1 ? Number(decoder.readInt64()) : -1;
        const code: number = decoder.readInt16();
        decoder.readUVarIntString(); // what is wrong
        skipTags(decoder);
        if (code === 0 && offset >= 0) {
          offsets.push({ topic, partition, offset, lag: lag < 0 ? null : lag });
        }
      });
      skipTags(decoder);
    });
    const code: number = decoder.readInt16();
    decoder.readUVarIntString(); // what is wrong
    skipTags(decoder);
    if (code !== 0) throw errorOfCode(code);
  });
  return offsets.sort(byTopicAndPartition);
}
