import { type Overlook, overlookTopics, type StoredCopy } from "../../../kafka/engine.ts";
import { connect, type Kafka } from "../../../kafka/mod.ts";
import type { SchemaRegistry } from "../../../avro/mod.ts";
import type { KafkaSettings } from "../../../settings/mod.ts";
import type { TopologyView } from "../../../views/mod.ts";
import type { AppPage, ClusterState, Snapshot } from "../../contract.ts";
import { Apps } from "../apps/apps.ts";
import { clusterState } from "./snapshot.ts";
import { History } from "./history.ts";
import { Outage } from "./outage.ts";
import { ShareStates } from "./share_state.ts";
import { SAMPLE_EVERY_MS } from "../../contract.ts";

/** What a link needs. */
export interface LinkOptions {
  readonly kafka: KafkaSettings;
  readonly registry: SchemaRegistry;
  /** Names and versions of what runs. @default not known */
  readonly software?: string;
  /** How often it looks while somebody looks at a page. @default 1_000 */
  readonly everyMs?: number;
}

/** Sizes are asked for more rarely: brokers look at every file for them. */
const SIZES_EVERY_MS = 5_000;
const SILENT_AFTER_MS = 2_500;
/** A page that went away is noticed late: looking often goes on a little. */
const IDLE_AFTER_MS = 10_000;

/**
 * The one connection of a Control Center: looks at the cluster once a second while somebody looks at a page and every
 * few seconds otherwise (what it remembers has no holes then), waits for a cluster that is not there, and finds it again.
 */
export class Link {
  readonly history: History = new History();
  /** What Kafka keeps of share groups; it is read while somebody looks at a page. */
  readonly shares: ShareStates = new ShareStates();
  readonly #options: LinkOptions & { readonly everyMs: number };
  readonly #apps = new Apps();
  readonly #listeners = new Set<(snapshot: Snapshot) => void>();
  #kafka: Promise<Kafka> | undefined;
  #overlook: Overlook | undefined;
  #state: ClusterState = { brokers: [], controller: null, topics: [], groups: [] };
  readonly #outage: Outage;
  #registryTrouble: string | null = null;
  #missingRight: string | null = null;
  readonly #seen = new Set<number>();
  #lookedAtMs = 0;
  /** When a page asked last without listening. */
  #askedForMs = 0;
  readonly #closed = new AbortController();
  readonly #server = crypto.randomUUID();
  /** When Kafka answered last: while it is away, nobody is older than that. */
  #sawAtMs = 0;
  #asking: Promise<void> | undefined;
  #askingRegistry: Promise<void> | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #registryAskedMs = 0;
  #stored: readonly StoredCopy[] = [];
  #clusterId: string | null = null;
  #storedAskedMs = 0;

  constructor(options: LinkOptions) {
    this.#options = { everyMs: 1_000, ...options };
    this.#outage = new Outage(options.kafka.brokers);
  }

