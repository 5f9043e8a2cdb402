import type { TopicPartition } from "../../serde/mod.ts";
import type { Kafka } from "../client/connect.ts";
import { askLeaders } from "../consume/list_offsets.ts";
import { metadataOf } from "../transport/broker.ts";
import { DESCRIBE_PRODUCERS, LIST_TRANSACTIONS } from "../wire/api/open_transactions.ts";

/** A transaction that has written to a partition and has not ended. */
export interface OpenTransaction extends TopicPartition {
  /** Its producer's number. */
  readonly producerId: bigint;
  /** What its producer calls itself; null where no broker says. */
  readonly transactionalId: string | null;
  /** Offset of its first record. */
  readonly from: number;
  /** When it wrote last, Unix epoch ms. */
  readonly lastMs: number;
}

/**
 * Who holds read-committed readers of a topic up: asks each leader for producers, each broker for their names.
 *
 * @see KIP-664
 */
export async function openTransactions(
  kafka: Kafka,
  topic: string,
): Promise<readonly OpenTransaction[]> {
  return await kafka.askCluster(
    `look for open transactions in topic "${topic}"`,
    async (cluster) => {
      await cluster.refresh([topic]);
      const led = (cluster.topic(topic)?.partitions ?? []).filter(({ leader }) => leader >= 0)
        .map(({ partition }) => ({ topic, partition }));
      const found = await askLeaders(
        cluster,
        led,
        async (broker, partitions) => await broker.send(DESCRIBE_PRODUCERS, { partitions }),
      );
      const open = found.filter(({ openFrom }) => openFrom >= 0);
      if (open.length === 0) return [];
      const producerIds = [...new Set(open.map(({ producerId }) => producerId))];
      const { brokers } = await metadataOf(cluster, []);
      const named = await Promise.allSettled(
        brokers.map(async ({ nodeId }) =>
          await (await cluster.broker(nodeId)).send(LIST_TRANSACTIONS, { producerIds })
        ),
      );
      const names = new Map(
        named.flatMap((one) => one.status === "fulfilled" ? one.value : [])
          .map(({ producerId, transactionalId }) => [producerId, transactionalId]),
      );
      return open.map(({ openFrom: from, ...one }) => ({
        ...{ ...one, from, transactionalId: names.get(one.producerId) ?? null },
      }));
    },
    { topic },
  );
}
