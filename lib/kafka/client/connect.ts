import { waitAtMost } from "../../async/mod.ts";
import type { ConnectionOptions } from "node:tls";
import { type KafkaSettings, kafkaSettings } from "../../settings/mod.ts";
import { KafkaError } from "./errors.ts";
import {
  type ClientOptions,
  CONTACT_TIMEOUT_MS,
  firstContact,
  KEEP_TRYING,
  TRY_BRIEFLY,
} from "./first_contact.ts";
import type { ErrorPlace } from "./errors.ts";
import { saslOptions, tlsOptions } from "./credentials.ts";
import { Groups } from "../admin/groups.ts";
import type { Notice } from "./notices.ts";
import { type Broker, type Cluster, metadataOf } from "../transport/broker.ts";
import { openCluster } from "../transport/kafkajs_cluster.ts";
import { SharedLink } from "./shared_link.ts";
import { watchedSockets } from "../transport/sockets.ts";
import { Topics } from "../admin/topics.ts";

/** How {@link connect} finds Kafka and whom it tells what. */
export interface ConnectOptions {
  /** Where Kafka is. @default the environment's, see `lib/settings` */
  readonly settings?: KafkaSettings;
  /** Name of this program in the broker's eyes. @default "taxi-streams" */
  readonly clientId?: string;
  /** Hears of brokers that do not answer and the like. @default one line on stderr */
  readonly onNotice?: (notice: Notice) => void;
  /** How long what listens there may take to answer at first. @default 3_000, of our own cluster 10_000 */
  readonly answerTimeoutMs?: number;
  /** Called with each consumer before it joins; what it does is waited for. @default nothing */
  readonly onConsumer?: (consumer: NamedConsumer) => void | Promise<void>;
  /** Asked at each wait for the signal that ends it, unless the call has its own. @default none */
  readonly stopSignal?: () => AbortSignal;
}

/** A consumer that is about to join its group. */
export interface NamedConsumer {
  /** Its group. */
  readonly group: string;
  /** What it reads. */
  readonly topics: readonly string[];
  /** Its readable name. */
  readonly member: string;
  /** Ends it; it leaves its group at once. */
  close(): Promise<void>;
}

/** One broker of a cluster. */
export interface BrokerDescription {
  /** Its number, from 1. */
  readonly broker: number;
  /** `host:port` that it says it is reached at. */
  readonly address: string;
  /** True for the one that answers for the cluster. */
  readonly controller: boolean;
}

/** Something that was made from a connection, and what it reads. */
export interface Adopted {
  /** Its group, when it is a member of one. */
  readonly group?: string;
  /** What it reads; left out by a producer. */
  readonly topics?: readonly string[];
  /** Called when the connection closes. */
  close(): Promise<void>;
}

const CLOSE_TIMEOUT_MS = 300;

/**
 * Connects to Kafka and makes sure that it answers.
 *
 * Everything made from the result (producers, consumers, readers) finds its own way back after a broker's restart.
 *
 * @example
 * ```ts ignore
 * await using kafka = await connect();
 * console.log(await kafka.topics.list());
 * ```
 * @throws {KafkaError} `Cannot reach Kafka at "localhost:9092": connection refused (run "deno task up")`, within
 * about 3 s, also where a server accepts connections and never answers.
 */
export async function connect(options: ConnectOptions = {}): Promise<Kafka> {
  const kafka = new Kafka(options.settings ?? kafkaSettings(), options);
  try {
    await kafka.firstContact(options.answerTimeoutMs);
    return kafka;
  } catch (error) {
    // What never answers takes half a minute to close.
    await waitAtMost(kafka.close(), CLOSE_TIMEOUT_MS);
    throw error;
  }
}

