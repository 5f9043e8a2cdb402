import { Buffer } from "node:buffer";
import type { TopicPartition } from "../../../serde/mod.ts";
import type { AbortedTransaction } from "../record_batch.ts";
import type { RequestWriter } from "../request_writer.ts";
import type { ResponseReader } from "../response_reader.ts";
import type { Api } from "./api.ts";

/** A partition that is to be read. */
export interface WantedPartition extends TopicPartition {
  /** Tells a topic from one of the same name that is made later; null where the broker keeps no ids. */
  readonly topicId: string | null;
  readonly offset: number;
}

/** How much, how long, and whether of open transactions, too. */
export interface FetchLimits {
  readonly readUncommitted: boolean;
  readonly maxWaitMs: number;
  readonly partitionBytes: number;
}

/** Asks a broker for what is new. */
export interface FetchRequest extends FetchLimits {
  readonly partitions: readonly WantedPartition[];
}

/** What a broker says about one partition of a fetch. */
export interface PartitionResponse {
  /** Its name, or, where it was asked for by id, its id in hexadecimal digits. */
  readonly topic: string;
  readonly partition: number;
  readonly errorCode: number;
  readonly highWatermark: number;
  /** Up to here no transaction is open. */
  readonly stable: number;
  readonly aborted: readonly AbortedTransaction[];
  /** Record batches; they are read when they are wanted. */
  readonly bytes: Buffer;
}

/** What a broker has for all of them. */
export interface FetchResponse {
  /** Why the whole request was refused; 0 for none. */
  readonly errorCode: number;
  readonly partitions: readonly PartitionResponse[];
}

const FETCH = { key: 1, name: "Fetch", flexibleFrom: 12, heldBack: true, encode, decode } as const;

/** Topics by id. @see KIP-516 */
export const FETCH_BY_ID: Api<FetchRequest, FetchResponse> = { ...FETCH, versions: [13, 13] };

/** Topics by name: from the first version with transactions to the last that is not flexible. */
export const FETCH_BY_NAME: Api<FetchRequest, FetchResponse> = { ...FETCH, versions: [4, 11] };

const MAX_BYTES = 10 << 20, NO_REPLICA = -1, MIN_BYTES = 1;
/** Sessions spare unchanged partitions; one that is not wanted has this number and epoch. */
const NO_SESSION = { id: 0, epoch: -1 };
const UNKNOWN_EPOCH = -1, UNKNOWN_LOG_START = -1;

function encode(out: RequestWriter, request: FetchRequest, version: number): void {
  out.int32(NO_REPLICA);
  out.int32(request.maxWaitMs);
  out.int32(MIN_BYTES);
  out.int32(MAX_BYTES);
  out.int8(request.readUncommitted ? 0 : 1);
  if (version >= 7) {
    out.int32(NO_SESSION.id);
    out.int32(NO_SESSION.epoch);
  }
  out.array([...Map.groupBy(request.partitions, ({ topic }) => topic)], ([topic, partitions]) => {
    if (version >= 13) out.raw(Uint8Array.fromHex(partitions[0]!.topicId!));
    else out.string(topic);
    out.array(partitions, ({ partition, offset }) => {
      out.int32(partition);
      if (version >= 9) out.int32(UNKNOWN_EPOCH);
      out.int64(offset);
      if (version >= 12) out.int32(UNKNOWN_EPOCH); // of the last record
      if (version >= 5) out.int64(UNKNOWN_LOG_START);
      out.int32(request.partitionBytes);
      out.tags();
    });
    out.tags();
  });
  if (version >= 7) out.array([], () => {}); // nothing to forget
  if (version >= 11) out.string(""); // rack
  out.tags();
}

function decode(input: ResponseReader, version: number): FetchResponse {
  input.int32(); // throttle time
  const errorCode = version >= 7 ? input.int16() : 0;
  if (version >= 7) input.int32(); // session
  const partitions = input.array(() => {
    const topic = version >= 13 ? input.raw(16).toHex() : input.text();
    const found = input.array(() => decodePartition(input, { topic, version }));
    input.tags();
    return found;
  }).flat();
  return { errorCode, partitions };
}

function decodePartition(
  input: ResponseReader,
  { topic, version }: { readonly topic: string; readonly version: number },
): PartitionResponse {
  const partition = input.int32(), errorCode = input.int16();
  const highWatermark = input.int64(), stable = input.int64();
  if (version >= 5) input.int64(); // start of the log
  const aborted = input.array(() => {
    const one = { producerId: input.bigint64(), firstOffset: input.int64() };
    input.tags();
    return one;
  });
  if (version >= 11) input.int32(); // preferred replica
  const records = input.bytes() ?? new Uint8Array();
  input.tags();
  const bytes = Buffer.from(records.buffer, records.byteOffset, records.length);
  return { topic, partition, errorCode, highWatermark, stable, aborted, bytes };
}