  /** The connection; waits for Kafka no longer than a few seconds. @throws {KafkaError} If it is not there. */
  kafka(): Promise<Kafka> {
    this.#kafka ??= connect({
      settings: this.#options.kafka,
      clientId: "control-center",
      onNotice: () => {},
    }).catch((error) => {
      this.#kafka = undefined;
      throw error;
    });
    return this.#kafka;
  }

  /** Aborts when this link is closed. */
  get closed(): AbortSignal {
    return this.#closed.signal;
  }

  get registry(): SchemaRegistry {
    return this.#options.registry;
  }

  /** The newest that is known; looks first when nobody has looked for a while. */
  async now(): Promise<Snapshot> {
    const wasIdle = this.#listeners.size === 0 && Date.now() - this.#askedForMs > IDLE_AFTER_MS;
    this.#askedForMs = Date.now();
    if (wasIdle) await this.look();
    return this.#snapshot();
  }

  /** Everything about a streams application; undefined when it is not known. */
  async app(name: string): Promise<AppPage | undefined> {
    await this.now();
    return this.#apps.page(name, this.#state.groups, this.#sawAtMs);
  }

  /** How a streams application looks; undefined when it is not known. */
  async topology(name: string): Promise<TopologyView | undefined> {
    await this.now();
    return this.#apps.topology(name);
  }

  /** Calls `listener` about once a second until the returned function is called. */
  listen(listener: (snapshot: Snapshot) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Looks at the cluster now, so that a change just made shows at once. */
  async look(): Promise<void> {
    this.#lookedAtMs = Date.now();
    this.#asking ??= this.#ask().finally(() => this.#asking = undefined);
    const silent = Promise.withResolvers<void>();
    const timer = setTimeout(() => {
      this.#outage.failed(Date.now());
      silent.resolve();
    }, SILENT_AFTER_MS);
    await Promise.race([this.#asking, silent.promise]);
    clearTimeout(timer);
    // Looks at the same time share one request to the registry.
    this.#askingRegistry ??= this.#askRegistry().finally(() => this.#askingRegistry = undefined);
    await this.#askingRegistry;
    const snapshot = this.#snapshot();
    for (const listener of this.#listeners) listener(snapshot);
  }

  async close(): Promise<void> {
    this.#closed.abort();
    clearTimeout(this.#timer);
    this.#listeners.clear();
    await this.#asking?.catch(() => {});
    await Promise.all([this.#apps.close(), this.shares.close()]);
    await this.#overlook?.close().catch(() => {});
    await (await this.#kafka?.catch(() => undefined))?.close();
  }

  /** Looks from now on until it is closed. */
  start(): void {
    if (this.#timer !== undefined || this.closed.aborted) return;
    const again = (waitMs: number) => {
      this.#timer = setTimeout(async () => {
        const isWatched = this.#listeners.size > 0 || Date.now() - this.#askedForMs < IDLE_AFTER_MS;
        if (!isWatched) await Promise.all([this.#apps.close(), this.shares.close()]);
        if (isWatched || Date.now() - this.#lookedAtMs >= SAMPLE_EVERY_MS) await this.look();
        if (!this.closed.aborted) again(this.#options.everyMs);
      }, waitMs);
    };
    again(0);
  }

  async #ask(): Promise<void> {
    try {
      await this.#look();
      this.#outage.answered();
    } catch (error) {
      this.#outage.failed(Date.now(), error instanceof Error ? error : undefined);
    }
  }

  async #look(): Promise<void> {
    try {
      const kafka = await this.kafka();
      this.#overlook ??= overlookTopics(kafka);
      const overlook = this.#overlook, stored = this.#stored;
      this.#state = await clusterState(kafka, {
        ...{ overlook, stored, apps: this.#apps.names(), before: this.#state },
      });
      this.#missingRight = this.#state.topics.length > 0 ? null : await missingRight(kafka);
      if (Date.now() - this.#storedAskedMs > SIZES_EVERY_MS) {
        this.#storedAskedMs = Date.now();
        this.#stored = await overlook.stored(this.#state.brokers.map(({ broker }) => broker));
      }
      for (const { broker } of this.#state.brokers) this.#seen.add(broker);
      this.history.add(this.#state, Date.now());
      await this.#apps.follow(kafka, this.#state.topics);
      this.#clusterId ??= await kafka.clusterId();
      this.#sawAtMs = Date.now();
    } catch (error) {
      const old = this.#overlook;
      this.#overlook = undefined;
      await old?.close().catch(() => {});
      throw error;
    }
  }

  /** Asked rarely: schemas do not come and go. */
  async #askRegistry(): Promise<void> {
    const everyMs = this.#registryTrouble === null ? 5_000 : 1_000;
    if (Date.now() - this.#registryAskedMs < everyMs) return;
    this.#registryAskedMs = Date.now();
    try {
      const answer = await fetch(`${this.registry.url}/config`, {
        redirect: "manual",
        signal: AbortSignal.timeout(1_500),
      });
      await answer.body?.cancel();
      this.#registryTrouble = answer.status < 500
        ? null
        : `The schema registry at ${this.registry.url} does not answer (HTTP ${answer.status})`;
    } catch {
      this.#registryTrouble = `The schema registry at ${this.registry.url} does not answer`;
    }
  }

  #snapshot(): Snapshot {
    const there = this.#state.brokers.map(({ broker }) => broker);
    return {
      ...this.#state,
      server: this.#server,
      atMs: this.#sawAtMs,
      kafkaTrouble: this.#outage.words,
      registryTrouble: this.#registryTrouble,
      missingRight: this.#missingRight,
      lost: [...this.#seen].filter((broker) => !there.includes(broker)),
      apps: this.#apps.lines(this.#state.groups, this.#sawAtMs),
      where: {
        kafka: this.#options.kafka.brokers.join(", "),
        clusterId: this.#clusterId,
        registry: this.registry.url,
        software: this.#options.software ?? null,
      },
    };
  }
}

/** Brokers leave out what a user may not see: only asked for a name do they say so. */
async function missingRight(kafka: Kafka): Promise<string | null> {
  const asked = kafka.topics.mustBeAllowed("see", "demo_1");
  return await asked.then(() => null, ({ message }: Error) => message);
}