/** A connection to one Kafka cluster: its topics, its groups, and what was made from it. */
export class Kafka implements AsyncDisposable {
  /** Name of this program in the broker's eyes. */
  readonly clientId: string;
  /** Creates, describes and deletes topics. */
  readonly topics: Topics = new Topics(this);
  /** Describes groups, their lag, and moves their offsets. */
  readonly groups: Groups = new Groups(this);
  #settings: KafkaSettings;
  readonly #tls: ConnectionOptions | undefined;
  #notify: (notice: Notice) => void;
  readonly #options: ConnectOptions;
  readonly #handles = new Set<Adopted>();
  readonly #link = new SharedLink(
    () => this.cluster({ retry: TRY_BRIEFLY }),
    (one) => this.notify(one),
  );

  /** Use {@link connect}: it makes sure that Kafka answers. */
  constructor(settings: KafkaSettings, options: ConnectOptions = {}) {
    this.#settings = settings;
    try {
      this.#tls = tlsOptions(settings);
    } catch (error) {
      throw new KafkaError(
        `Cannot reach Kafka at "${settings.brokers.join(",")}": ${(error as Error).message}`,
      );
    }
    this.clientId = options.clientId ?? "taxi-streams";
    this.#options = options;
    this.#notify = options.onNotice ?? (({ text }) => console.warn(text));
  }

  /** The brokers of the cluster, by number. */
  async brokers(): Promise<readonly BrokerDescription[]> {
    const { brokers, controllerId } = await this.askCluster(
      "list the brokers",
      (cluster) => metadataOf(cluster, []),
    );
    return brokers.map(({ nodeId, host, port }) => ({
      broker: nodeId,
      address: `${host}:${port}`,
      controller: nodeId === controllerId,
    })).sort((a, b) => a.broker - b.broker);
  }

  /** The cluster's own id, the same by whichever address it was reached; null where its brokers have none. */
  async clusterId(): Promise<string | null> {
    const { clusterId } = await this.askCluster(
      "read the cluster's id",
      (cluster) => metadataOf(cluster, []),
    );
    return clusterId || null;
  }

  /** Closes every producer and consumer made from it, then its own connection. */
  async close(): Promise<void> {
    await Promise.all([...this.#handles].map((handle) => handle.close()));
    await this.#link.drop();
  }

  /** Closes it at the end of an `await using` block. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** Tells the learner something, for the other files of this room. @internal */
  notify(notice: Notice): void {
    this.#notify(notice);
  }

  /** The signal that ends a wait: the caller's own, else that of {@link ConnectOptions.stopSignal}. @internal */
  stopSignal(given?: AbortSignal): AbortSignal | undefined {
    return given ?? this.#options.stopSignal?.();
  }

  /** Tells of a consumer that is about to join. @internal */
  async beforeJoin(consumer: NamedConsumer): Promise<void> {
    await this.#options.onConsumer?.(consumer);
  }

  /** Has `handle` closed together with this connection; gives the function that forgets it. @internal */
  adopt(handle: Adopted): () => void {
    this.#handles.add(handle);
    return () => this.#handles.delete(handle);
  }

  /** Closes the consumers made from this connection that are in a group, or read a topic. @internal */
  async closeConsumers(of: { readonly group?: string; readonly topic?: string }): Promise<void> {
    const meant = [...this.#handles].filter(({ group, topics }) =>
      (of.group !== undefined && group === of.group) ||
      (of.topic !== undefined && topics?.includes(of.topic))
    );
    await Promise.all(meant.map((handle) => handle.close()));
  }

  /**
   * Connections of its own to the cluster, made at the first use.
   *
   * @internal
   */
  cluster(options: ClientOptions = {}): Cluster {
    const { sasl } = this.#settings;
    return openCluster({
      brokers: [...options.brokers ?? this.#settings.brokers],
      clientId: options.clientId ?? this.clientId,
      ...(this.#tls ? { ssl: this.#tls } : {}),
      ...(sasl ? { sasl: saslOptions(sasl) } : {}),
      connectionTimeout: CONTACT_TIMEOUT_MS,
      requestTimeout: 30_000,
      retry: options.retry ?? KEEP_TRYING,
      socketFactory: watchedSockets((notice) => this.notify(notice)),
    });
  }

  /**
   * Asks the broker in charge of topics something, again over a broker's restart, for at most half a minute.
   *
   * @param doing What is attempted, to stand after "Cannot" in an error.
   * @internal
   */
  askController<T>(
    doing: string,
    question: (controller: Broker) => Promise<T>,
    place: ErrorPlace = {},
  ): Promise<T> {
    return this.askCluster(
      doing,
      async (cluster) => await question(await cluster.controller()),
      place,
    );
  }

  /**
   * As {@link askController}, to the broker that coordinates a group.
   *
   * @internal
   */
  askCoordinator<T>(
    doing: string,
    question: (coordinator: Broker) => Promise<T>,
    place: ErrorPlace & { readonly group: string },
  ): Promise<T> {
    return this.askCluster(
      doing,
      async (cluster) => await question(await cluster.coordinatorOf("group", place.group)),
      place,
    );
  }

  /**
   * As {@link askController}, to whichever brokers the question is for.
   *
   * @internal
   */
  askCluster<T>(
    doing: string,
    question: (cluster: Cluster) => Promise<T>,
    place: ErrorPlace = {},
  ): Promise<T> {
    return this.#link.persist(doing, place, question);
  }

  /**
   * Makes sure, within seconds, that Kafka answers there.
   *
   * @internal
   */
  async firstContact(timeoutMs?: number): Promise<void> {
    const notify = this.#notify, settings = this.#settings;
    // kafkajs asks the brokers in their order, and waits half a minute for one that does not answer.
    const link = (first: string) => {
      const others = settings.brokers.filter((one) => one !== first);
      this.#settings = { ...settings, brokers: [first, ...others] };
      return this.#link.get();
    };
    const cluster = (options: ClientOptions) => this.cluster(options);
    // What is wrong is told by the error: the sockets need not.
    this.#notify = () => {};
    try {
      await firstContact({ settings, cluster, link, notify, timeoutMs });
    } finally {
      this.#notify = notify;
    }
  }
}
