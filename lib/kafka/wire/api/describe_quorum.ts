import type { ResponseReader } from "../response_reader.ts";
import type { Api } from "./api.ts";

/** The topic that holds a KRaft cluster's metadata. */
const METADATA_TOPIC = "__cluster_metadata";

/**
 * Asks for the node that leads the quorum of controllers: the one true controller of a KRaft cluster.
 *
 * The `controller` of a metadata response is any broker that lives: in KRaft, brokers pass administrative requests on.
 *
 * @see KIP-595; the protocol guide, DescribeQuorum
 */
export const DESCRIBE_QUORUM: Api<
  Record<never, never>,
  {
    readonly errorCode: number;
    /** null where the quorum has none, or the user may not ask. */
    readonly leader: number | null;
  }
> = {
  key: 55,
  name: "DescribeQuorum",
  versions: [0, 0],
  flexibleFrom: 0,
  encode(out) {
    out.topics([{ topic: METADATA_TOPIC, partition: 0 }], ({ partition }) => out.int32(partition));
    out.tags();
  },
  decode(input) {
    const errorCode = input.int16();
    const [leader = -1] = input.topics(() => {
      input.int32(); // partition
      const hasNone = input.int16() !== 0, leader = input.int32();
      input.int32(); // epoch
      input.int64(); // high watermark
      skipReplicas(input); // voters
      skipReplicas(input); // observers
      return hasNone ? -1 : leader;
    });
    return { errorCode, leader: errorCode !== 0 || leader < 0 ? null : leader };
  },
};

function skipReplicas(input: ResponseReader): void {
  input.array(() => {
    input.int32(); // its number
    input.int64(); // its end
    input.tags();
  });
}
