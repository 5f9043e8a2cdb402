import { Buffer } from "node:buffer";
import type { RequestWriter } from "../request_writer.ts";
import type { ResponseReader } from "../response_reader.ts";
import type { Api } from "./api.ts";

/** Records of one partition, from the first to the last, that are acknowledged in one way. */
export interface AcknowledgementBatch {
  readonly first: number;
  /** This one included. */
  readonly last: number;
  readonly type: AcknowledgementType;
}

/** Kafka's numbers for what becomes of a record: there is none at this offset, done, to another member, to nobody. */
export const ACKNOWLEDGEMENT = { gap: 0, accept: 1, release: 2, reject: 3 } as const;

/** By name. */
export type AcknowledgementType = keyof typeof ACKNOWLEDGEMENT;

/** A partition by its topic's id. */
export interface TopicIdPartition {
  /** In hexadecimal digits. */
  readonly topicId: string;
  readonly partition: number;
}

/** A member's session with one broker. */
interface ShareSessionRequest {
  readonly group: string;
  readonly memberId: string;
  /** 0 to open it, −1 to close it; else one more than in the last request. */
  readonly sessionEpoch: number;
}

/** Acquires records of some partitions for a member. */
export interface ShareFetchRequest extends ShareSessionRequest {
  readonly partitions: readonly TopicIdPartition[];
  /** Partitions of the session that are not wanted any more. */
  readonly forgotten: readonly TopicIdPartition[];
  readonly maxRecords: number;
  readonly maxWaitMs: number;
}

/** Records that are held for the member, from the first to the last. */
export interface AcquiredRange {
  readonly first: number;
  /** This one included. */
  readonly last: number;
  /** 1 at the first delivery. */
  readonly deliveryCount: number;
}

/** What a broker says about one partition. */
export interface SharePartitionResponse extends TopicIdPartition {
  readonly errorCode: number;
  /** The broker's own sentence. */
  readonly said: string | null;
  /** Whole batches; only what is acquired of them is the member's. */
  readonly bytes: Buffer;
  readonly acquired: readonly AcquiredRange[];
}

/** What a broker has for a member of a share group. */
export interface ShareFetchResponse {
  readonly errorCode: number;
  /** The broker's own sentence. */
  readonly said: string | null;
  /** How long the records are held for the member. */
  readonly lockMs: number;
  readonly partitions: readonly SharePartitionResponse[];
}

const MIN_BYTES = 1, MAX_BYTES = 10 << 20;
/** Not more records than asked for, even where that cuts a batch: others can have the rest at once (KIP-1206). */
const RECORD_LIMIT = 1;

/** @see KIP-932 */
export const SHARE_FETCH: Api<ShareFetchRequest, ShareFetchResponse> = {
  key: 78,
  name: "ShareFetch",
  versions: [1, 2],
  flexibleFrom: 0,
  heldBack: true,
  encode(out, request, version) {
    session(out, request);
    out.int32(request.maxWaitMs);
    out.int32(MIN_BYTES);
    out.int32(MAX_BYTES);
    out.int32(request.maxRecords);
    out.int32(request.maxRecords); // batches of records that are acquired together
    if (version >= 2) {
      out.int8(RECORD_LIMIT);
      out.bool(false); // no lock is renewed
    }
    byTopic(out, request.partitions, ({ partition }) => {
      out.int32(partition);
      out.array([], () => {}); // acknowledged by a request of its own
      out.tags();
    });
    byTopic(out, request.forgotten, ({ partition }) => out.int32(partition));
    out.tags();
  },
  decode(input) {
    input.int32(); // throttle time
    const errorCode = input.int16(), said = input.string(), lockMs = input.int32();
    const partitions = input.array(() => {
      const topicId = input.raw(16).toHex();
      const found = input.array(() => sharePartition(input, topicId));
      input.tags();
      return found;
    }).flat();
    return { errorCode, said, lockMs, partitions };
  },
};

/** Says what became of records that the member holds. */
export interface ShareAcknowledgeRequest extends ShareSessionRequest {
  readonly partitions: readonly (TopicIdPartition & {
    readonly batches: readonly AcknowledgementBatch[];
  })[];
}

/** Whether each partition's records were still held. */
export interface ShareAcknowledgeResponse {
  readonly errorCode: number;
  /** The broker's own sentence. */
  readonly said: string | null;
  readonly partitions: readonly (TopicIdPartition & { readonly errorCode: number })[];
}

/** @see KIP-932 */
export const SHARE_ACKNOWLEDGE: Api<ShareAcknowledgeRequest, ShareAcknowledgeResponse> = {
  key: 79,
  name: "ShareAcknowledge",
  versions: [1, 2],
  flexibleFrom: 0,
  // A session belongs to the connection over which it was opened.
  heldBack: true,
  encode(out, request, version) {
    session(out, request);
    if (version >= 2) out.bool(false); // no lock is renewed
    byTopic(out, request.partitions, ({ partition, batches }) => {
      out.int32(partition);
      out.array(batches, ({ first, last, type }) => {
        out.int64(first);
        out.int64(last);
        out.array([type], (one) => out.int8(ACKNOWLEDGEMENT[one]));
        out.tags();
      });
      out.tags();
    });
    out.tags();
  },
  decode(input, version) {
    input.int32(); // throttle time
    const errorCode = input.int16(), said = input.string();
    if (version >= 2) input.int32(); // how long records are held
    const partitions = input.array(() => {
      const topicId = input.raw(16).toHex();
      const found = input.array(() => {
        const partition = input.int32(), errorCode = input.int16();
        input.string(); // what is wrong
        leader(input);
        input.tags();
        return { topicId, partition, errorCode };
      });
      input.tags();
      return found;
    }).flat();
    return { errorCode, said, partitions };
  },
};

function session(out: RequestWriter, request: ShareSessionRequest): void {
  out.string(request.group);
  out.string(request.memberId);
  out.int32(request.sessionEpoch);
}

function byTopic<T extends TopicIdPartition>(
  out: RequestWriter,
  partitions: readonly T[],
  write: (one: T) => void,
): void {
  out.array([...Map.groupBy(partitions, ({ topicId }) => topicId)], ([topicId, its]) => {
    out.raw(Uint8Array.fromHex(topicId));
    out.array(its, write);
    out.tags();
  });
}

function sharePartition(input: ResponseReader, topicId: string): SharePartitionResponse {
  const partition = input.int32(), errorCode = input.int16(), said = input.string();
  input.int16(); // nothing was acknowledged
  input.string();
  leader(input);
  const records = input.bytes() ?? new Uint8Array();
  const acquired = input.array(() => {
    const range = { first: input.int64(), last: input.int64(), deliveryCount: input.int16() };
    input.tags();
    return range;
  });
  input.tags();
  const bytes = Buffer.from(records.buffer, records.byteOffset, records.length);
  return { topicId, partition, errorCode, said, bytes, acquired };
}

/** Who leads the partition by now: metadata tell, too. */
function leader(input: ResponseReader): void {
  input.int32();
  input.int32(); // epoch
  input.tags();
}
