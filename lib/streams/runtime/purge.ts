/**
 * Deletes what was read from repartition topics, which nobody needs any more and Kafka would keep for ever.
 *
 * @module
 */
import { topicPartitionKey } from "../../serde/mod.ts";
import { deleteRecords } from "../../kafka/engine.ts";
import { KafkaError } from "../../kafka/mod.ts";
import type { WorkerContext } from "./context.ts";
import type { LiveTask } from "./live_task.ts";

/** When records are deleted. */
export interface PurgeRules {
  /** How often it is looked, at most; Infinity keeps everything. @default 30_000 */
  readonly everyMs?: number;
  /** Fewer of one partition are not worth a request, and stay there to be looked at. @default 10_000 */
  readonly leastRecords?: number;
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
  #lookedMs = performance.now();
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

  /** Begins to delete what these tasks are done with, if it is time. Nobody waits: failing only leaves it for later. */
  look(tasks: readonly LiveTask[]): void {
    const { everyMs = 30_000 } = this.#context.options.purge ?? {};
    if (this.#deleting || performance.now() - this.#lookedMs < everyMs) return;
    this.#lookedMs = performance.now();
    const found = Map.groupBy(tasks.flatMap((live) => this.#readBy(live)), ({ topic }) => topic);
    if (found.size === 0) return;
    this.#deleting = this.#delete(found).catch((error) => this.#failed(error)).finally(() =>
      this.#deleting = undefined
    );
  }

  /** What no later try changes is told once. */
  #failed(error: unknown): void {
    if (this.#told || !(error instanceof KafkaError)) return;
    if (!/AUTHORIZATION|UNSUPPORTED/.test(error.code ?? "")) return;
    this.#told = true;
    const text = `Repartition topics keep what was read, and grow: ${error.message}`;
    this.#context.kafka.notify({ kind: "trouble", text });
  }

  #readBy(live: LiveTask) {
    const { leastRecords = 10_000 } = this.#context.options.purge ?? {};
    return live.places.filter(({ topic }) => this.#topics.has(topic)).flatMap((place) => {
      const offset = live.committed(place.topic) ?? 0;
      return offset - (this.#ends.get(topicPartitionKey(place)) ?? 0) < leastRecords
        ? []
        : [{ ...place, offset }];
    });
  }

  async #delete(
    found: ReadonlyMap<string, readonly { topic: string; partition: number; offset: number }[]>,
  ): Promise<void> {
    for (const [topic, before] of found) {
      await deleteRecords(this.#context.kafka, topic, before);
      for (const place of before) this.#ends.set(topicPartitionKey(place), place.offset);
    }
  }
}
