/**
 * OffsetDelete, which kafkajs does not know: forgets what a group has committed in some partitions.
 *
 * @module
 */
import Decoder from "kafkajs/src/protocol/decoder.js";
import Encoder from "kafkajs/src/protocol/encoder.js";
import { type Cluster, errorOfCode } from "../../transport/patches.ts";

const OFFSET_DELETE = 47;

/**
 * Forgets the committed offsets of a group in some partitions of one topic.
 *
 * @throws An error with type `GROUP_SUBSCRIBED_TO_TOPIC` while a member reads the topic.
 * @see KIP-496, OffsetDelete version 0.
 */
export async function deleteCommitted(
  coordinator: Cluster,
  group: string,
  { topic, partitions }: { readonly topic: string; readonly partitions: readonly number[] },
): Promise<void> {
  const parts = partitions.map((one) => new Encoder().writeInt32(one));
  const topics = [new Encoder().writeString(topic).writeArray(parts)];
  const body = new Encoder().writeString(group).writeArray(topics);
  await coordinator.connectionPool.send({
    request: { apiKey: OFFSET_DELETE, apiVersion: 0, apiName: "OffsetDelete", encode: () => body },
    response: { decode: decodeDeletion, parse: () => undefined },
  });
}

/**
 * Reads an OffsetDelete response.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { Buffer } from "node:buffer";
 * import { decodeDeletion } from "./offset_delete.ts";
 * const answer = (code: string) =>
 *   Buffer.from(`0000 00000000 00000001 0001 74 00000001 00000000 ${code}`.replaceAll(" ", ""), "hex");
 * decodeDeletion(answer("0000"));
 * assert.throws(() => decodeDeletion(answer("0056")), { type: "GROUP_SUBSCRIBED_TO_TOPIC" });
 * ```
 */
export function decodeDeletion(bytes: Uint8Array): object {
  const decoder = new Decoder(bytes);
  failOn(decoder.readInt16());
  decoder.readInt32(); // throttle time
  decoder.readArray(() => {
    decoder.readString(); // topic
    decoder.readArray(() => {
      decoder.readInt32(); // partition
      failOn(decoder.readInt16());
    });
  });
  return {};
}

function failOn(code: number): void {
  if (code !== 0) throw errorOfCode(code);
}
