/**
 * Requests of a producer's identity and of its transactions.
 *
 * @see KIP-98; the protocol guide, InitProducerId, AddPartitionsToTxn, AddOffsetsToTxn, EndTxn
 *
 * @module
 */
import type { TopicPartition } from "../../../serde/mod.ts";
import type { Api } from "./api.ts";

/** Who writes: given by the broker once, and sent with each request so that it can tell repeats. */
export interface ProducerIdentity {
  /** Number that the broker gave; 64 bits. */
  readonly producerId: bigint;
  /** Counts who had this identity before; a smaller one is fenced. */
  readonly producerEpoch: number;
  /** Left out where it writes without transactions. */
  readonly transactionalId?: string;
}

/** Who writes, within a transaction. */
export type TransactionalIdentity = ProducerIdentity & { readonly transactionalId: string };

/** Whether it was done. */
export interface Done {
  readonly errorCode: number;
}

/** Asks for an identity; with a transactional id, fences the producer that had it before. */
export const INIT_PRODUCER_ID: Api<
  { readonly transactionalId: string | null; readonly timeoutMs: number },
  Done & { readonly producerId: bigint; readonly producerEpoch: number }
> = {
  key: 22,
  name: "InitProducerId",
  versions: [0, 1],
  encode(out, { transactionalId, timeoutMs }) {
    out.string(transactionalId);
    out.int32(timeoutMs);
  },
  decode(input) {
    input.int32(); // throttle time
    return {
      errorCode: input.int16(),
      producerId: input.bigint64(),
      producerEpoch: input.int16(),
    };
  },
};

/** Makes partitions part of a transaction, before the first write to them. */
export const ADD_PARTITIONS_TO_TXN: Api<
  TransactionalIdentity & { readonly partitions: readonly TopicPartition[] },
  readonly (TopicPartition & Done)[]
> = {
  key: 24,
  name: "AddPartitionsToTxn",
  versions: [0, 1],
  encode(out, { transactionalId, producerId, producerEpoch, partitions }) {
    out.string(transactionalId);
    out.int64(producerId);
    out.int16(producerEpoch);
    out.topics(partitions, ({ partition }) => out.int32(partition));
  },
  decode(input) {
    input.int32(); // throttle time
    return input.topics((topic) => ({
      topic,
      partition: input.int32(),
      errorCode: input.int16(),
    }));
  },
};

/** Makes a group's offsets part of a transaction. */
export const ADD_OFFSETS_TO_TXN: Api<TransactionalIdentity & { readonly group: string }, Done> = {
  key: 25,
  name: "AddOffsetsToTxn",
  versions: [0, 1],
  encode(out, { transactionalId, producerId, producerEpoch, group }) {
    out.string(transactionalId);
    out.int64(producerId);
    out.int16(producerEpoch);
    out.string(group);
  },
  decode: decodeDone,
};

/** Commits a transaction, or aborts it. */
export const END_TXN: Api<TransactionalIdentity & { readonly commits: boolean }, Done> = {
  key: 26,
  name: "EndTxn",
  versions: [0, 1],
  encode(out, { transactionalId, producerId, producerEpoch, commits }) {
    out.string(transactionalId);
    out.int64(producerId);
    out.int16(producerEpoch);
    out.bool(commits);
  },
  decode: decodeDone,
};

function decodeDone(input: { int32(): number; int16(): number }): Done {
  input.int32(); // throttle time
  return { errorCode: input.int16() };
}
