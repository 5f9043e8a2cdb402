/**
 * Clusters for the rows: own ports, own data, started when first asked for, gone afterwards whatever happens.
 *
 * @module
 */
import {
  type ClusterConfig,
  clusterConfig,
  down,
  killBroker,
  startBroker,
  stopBroker,
  up,
} from "../../lib/cluster/mod.ts";
import { connect, type Kafka, type Notice } from "../../lib/kafka/mod.ts";
import { freshWorld } from "../../tasks/_world.ts";
import type { Row } from "./row.ts";

/** A running cluster, as a row sees it. Brokers are numbered from 1. */
export interface Cluster {
  readonly kafka: Kafka;
  /** `host:port` of each broker. */
  readonly brokers: readonly string[];
  /** Base URL of the registry's Confluent-compatible API; nothing answers there unless the row asked for one. */
  readonly registryUrl: string;
  readonly config: ClusterConfig;
  /** What a learner would have been told on `kafka`. */
  readonly notices: readonly Notice[];
  /** Points a child process at this cluster, and at a state folder of its own. */
  readonly env: Readonly<Record<string, string>>;
  /** kill -9. */
  kill(broker: number): Promise<void>;
  /** SIGTERM, and waits until it has ended. */
  stop(broker: number): Promise<void>;
  start(broker: number): Promise<void>;
}

/** What one start gave. */
interface Running {
  readonly config: ClusterConfig;
  readonly env: Readonly<Record<string, string>>;
  readonly brokers: readonly string[];
  readonly registryUrl: string;
}

type Size = 1 | 3;

/** The clusters that some rows need: one of each size. */
export class Clusters implements AsyncDisposable {
  readonly #registries: ReadonlySet<number>;
  readonly #running = new Map<Size, Running>();
  #closed = false;

  /** @param rows Those that will run: tells which cluster gets a registry. */
  constructor(rows: readonly Row[]) {
    this.#registries = new Set(
      rows.filter(({ registry }) => registry).map(({ brokers }) => brokers),
    );
  }

  /** Gives a cluster of this size, with a connection that lasts as long as `work`. */
  async use<T>(size: Size, work: (cluster: Cluster) => Promise<T>): Promise<T> {
    const { config, env, brokers, registryUrl } = await this.#start(size);
    const notices: Notice[] = [];
    const kafka = await connect({
      settings: { brokers, local: false, ssl: false },
      onNotice: (notice) => notices.push(notice),
    });
    try {
      return await work({
        ...{ kafka, brokers, registryUrl, config, notices, env },
        kill: (n) => killBroker(n, { config }),
        stop: (n) => stopBroker(n, { config }),
        start: (n) => startBroker(n, { config }),
      });
    } finally {
      await kafka.close();
    }
  }

  /** Ends the cluster of this size: the next row gets a new one. */
  async discard(size: Size): Promise<void> {
    const running = this.#running.get(size);
    this.#running.delete(size);
    if (running) await end(running.config);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    for (const size of [...this.#running.keys()]) await this.discard(size);
  }

  async #start(size: Size): Promise<Running> {
    const there = this.#running.get(size);
    if (there) return there;
    if (this.#closed) throw new Error("Cannot start a cluster: the run is over");
    // A registry that is not ours to start is one JVM less.
    const none = this.#registries.has(size) ? {} : { SCHEMA_REGISTRY_URL: "http://localhost:1" };
    const fresh = { ...await freshWorld(), ...none };
    const config = clusterConfig(new Map(Object.entries({ ...Deno.env.toObject(), ...fresh })));
    try {
      const { brokers, registry } = await up({ brokers: size, config });
      const env = {
        ...fresh,
        KAFKA_BROKERS: brokers.join(","),
        SCHEMA_REGISTRY_URL: registry,
      };
      const running = { config, env, brokers, registryUrl: registry };
      this.#running.set(size, running);
      return running;
    } catch (error) {
      await end(config);
      throw error;
    }
  }
}

async function end(config: ClusterConfig): Promise<void> {
  await down({ config });
  await Deno.remove(config.folders.state, { recursive: true });
}
