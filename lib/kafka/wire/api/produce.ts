import type { ByteWriter } from "../byte_writer.ts";
import type { Compression } from "../compression.ts";
import { type Acks, encodeProduceRequest, type WireBatch } from "../encode_batch.ts";
import type { Api } from "./api.ts";
import type { ProducerIdentity } from "./transactions.ts";

/** Writes one batch for each of several partitions. */
export interface ProduceRequest {
  readonly identity: ProducerIdentity;
  readonly batches: readonly WireBatch[];
  /** Holds the request: not to be used for another one before the response, nor ever if there is none. */
  readonly writer: ByteWriter;
  /** @default "all" */
  readonly acks?: Acks;
  /** @default "none" */
  readonly compression?: Compression;
}

/** What the broker said about one partition of a produce request. */
export interface ProduceResponse {
  readonly topic: string;
  readonly partition: number;
  /** Kafka's error code; 0 is success. */
  readonly errorCode: number;
  readonly baseOffset: number;
  /** Epoch ms; −1 unless the topic stamps records itself. */
  readonly logAppendTime: number;
  /** The broker's own sentence about a record that it refused; brokers before Kafka 2.4 give none. */
  readonly errorMessage?: string;
}

/**
 * The request is the same in all of these versions; brokers of today begin at 3.
 *
 * @see The protocol guide, Produce; KIP-467 added the sentences
 */
export const PRODUCE: Api<ProduceRequest, readonly ProduceResponse[]> = {
  key: 0,
  name: "Produce",
  versions: [3, 8],
  frame: ({ identity, batches, ...how }, roomBytes) =>
    encodeProduceRequest(identity, batches, { roomBytes, ...how }),
  // Nobody knows what became of them.
  unanswered: ({ acks, batches }) =>
    acks !== 0 ? undefined : batches.map(({ topic, partition }) => (
      { topic, partition, errorCode: 0, baseOffset: -1, logAppendTime: -1 }
    )),
  decode(input, version) {
    return input.topics((topic) => {
      const partition = input.int32(), errorCode = input.int16();
      const baseOffset = input.int64(), logAppendTime = input.int64();
      if (version >= 5) input.int64(); // start of the log
      const said: (string | null)[] = [];
      if (version >= 8) {
        said.push(...input.array(() => {
          input.int32(); // which record
          return input.string();
        }));
        said.push(input.string()); // about the whole batch
      }
      const errorMessage = said.find((one) => one);
      const response = { topic, partition, errorCode, baseOffset, logAppendTime };
      return errorMessage ? { ...response, errorMessage } : response;
    });
  },
};
