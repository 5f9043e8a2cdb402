import type { Api } from "../wire/api/api.ts";
import type { TopicMetadata } from "../wire/api/topic_metadata.ts";
import type { Broker, Cluster } from "./broker.ts";

const UNKNOWN_TOPIC_OR_PARTITION = 3;

/** A request that a {@link FakeCluster} got, and what answers it. */
export interface FakeRequest {
  /** Kafka's name for it. */
  readonly name: string;
  /** What was asked, as the caller gave it. */
  readonly request: Readonly<Record<string, unknown>>;
  /** Answers it. */
  respond(response: unknown): void;
  /** Fails it, as a broken connection would. */
  fail(error: unknown): void;
}

/**
 * A cluster of one broker for unit tests. Each request waits until the test answers it; nothing is encoded, and no time
 * passes.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { HEARTBEAT } from "../wire/api/heartbeat.ts";
 * import { FakeCluster } from "./fake_cluster.ts";
 * const cluster = new FakeCluster();
 * const broker = await cluster.coordinatorOf();
 * const sent = broker.send(HEARTBEAT, { group: "g", memberId: "m", generation: 1 });
 * const heartbeat = await cluster.next("Heartbeat");
 * assert.equal(heartbeat.request.memberId, "m");
 * heartbeat.respond({ errorCode: 27 });
 * assert.deepEqual(await sent, { errorCode: 27 });
 * ```
 */
export class FakeCluster implements Cluster {
  /** Topic -> how many partitions it has. */
  readonly partitions = new Map<string, number>();
  /** Topic -> its id; without one the cluster keeps none. */
  readonly topicIds = new Map<string, string>();
  /** Topics that it does not know (yet). */
  readonly missing = new Set<string>();
  /** How often metadata was asked for. */
  refreshes = 0;
  /** Errors of the next searches for a coordinator. */
  readonly coordinatorErrors: unknown[] = [];
  /** How often a coordinator was looked for. */
  coordinatorSearches = 0;
  /** Whether it was closed. */
  closed = false;
  readonly #waiting: FakeRequest[] = [];
  readonly #unanswered: ((error: unknown) => void)[] = [];
  readonly #takers: { readonly name: string; readonly take: (request: FakeRequest) => void }[] = [];
  readonly #broker: Broker = {
    nodeId: 1,
    versions: {},
    versionOf: ({ versions }) => versions[1],
    send: <Request, Response>({ name }: Api<Request, Response>, request: Request) =>
      new Promise<Response>((respond, fail) => {
        this.#unanswered.push(fail);
        this.#received({
          name,
          request: request as Record<string, unknown>,
          respond: (response) => respond(response as Response),
          fail,
        });
      }),
  };

  /** The next request of that name, in the order in which they came; others stay. */
  next(name: string): Promise<FakeRequest> {
    const index = this.#waiting.findIndex((one) => one.name === name);
    if (index >= 0) return Promise.resolve(this.#waiting.splice(index, 1)[0]!);
    return new Promise((take) => this.#takers.push({ name, take }));
  }

  /** Names of the requests that nobody has taken. */
  get waiting(): readonly string[] {
    return this.#waiting.map(({ name }) => name);
  }

  refresh(): Promise<void> {
    this.refreshes++;
    return Promise.resolve();
  }

  topic(name: string): TopicMetadata {
    const count = this.partitions.get(name) ?? 0;
    return {
      topic: name,
      topicId: this.topicIds.get(name) ?? null,
      errorCode: this.missing.has(name) ? UNKNOWN_TOPIC_OR_PARTITION : 0,
      partitions: Array.from({ length: count }, (_, partition) => ({
        ...{ partition, leader: 1, replicas: [1], inSync: [1] },
      })),
    };
  }

  controller(): Promise<Broker> {
    return Promise.resolve(this.#broker);
  }

  anyBroker(): Promise<Broker> {
    return Promise.resolve(this.#broker);
  }

  broker(): Promise<Broker> {
    return Promise.resolve(this.#broker);
  }

  coordinatorOf(): Promise<Broker> {
    this.coordinatorSearches++;
    const error = this.coordinatorErrors.shift();
    return error === undefined ? Promise.resolve(this.#broker) : Promise.reject(error);
  }

  close(): Promise<void> {
    this.closed = true;
    for (const fail of this.#unanswered) fail(new Error("the connection was closed"));
    this.#waiting.length = 0;
    return Promise.resolve();
  }

  #received(request: FakeRequest): void {
    if (this.closed) return request.fail(new Error("the connection was closed"));
    const index = this.#takers.findIndex(({ name }) => name === request.name);
    if (index < 0) this.#waiting.push(request);
    else this.#takers.splice(index, 1)[0]!.take(request);
  }
}
