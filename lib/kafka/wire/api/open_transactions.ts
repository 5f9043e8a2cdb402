import type { TopicPartition } from "../../../serde/mod.ts";
import type { Api } from "./api.ts";

/** A producer that has written to a partition lately, as the partition's leader knows it. */
export interface ActiveProducer extends TopicPartition {
  readonly producerId: bigint;
  /** When it wrote last, Unix epoch ms. */
  readonly lastMs: number;
  /** Where its open transaction begins; −1 while none is open. */
  readonly openFrom: number;
}

/** Asks the leader of partitions for their producers. @see KIP-664 */
export const DESCRIBE_PRODUCERS: Api<
  { readonly partitions: readonly TopicPartition[] },
  readonly ActiveProducer[]
> = {
  key: 61,
  name: "DescribeProducers",
  versions: [0, 0],
  flexibleFrom: 0,
  encode(out, { partitions }) {
    out.array([...Map.groupBy(partitions, ({ topic }) => topic)], ([topic, its]) => {
      out.string(topic);
      out.array(its, ({ partition }) => out.int32(partition));
      out.tags();
    });
    out.tags();
  },
  decode(input) {
    input.int32(); // throttle time
    return input.topics((topic) => {
      const partition = input.int32();
      input.int16(); // one that is not led here has no producers
      input.string(); // what is wrong
      return input.array((): ActiveProducer => {
        const producerId = input.bigint64();
        input.int32(); // its epoch
        input.int32(); // last sequence
        const lastMs = input.int64();
        input.int32(); // epoch of the coordinator
        const openFrom = input.int64();
        input.tags();
        return { topic, partition, producerId, lastMs, openFrom };
      });
    }).flat();
  },
};

/** Asks a broker for the transactional ids that it coordinates, by producer. @see KIP-664 */
export const LIST_TRANSACTIONS: Api<
  { readonly producerIds: readonly bigint[] },
  readonly {
    readonly transactionalId: string;
    readonly producerId: bigint;
    readonly state: string;
  }[]
> = {
  key: 66,
  name: "ListTransactions",
  versions: [0, 0],
  flexibleFrom: 0,
  encode(out, { producerIds }) {
    out.array([], () => {}); // in any state
    out.array(producerIds, (id) => out.int64(id));
    out.tags();
  },
  decode(input) {
    input.int32(); // throttle time
    input.int16(); // a coordinator that is still loading knows none
    input.array(() => input.string()); // states that it does not know
    return input.array(() => {
      const transactionalId = input.text(), producerId = input.bigint64(), state = input.text();
      input.tags();
      return { transactionalId, producerId, state };
    });
  },
};
