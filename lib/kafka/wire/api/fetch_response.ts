import Decoder from "kafkajs/src/protocol/decoder.js";
import { errorOfCode } from "../../transport/patches.ts";
import type { AbortedTransaction } from "../record_batch.ts";
import { skipTags } from "./metadata.ts";

/** What a broker answers about one partition of a fetch. */
export interface PartitionAnswer {
  readonly topic: string;
  readonly partition: number;
  readonly errorCode: number;
  readonly highWatermark: number;
  /** Up to here no transaction is open. */
  readonly stable: number;
  readonly aborted: readonly AbortedTransaction[];
  // deno-lint-ignore no-explicit-any -- a Node Buffer, from kafkajs's untyped decoder.
  readonly bytes: any;
}

// deno-lint-ignore no-explicit-any -- kafkajs publishes no type for its decoder.
type Wire = any;

/** How an answer is to be read. */
export interface AnswerForm {
  /** 13, or one from 4 to 11. */
  readonly apiVersion: number;
  /** The topic that has an id, in hexadecimal digits: newer answers name no topic. */
  readonly nameOf: (topicId: string) => string;
}

/**
 * Decodes a fetch response, but not its records: those are read when a partition's answer is wanted.
 *
 * @throws An error with Kafka's own word for it as `type`, when the whole request was refused.
 * @see The protocol guide; KIP-98 added the aborted transactions, KIP-516 the ids
 */
export function decodeAnswers(bytes: Uint8Array, form: AnswerForm): PartitionAnswer[] {
  const decoder: Wire = new Decoder(bytes);
  return form.apiVersion >= 13
    ? decodeById(decoder, form.nameOf)
    : decodeByName(decoder, form.apiVersion);
}

function decodeById(decoder: Wire, nameOf: AnswerForm["nameOf"]): PartitionAnswer[] {
  skipTags(decoder);
  decoder.readInt32(); // throttle time
  failOn(decoder.readInt16());
  decoder.readInt32(); // session
  const answers: PartitionAnswer[] = [];
  decoder.readUVarIntArray(() => {
    const topic = nameOf(decoder.readBytes(16).toString("hex"));
    decoder.readUVarIntArray(() => {
      const before = beforeAborted(decoder, { hasLogStart: true });
      const aborted = decoder.readUVarIntArray(() => {
        const one = abortedOf(decoder);
        skipTags(decoder);
        return one;
      }) ?? [];
      decoder.readInt32(); // preferred replica
      const bytes = decoder.readBytes(decoder.readUVarInt() - 1) ?? new Uint8Array();
      skipTags(decoder);
      answers.push({ topic, ...before, aborted, bytes });
    });
    skipTags(decoder);
  });
  return answers;
}

function decodeByName(decoder: Wire, version: number): PartitionAnswer[] {
  decoder.readInt32(); // throttle time
  if (version >= 7) {
    failOn(decoder.readInt16());
    decoder.readInt32(); // session
  }
  const answers: PartitionAnswer[] = [];
  decoder.readArray(() => {
    const topic: string = decoder.readString();
    decoder.readArray(() => {
      const before = beforeAborted(decoder, { hasLogStart: version >= 5 });
      const aborted = nullableArray(decoder, () => abortedOf(decoder));
      if (version >= 11) decoder.readInt32(); // preferred replica
      answers.push({ topic, ...before, aborted, bytes: decoder.readBytes() ?? new Uint8Array() });
    });
  });
  return answers;
}

function beforeAborted(decoder: Wire, { hasLogStart }: { readonly hasLogStart: boolean }) {
  const partition: number = decoder.readInt32(), errorCode: number = decoder.readInt16();
  const highWatermark = Number(decoder.readInt64()), stable = Number(decoder.readInt64());
  if (hasLogStart) decoder.readInt64();
  return { partition, errorCode, highWatermark, stable };
}

function abortedOf(decoder: Wire): AbortedTransaction {
  return { producerId: BigInt(decoder.readInt64()), firstOffset: Number(decoder.readInt64()) };
}

function nullableArray<T>(decoder: Wire, read: () => T): T[] {
  const items: T[] = [];
  for (let left: number = decoder.readInt32(); left > 0; left--) items.push(read());
  return items;
}

function failOn(code: number): void {
  if (code !== 0) throw errorOfCode(code);
}
