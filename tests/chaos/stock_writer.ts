/**
 * The control of rows about producers: kafkajs as it comes, used as people do, under the same fault.
 *
 * @module
 */
import { sleep } from "../../lib/async/mod.ts";
import { Kafka, logLevel, type RetryOptions } from "kafkajs";
import { readAll, string } from "../../lib/kafka/mod.ts";
import { type Anomaly, copyFaults, type Entry } from "./anomalies.ts";
import type { Cluster } from "./clusters.ts";

/** What is written, and what happens meanwhile. */
export interface StockRun {
  /** Where it connects. @default the cluster's brokers */
  readonly brokers?: readonly string[];
  readonly partitions: number;
  /** Leave the choice of the partition to kafkajs, which chooses again at each attempt. @default false */
  readonly freePartition?: boolean;
  /** @default it never gives up */
  readonly retry?: RetryOptions;
  /** Judge what was refused, too: the caller has to send it again. @default only what was acknowledged */
  readonly refusedCounts?: boolean;
  readonly fault: () => Promise<void>;
}

const BATCH = 10, EVERY_MS = 5;
const NEVER_GIVES_UP = { retries: 1e6, initialRetryTime: 100, maxRetryTime: 1_000 };

/** Sends without waiting for the answer, as an idempotent producer is said to allow; judges the log. */
export async function stockFaults(cluster: Cluster, run: StockRun): Promise<Anomaly[]> {
  const topic = `stock.${crypto.randomUUID().slice(0, 8)}`;
  await cluster.kafka.topics.create(topic, { partitions: run.partitions });
  const client = new Kafka({
    brokers: [...run.brokers ?? cluster.brokers],
    logLevel: logLevel.NOTHING,
    retry: run.retry ?? NEVER_GIVES_UP,
  });
  const producer = client.producer({ idempotent: true });
  await producer.connect();
  const sent: Entry[] = [], sends: Promise<unknown>[] = [], refused = new Set<string>();
  let over = false;
  const writing = (async () => {
    for (let batch = 0; !over; batch++) {
      const values = Array.from({ length: BATCH }, (_, i) => `${batch * BATCH + i}`);
      const place = run.freePartition ? {} : { partition: batch % run.partitions };
      const messages = values.map((value) => ({ value, ...place }));
      sent.push(...values.map((value) => ({ key: "", value })));
      const sending = producer.send({ topic, messages, acks: -1 })
        .catch(() => values.forEach((value) => refused.add(value)));
      sends.push(sending);
      await sleep(EVERY_MS);
    }
  })();
  await run.fault();
  over = true;
  await writing;
  await Promise.all(sends);
  await producer.disconnect();
  const log = await readAll(cluster.kafka, topic, { key: string, value: string });
  await cluster.kafka.topics.delete(topic);
  const found = faultsOf(sent, log, run);
  if (run.refusedCounts) return found;
  const values = new Set([...refused].map((value) => `"${value}" has no copy`));
  return found.filter(({ kind, detail }) => kind !== "lost write" || !values.has(detail));
}

/** Order counts inside a partition only, and where we chose it. */
function faultsOf(
  sent: readonly Entry[],
  log: readonly { readonly partition: number; readonly value: string | null }[],
  { partitions, freePartition }: StockRun,
): Anomaly[] {
  const copies = log.map(({ partition, value }) => ({ partition, key: "", value: value! }));
  if (freePartition) return copyFaults(sent, copies).filter(({ kind }) => kind !== "reorder");
  return Array.from({ length: partitions }, (_, partition) =>
    copyFaults(
      sent.filter((_, i) => Math.floor(i / BATCH) % partitions === partition),
      copies.filter((one) => one.partition === partition),
    )).flat();
}
