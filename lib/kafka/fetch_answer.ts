import Decoder from "kafkajs/src/protocol/decoder.js";
import type { TopicPartition } from "../views/mod.ts";
import { errorOfCode } from "./patches.ts";
import type { AbortedTransaction } from "./record_batch.ts";

/** What a broker answers about one partition of a fetch. */
export interface PartitionAnswer extends TopicPartition {
  readonly errorCode: number;
  readonly highWatermark: number;
  /** Up to here no transaction is open. */
  readonly stable: number;
  readonly aborted: readonly AbortedTransaction[];
  // deno-lint-ignore no-explicit-any -- a Node Buffer, from kafkajs's untyped decoder.
  readonly bytes: any;
}

/**
 * Decodes a fetch response of version 11, but not its records: those are read when a partition's answer is wanted.
 *
 * @throws An error with Kafka's own word for it as `type`, when the whole request was refused.
 * @see The protocol guide; KIP-98 added the aborted transactions
 */
export function decodeAnswers(bytes: Uint8Array): PartitionAnswer[] {
  // deno-lint-ignore no-explicit-any -- kafkajs publishes no type for its decoder.
  const decoder: any = new Decoder(bytes);
  decoder.readInt32(); // throttle time
  const code = decoder.readInt16();
  if (code !== 0) throw errorOfCode(code);
  decoder.readInt32(); // session
  const answers: PartitionAnswer[] = [];
  decoder.readArray(() => {
    const topic: string = decoder.readString();
    decoder.readArray(() => answers.push(decodeAnswer(decoder, topic)));
  });
  return answers;
}

// deno-lint-ignore no-explicit-any
function decodeAnswer(decoder: any, topic: string): PartitionAnswer {
  const partition: number = decoder.readInt32(), errorCode: number = decoder.readInt16();
  const highWatermark = Number(decoder.readInt64()), stable = Number(decoder.readInt64());
  decoder.readInt64(); // start of the log
  const aborted: AbortedTransaction[] = decoder.readArray(() => ({
    producerId: BigInt(decoder.readInt64()),
    firstOffset: Number(decoder.readInt64()),
  }));
  decoder.readInt32(); // preferred replica
  const bytes = decoder.readBytes() ?? new Uint8Array();
  return { topic, partition, errorCode, highWatermark, stable, aborted, bytes };
}
