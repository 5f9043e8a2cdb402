import Decoder from "kafkajs/src/protocol/decoder.js";
import { errorOfCode } from "../../transport/patches.ts";
import type { AbortedTransaction } from "../record_batch.ts";
import { skipTags } from "./metadata.ts";

/** What a broker answers about one partition of a fetch. */
export interface PartitionAnswer {
  /** In hexadecimal digits. */
  readonly topicId: string;
  readonly partition: number;
  readonly errorCode: number;
  readonly highWatermark: number;
  /** Up to here no transaction is open. */
  readonly stable: number;
  readonly aborted: readonly AbortedTransaction[];
  // deno-lint-ignore no-explicit-any -- a Node Buffer, from kafkajs's untyped decoder.
  readonly bytes: any;
}

/**
 * Decodes a fetch response of version 13, but not its records: those are read when a partition's answer is wanted.
 *
 * @throws An error with Kafka's own word for it as `type`, when the whole request was refused.
 * @see The protocol guide; KIP-98 added the aborted transactions, KIP-516 the ids
 */
export function decodeAnswers(bytes: Uint8Array): PartitionAnswer[] {
  // deno-lint-ignore no-explicit-any -- kafkajs publishes no type for its decoder.
  const decoder: any = new Decoder(bytes);
  skipTags(decoder);
  decoder.readInt32(); // throttle time
  const code = decoder.readInt16();
  if (code !== 0) throw errorOfCode(code);
  decoder.readInt32(); // session
  const answers: PartitionAnswer[] = [];
  decoder.readUVarIntArray(() => {
    const topicId: string = decoder.readBytes(16).toString("hex");
    decoder.readUVarIntArray(() => answers.push(decodeAnswer(decoder, topicId)));
    skipTags(decoder);
  });
  return answers;
}

// deno-lint-ignore no-explicit-any
function decodeAnswer(decoder: any, topicId: string): PartitionAnswer {
  const partition: number = decoder.readInt32(), errorCode: number = decoder.readInt16();
  const highWatermark = Number(decoder.readInt64()), stable = Number(decoder.readInt64());
  decoder.readInt64(); // start of the log
  const aborted: AbortedTransaction[] = decoder.readUVarIntArray(() => {
    const producerId = BigInt(decoder.readInt64()), firstOffset = Number(decoder.readInt64());
    skipTags(decoder);
    return { producerId, firstOffset };
  }) ?? [];
  decoder.readInt32(); // preferred replica
  const bytes = decoder.readBytes(decoder.readUVarInt() - 1) ?? new Uint8Array();
  skipTags(decoder);
  return { topicId, partition, errorCode, highWatermark, stable, aborted, bytes };
}
