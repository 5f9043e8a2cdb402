import Encoder from "kafkajs/src/protocol/encoder.js";
import type { TopicPartition } from "../../../serde/mod.ts";
import { type Api, negotiatedVersion } from "../../transport/negotiate.ts";
import type { Cluster } from "../../transport/patches.ts";

/** A copy of a partition on a broker's disk. */
export interface StoredCopy extends TopicPartition {
  /** Broker that has it. */
  readonly broker: number;
  /** Size of its segments, as they lie there: compressed, and with what compaction has not taken yet. */
  readonly bytes: number;
}

const LOG_DIRS: Api = { key: 35, name: "DescribeLogDirs", versions: [0, 1] };

/** Asks one broker what lies on its disks. */
export async function storedOn(cluster: Cluster, broker: number): Promise<readonly StoredCopy[]> {
  const node = await cluster.findBroker({ nodeId: `${broker}` });
  return await node.connectionPool.send({
    request: {
      apiKey: LOG_DIRS.key,
      apiVersion: negotiatedVersion(node, LOG_DIRS),
      apiName: LOG_DIRS.name,
      // No list of topics: all of them.
      encode: () => new Encoder().writeInt32(-1),
    },
    response: {
      decode: (bytes: Uint8Array) => Promise.resolve(storedCopies(bytes, broker)),
      parse: (copies: unknown) => Promise.resolve(copies),
    },
  });
}

/**
 * Reads a broker's answer; a disk that failed is left out.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { storedCopies } from "./describe_log_dirs.ts";
 * // One healthy disk "d" with partition 0 of topic "t": 9 bytes.
 * const answer = Uint8Array.fromHex(
 *   "00000000 00000001 0000 0001 64 00000001 0001 74 00000001 00000000 0000000000000009 0000000000000000 00"
 *     .replaceAll(" ", ""),
 * );
 * assert.deepEqual(storedCopies(answer, 1), [{ broker: 1, topic: "t", partition: 0, bytes: 9 }]);
 * ```
 * See: the protocol guide, DescribeLogDirs, version 1.
 */
export function storedCopies(answer: Uint8Array, broker: number): readonly StoredCopy[] {
  const view = new DataView(answer.buffer, answer.byteOffset, answer.length);
  let at = 4; // What stands first is how long the broker held the answer back.
  const int16 = () => view.getInt16((at += 2) - 2), int32 = () => view.getInt32((at += 4) - 4);
  const int64 = () => Number(view.getBigInt64((at += 8) - 8));
  const text = () => {
    const length = int16();
    return new TextDecoder().decode(answer.subarray(at, at += length));
  };
  const copies: StoredCopy[] = [];
  for (let disks = int32(); disks > 0; disks--) {
    const isHealthy = int16() === 0;
    text();
    for (let topics = int32(); topics > 0; topics--) {
      const topic = text();
      for (let partitions = int32(); partitions > 0; partitions--) {
        const copy = { broker, topic, partition: int32(), bytes: int64() };
        // How far it is behind, and whether it is only moving in.
        at += 9;
        if (isHealthy) copies.push(copy);
      }
    }
  }
  return copies;
}
