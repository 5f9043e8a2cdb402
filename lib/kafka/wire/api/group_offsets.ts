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
import { type Api, commonVersion, negotiatedVersion } from "../../transport/negotiate.ts";
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

/** Can wait for open transactions. @see KIP-447 */
const OFFSET_FETCH: Api = { key: 9, name: "OffsetFetch", versions: [7, 7] };
/** As brokers before Kafka 2.5 know it. */
const OLD_OFFSET_FETCH: Api = { key: 9, name: "OffsetFetch", versions: [2, 5] };
/** Older ones name no generation: a member that was given up could commit. */
export const TXN_OFFSET_COMMIT: Api = { key: 28, name: "TxnOffsetCommit", versions: [3, 3] };
/** An empty list of tagged fields, with which flexible versions end every structure (KIP-482). */
const NO_TAGS = 0;

// deno-lint-ignore no-explicit-any -- kafkajs publishes no types for its encoder and decoder.
type Wire = any;

/**
 * Reads committed offsets; with `stable`, refuses while a transaction that would change them is open.
 *
 * A broker before Kafka 2.5 cannot be asked for that. Nor does it know transactions that name a generation, with which
 * workers commit: what it tells is stable.
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
  const apiVersion = commonVersion(coordinator, OFFSET_FETCH) ??
    negotiatedVersion(coordinator, OLD_OFFSET_FETCH);
  return await coordinator.connectionPool.send({
    request: {
      apiKey: OFFSET_FETCH.key,
      apiVersion,
      apiName: OFFSET_FETCH.name,
      encode: () => encodeOffsetFetch(group, partitions, { ...options, apiVersion }),
    },
    response: {
      decode: (bytes: Uint8Array) => decodeCommitted(bytes, apiVersion),
      parse: (found: CommittedOffset[]) => found,
    },
  });
}

/** The body of an offset fetch, in version 7 or in one from 2 to 5. @see The protocol guide, OffsetFetch */
export function encodeOffsetFetch(
  group: string,
  partitions: readonly TopicPartition[],
  { stable, apiVersion }: { readonly stable: boolean; readonly apiVersion: number },
): Wire {
  if (apiVersion >= 7) {
    const topics = byTopic(partitions, (encoder, { partition }) => encoder.writeInt32(partition));
    return new Encoder().writeUVarInt(NO_TAGS).writeUVarIntString(group)
      .writeUVarIntArray(topics).writeBoolean(stable).writeUVarInt(NO_TAGS);
  }
  const topics = [...Map.groupBy(partitions, ({ topic }) => topic)].map(([topic, found]) =>
    new Encoder().writeString(topic).writeArray(found.map(({ partition }) => partition), "int32")
  );
  return new Encoder().writeString(group).writeArray(topics);
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
      apiKey: TXN_OFFSET_COMMIT.key,
      apiVersion: negotiatedVersion(coordinator, TXN_OFFSET_COMMIT),
      apiName: TXN_OFFSET_COMMIT.name,
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

/** Reads an answer to {@link encodeOffsetFetch}. @throws The first error it holds */
export function decodeCommitted(bytes: Uint8Array, apiVersion: number): CommittedOffset[] {
  const decoder: Wire = new Decoder(bytes), found: CommittedOffset[] = [];
  const flexible = apiVersion >= 7;
  const array = (read: () => void) =>
    flexible ? decoder.readUVarIntArray(read) : decoder.readArray(read);
  const text = (): string | null => flexible ? decoder.readUVarIntString() : decoder.readString();
  const tags = () => flexible && decoder.readTaggedFields();
  tags();
  if (apiVersion >= 3) decoder.readInt32(); // throttle time
  array(() => {
    const topic = text()!;
    array(() => {
      const partition: number = decoder.readInt32(), offset = Number(decoder.readInt64());
      if (apiVersion >= 5) decoder.readInt32(); // leader epoch
      const metadata = text();
      failOn(decoder.readInt16());
      tags();
      if (offset >= 0) found.push({ topic, partition, offset, ...(metadata ? { metadata } : {}) });
    });
    tags();
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
