/**
 * Tells the world how a worker is doing, through a compacted topic that anybody can read.
 *
 * @module
 */
import { deadline } from "../../async/mod.ts";
import { ProduceSession, type WireRecord } from "../../kafka/engine.ts";
import { KafkaError } from "../../kafka/mod.ts";
import { HEARTBEAT_MS, statusTopic } from "../../views/mod.ts";
import { topologyView } from "../topology/topology_view.ts";
import type { WorkerEvent } from "./context.ts";
import { hostName } from "./host_name.ts";
import { type Restoring, type WorkerIdentity, workerStatus } from "./worker_status.ts";
import type { Worker } from "./worker.ts";

/** How often a worker looks at its counters. One that ends earlier has never published. */
const LOOK_MS = 1_000;
/** A look may take this share of the time: where it takes long (rows on disk are counted), the next one is later. */
const SHARE = 1 / 200;
/** How long the last word may take. */
const FAREWELL_MS = 1_000;

/** Kept small by compaction: a status counts until the next. */
const CONFIG = {
  "cleanup.policy": "compact",
  "min.cleanable.dirty.ratio": "0.1",
  "segment.bytes": "4194304",
  "segment.ms": "600000",
  "delete.retention.ms": "60000",
};

const encoder = new TextEncoder();

/**
 * Publishes topology, tasks and counters of a worker to `<app>-status`: when something changed, and now and then
 * anyway, so that one that died is told from one that has nothing to do.
 *
 * It has a connection of its own, and what goes wrong in it never reaches the work: it is told once, and that is all.
 */
export class StatusPublisher {
  readonly #worker: Worker;
  readonly #topic: string;
  readonly #session: ProduceSession;
  readonly #who: WorkerIdentity;
  readonly #restoring = new Map<string, Restoring>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #writing: Promise<void> | undefined;
  #told = "";
  #toldAtMs = 0;
  #isClosed = false;

  constructor(worker: Worker) {
    const { kafka, topology, options } = worker.context;
    const name = options.name ?? `worker-${Deno.pid}`;
    this.#worker = worker;
    this.#topic = statusTopic(topology.appId);
    this.#session = new ProduceSession(kafka, `${topology.appId}-status`);
    this.#who = {
      worker: `${name}-${crypto.randomUUID().slice(0, 8)}`,
      name,
      host: hostName(),
      process: Deno.pid,
      startedMs: Date.now(),
    };
    this.#lookIn(LOOK_MS);
  }

  /** Takes note of what happened. */
  hear(event: WorkerEvent): void {
    if (event.kind === "restoring") this.#restoring.set(event.task, event);
    else if (event.kind === "running") this.#restoring.delete(event.task);
  }

  /** Ends it; a worker that has published says that it is gone. Never throws, and never takes long. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    const farewell = async () => {
      await this.#writing;
      if (this.#told) await this.#write([{ key: this.#who.worker, value: null }]);
    };
    await deadline(farewell(), FAREWELL_MS, () => new Error("no answer")).catch(() => {});
    await this.#session.close().catch(() => {});
  }

  #lookIn(ms: number): void {
    if (!this.#isClosed) this.#timer = setTimeout(() => this.#look(), ms);
  }

  #look(): void {
    const began = performance.now();
    const status = workerStatus(this.#worker, { who: this.#who, restoring: this.#restoring });
    const text = JSON.stringify(status), atMs = Date.now();
    const tookMs = performance.now() - began;
    const isNews = text !== this.#told || atMs - this.#toldAtMs >= HEARTBEAT_MS;
    if (isNews && !this.#writing) {
      this.#writing = this.#publish({ ...status, atMs }).then(() => {
        this.#told = text;
        this.#toldAtMs = atMs;
      }, (error) => this.#giveUp(error)).finally(() => this.#writing = undefined);
    }
    this.#lookIn(Math.max(LOOK_MS, tookMs / SHARE));
  }

  async #publish(status: object): Promise<void> {
    const records = [{ key: this.#who.worker, value: status }];
    if (this.#told) return await this.#write(records);
    const { kafka, topology, plan } = this.#worker.context;
    // Without compaction soon it takes more room, and no more.
    const optional = Object.keys(CONFIG).filter((name) => name !== "cleanup.policy");
    await kafka.topics.create(this.#topic, { partitions: 1, config: CONFIG, optional });
    const drawn = {
      kind: "topology",
      topology: topologyView(topology, { plan }),
      atMs: Date.now(),
    };
    await this.#write([{ key: "topology", value: drawn }, ...records]);
  }

  async #write(
    records: readonly { readonly key: string; readonly value: object | null }[],
  ): Promise<void> {
    const messages = records.map(({ key, value }): WireRecord => ({
      key: encoder.encode(key),
      value: value && encoder.encode(JSON.stringify(value)),
      timestamp: Date.now(),
    }));
    const [outcome] = await this.#session.write([{ topic: this.#topic, partition: 0, messages }]);
    if (outcome && "error" in outcome) throw outcome.error;
  }

  /** One word about it, and no further attempts, unless Kafka was away: the work is what matters. */
  #giveUp(error: unknown): void {
    if (this.#isClosed || (error instanceof KafkaError && error.retriable)) return;
    this.#isClosed = true;
    clearTimeout(this.#timer);
    const why = error instanceof Error ? error.message : String(error);
    this.#worker.context.emit({ kind: "unpublished", why });
  }
}
