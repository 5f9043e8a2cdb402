/**
 * Deletes what was read from repartition topics, which Kafka would keep for ever.
 *
 * @module
 */
import { topicPartitionKey } from "../../serde/mod.ts";
import { deleteRecords } from "../../kafka/engine.ts";
import { KafkaError } from "../../kafka/mod.ts";
import type { WorkerContext } from "./context.ts";
import type { StreamTask } from "./stream_task.ts";

/** When records are deleted. */
export interface PurgeRules {
  /** Least time between two purges; Infinity keeps everything. @default 30_000 */
  readonly everyMs?: number;
  /** Fewer of one partition are not worth a request. @default 10_000 */
  readonly minRecords?: number;
}

/**
 * Deletes up to the committed offsets: what is before them was processed, and the results are safe.
 *
 * @see Kafka Streams' `repartition.purge.interval.ms`, KIP-811
 */
export class Purge {
  readonly #context: WorkerContext;
  readonly #topics: ReadonlySet<string>;
  /** Partition -> where the last deletion ended. */
  readonly #ends = new Map<string, number>();
  #purgedMs = performance.now();
  #deleting: Promise<void> | undefined;
  #told = false;

  constructor(context: WorkerContext) {
    this.#context = context;
    const internal = context.topology.nodes.flatMap(({ source }) => source?.internal ? source : []);
    this.#topics = new Set(internal.map(({ topic }) => topic));
  }

  /** Resolves when nothing is being deleted. */
  get done(): Promise<void> {
    return this.#deleting ?? Promise.resolve();
  }

  /** Starts to delete what these tasks have committed, if a purge is due. Failing only leaves it for the next one. */
  maybePurge(tasks: readonly StreamTask[]): void {
    const { everyMs = 30_000 } = this.#context.options.purge ?? {};
    if (this.#deleting || performance.now() - this.#purgedMs < everyMs) return;
    this.#purgedMs = performance.now();
    const found = Map.groupBy(tasks.flatMap((task) => this.#readBy(task)), ({ topic }) => topic);
    if (found.size === 0) return;
    this.#deleting = this.#delete(found).catch((error) => this.#failed(error)).finally(() =>
      this.#deleting = undefined
    );
  }

  /** Reports what no retry would change, once. */
  #failed(error: unknown): void {
    if (this.#told || !(error instanceof KafkaError)) return;
    if (!/AUTHORIZATION|UNSUPPORTED/.test(error.code ?? "")) return;
    this.#told = true;
    const text = `Repartition topics keep what was read, and grow: ${error.message}`;
    this.#context.kafka.notify({ kind: "trouble", text });
  }

  #readBy(task: StreamTask) {
    const { minRecords = 10_000 } = this.#context.options.purge ?? {};
    return task.sourcePartitions.filter(({ topic }) => this.#topics.has(topic)).flatMap(
      (partition) => {
        const offset = task.committed(partition.topic) ?? 0;
        return offset - (this.#ends.get(topicPartitionKey(partition)) ?? 0) < minRecords
          ? []
          : [{ ...partition, offset }];
      },
    );
  }

  async #delete(
    found: ReadonlyMap<string, readonly { topic: string; partition: number; offset: number }[]>,
  ): Promise<void> {
    for (const [topic, before] of found) {
      await deleteRecords(this.#context.kafka, topic, before);
      for (const partition of before) {
        this.#ends.set(topicPartitionKey(partition), partition.offset);
      }
    }
  }
}
