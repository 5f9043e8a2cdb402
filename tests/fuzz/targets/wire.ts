/** Responses of brokers to every request, in every version that is spoken here, and what members of a group tell each other. */
import { type Api, decodeBody } from "../../../lib/kafka/wire/api/api.ts";
import {
  decodeAssignment,
  decodeSubscription,
  encodeAssignment,
  encodeSubscription,
} from "../../../lib/kafka/wire/consumer_protocol.ts";
import * as consumerGroupHeartbeat from "../../../lib/kafka/wire/api/consumer_group_heartbeat.ts";
import * as deleteRecords from "../../../lib/kafka/wire/api/delete_records.ts";
import * as configs from "../../../lib/kafka/wire/api/configs.ts";
import * as describeGroups from "../../../lib/kafka/wire/api/describe_groups.ts";
import * as describeLogDirs from "../../../lib/kafka/wire/api/describe_log_dirs.ts";
import * as describeQuorum from "../../../lib/kafka/wire/api/describe_quorum.ts";
import * as fetch from "../../../lib/kafka/wire/api/fetch.ts";
import * as findCoordinator from "../../../lib/kafka/wire/api/find_coordinator.ts";
import * as heartbeat from "../../../lib/kafka/wire/api/heartbeat.ts";
import * as joinGroup from "../../../lib/kafka/wire/api/join_group.ts";
import * as leaveGroup from "../../../lib/kafka/wire/api/leave_group.ts";
import * as listOffsets from "../../../lib/kafka/wire/api/list_offsets.ts";
import * as offsetCommit from "../../../lib/kafka/wire/api/offset_commit.ts";
import * as offsetDelete from "../../../lib/kafka/wire/api/offset_delete.ts";
import * as offsetFetch from "../../../lib/kafka/wire/api/offset_fetch.ts";
import * as produce from "../../../lib/kafka/wire/api/produce.ts";
import * as shareOffsets from "../../../lib/kafka/wire/api/share_offsets.ts";
import * as syncGroup from "../../../lib/kafka/wire/api/sync_group.ts";
import * as topicMetadata from "../../../lib/kafka/wire/api/topic_metadata.ts";
import * as topicRequests from "../../../lib/kafka/wire/api/topic_requests.ts";
import * as transactions from "../../../lib/kafka/wire/api/transactions.ts";
import * as txnOffsetCommit from "../../../lib/kafka/wire/api/txn_offset_commit.ts";
import { partsOf } from "../parts.ts";
import type { Target } from "../target.ts";

type AnyApi = Api<never, unknown>;

const isApi = (value: unknown): value is AnyApi =>
  typeof value === "object" && value !== null && "decode" in value && "versions" in value;

/** Every request of every file, in each of its versions. */
export const RESPONSES: readonly { readonly api: AnyApi; readonly version: number }[] = [
  ...[configs, consumerGroupHeartbeat, deleteRecords, describeGroups, describeLogDirs],
  ...[describeQuorum, fetch, findCoordinator, heartbeat, joinGroup, leaveGroup, listOffsets],
  ...[offsetCommit, offsetDelete, offsetFetch, produce, shareOffsets, syncGroup, topicMetadata],
  ...[topicRequests, transactions, txnOffsetCommit],
].flatMap((file) => Object.values(file).flat()).filter(isApi).flatMap((api) => {
  const [min, max] = api.versions;
  return Array.from({ length: max - min + 1 }, (_, at) => ({ api, version: min + at }));
});

/** The first byte says to which request it is the response. */
function decodeResponse(bytes: Uint8Array): number {
  const { api, version } = RESPONSES[(bytes[0] ?? 0) % RESPONSES.length]!;
  return partsOf(decodeBody(api, bytes.subarray(1), version));
}

/** Lists of nothing, and lists of a few things: what of these a response can be is gone on from. */
const BODIES = [[0], [1], [2], [0, 0, 0, 1], [0, 0, 0, 2], [0, 0, 0, 1, 0, 1, 97], [0, 1, 97, 0]]
  .map((part) => Array.from({ length: 200 }, (_, at) => part[at % part.length]!));

function isResponse(bytes: Uint8Array): boolean {
  try {
    decodeResponse(bytes);
    return true;
  } catch {
    return false;
  }
}

const partitions = [{ topic: "rides", partition: 0 }, { topic: "rides", partition: 3 }];
const ENDS_EARLY = /^RangeError: Cannot read -?\d+ bytes at \d+: the response has \d+$/;

export const WIRE: readonly Target[] = [
  {
    name: "wire-responses",
    seeds: RESPONSES.flatMap((_, at) => BODIES.map((body) => Uint8Array.of(at, ...body)))
      .filter(isResponse),
    decode: decodeResponse,
    errors: /^SyntaxError: Cannot read the response to \w+ \(version \d+, \d+ bytes\): /,
  },
  {
    name: "assignment",
    seeds: [encodeAssignment(partitions), encodeAssignment([]), new Uint8Array()],
    decode: (bytes) => partsOf(decodeAssignment(bytes)),
    errors: ENDS_EARLY,
  },
  {
    name: "subscription",
    seeds: [
      encodeSubscription({ topics: ["rides"], userData: Uint8Array.of(1), owned: partitions }),
      encodeSubscription({ topics: [], userData: new Uint8Array(), owned: [] }),
    ],
    decode: (bytes) => partsOf(decodeSubscription(bytes)),
    errors: ENDS_EARLY,
  },
];
