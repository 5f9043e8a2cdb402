/**
 * Two requests of Kafka's group protocol that kafkajs knows only in older versions.
 *
 * Sent beside kafkajs's own tables, over its connections; nothing in kafkajs is changed.
 *
 * @module
 */
import Decoder from "kafkajs/src/protocol/decoder.js";
import Encoder from "kafkajs/src/protocol/encoder.js";
import type { TopicPartition } from "../../../serde/mod.ts";
import { type Cluster, errorOfCode, type ProducerIdentity } from "../../transport/patches.ts";

/** Where a group goes on in a partition. */
export interface CommittedOffset extends TopicPartition {
  /** The next offset to read. */
  readonly offset: number;
  /** Text kept beside it. */
  readonly metadata?: string;
}

/** Who commits: a member as of one generation of its group. */
export interface GroupIdentity {
  /** Name of the group. */
  readonly group: string;
  /** The name that Kafka gave the member, unique in the group. */
  readonly memberId: string;
  /** Counts the group's rebalances; an older one than the group's is refused. */
  readonly generation: number;
}

const OFFSET_FETCH = 9, TXN_OFFSET_COMMIT = 28;
/** An empty list of tagged fields, with which flexible versions end every structure (KIP-482). */
const NO_TAGS = 0;

// deno-lint-ignore no-explicit-any -- kafkajs publishes no types for its encoder and decoder.
type Wire = any;

/**
 * Reads committed offsets; with `stable`, refuses while a transaction that would change them is open.
 *
 * @throws An error with type `UNSTABLE_OFFSET_COMMIT` in that case: ask again.
 * @see KIP-447, OffsetFetch version 7.
 */
export async function fetchCommitted(
  coordinator: Cluster,
  group: string,
  partitions: readonly TopicPartition[],
  options: { readonly stable: boolean },
): Promise<CommittedOffset[]> {
  const topics = byTopic(partitions, (encoder, { partition }) => encoder.writeInt32(partition));
  const body = new Encoder().writeUVarInt(NO_TAGS).writeUVarIntString(group)
    .writeUVarIntArray(topics).writeBoolean(options.stable).writeUVarInt(NO_TAGS);
  return await coordinator.connectionPool.send({
    request: { apiKey: OFFSET_FETCH, apiVersion: 7, apiName: "OffsetFetch", encode: () => body },
    response: { decode: decodeCommitted, parse: (found: CommittedOffset[]) => found },
  });
}

/**
 * Makes offsets part of a transaction; the broker refuses a member of an older generation.
 *
 * @throws An error with type `ILLEGAL_GENERATION`, `UNKNOWN_MEMBER_ID` or `INVALID_PRODUCER_EPOCH` for a fenced member.
 * @see KIP-447, TxnOffsetCommit version 3.
 */
export async function commitInTransaction(
  coordinator: Cluster,
  producer: ProducerIdentity,
  member: GroupIdentity,
  offsets: readonly CommittedOffset[],
): Promise<void> {
  const topics = byTopic(
    offsets,
    (encoder, { partition, offset, metadata }) =>
      encoder.writeInt32(partition).writeInt64(offset).writeInt32(-1)
        .writeUVarIntString(metadata ?? null).writeUVarInt(NO_TAGS),
  );
  const body = new Encoder().writeUVarInt(NO_TAGS).writeUVarIntString(producer.transactionalId)
    .writeUVarIntString(member.group).writeInt64(producer.producerId)
    .writeInt16(producer.producerEpoch).writeInt32(member.generation)
    .writeUVarIntString(member.memberId).writeUVarIntString(null)
    .writeUVarIntArray(topics).writeUVarInt(NO_TAGS);
  await coordinator.connectionPool.send({
    request: {
      apiKey: TXN_OFFSET_COMMIT,
      apiVersion: 3,
      apiName: "TxnOffsetCommit",
      encode: () => body,
    },
    response: { decode: decodeErrors, parse: () => undefined },
  });
}

function byTopic<T extends TopicPartition>(
  items: readonly T[],
  write: (encoder: Wire, item: T) => Wire,
): Wire[] {
  return [...Map.groupBy(items, ({ topic }) => topic)].map(([topic, parts]) =>
    new Encoder().writeUVarIntString(topic)
      .writeUVarIntArray(parts.map((part) => write(new Encoder(), part))).writeUVarInt(NO_TAGS)
  );
}

function decodeCommitted(bytes: Uint8Array): CommittedOffset[] {
  const decoder: Wire = new Decoder(bytes);
  decoder.readTaggedFields();
  decoder.readInt32(); // throttle time
  const found: CommittedOffset[] = [];
  decoder.readUVarIntArray(() => {
    const topic: string = decoder.readUVarIntString();
    decoder.readUVarIntArray(() => {
      const partition: number = decoder.readInt32(), offset = Number(decoder.readInt64());
      decoder.readInt32(); // leader epoch
      const metadata: string | null = decoder.readUVarIntString();
      failOn(decoder.readInt16());
      decoder.readTaggedFields();
      if (offset >= 0) found.push({ topic, partition, offset, ...(metadata ? { metadata } : {}) });
    });
    decoder.readTaggedFields();
  });
  failOn(decoder.readInt16());
  return found;
}

function decodeErrors(bytes: Uint8Array): object {
  const decoder: Wire = new Decoder(bytes);
  decoder.readTaggedFields();
  decoder.readInt32(); // throttle time
  decoder.readUVarIntArray(() => {
    decoder.readUVarIntString();
    decoder.readUVarIntArray(() => {
      decoder.readInt32();
      failOn(decoder.readInt16());
      decoder.readTaggedFields();
    });
    decoder.readTaggedFields();
  });
  return {};
}

function failOn(code: number): void {
  if (code !== 0) throw errorOfCode(code);
}
