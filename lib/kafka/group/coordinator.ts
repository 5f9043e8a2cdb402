import { backoffMs, sleep } from "../../async/mod.ts";
import type { TopicPartition } from "../../serde/mod.ts";
import {
  type ErrorPlace,
  inPlainWords,
  isConnectionTrouble,
  KafkaError,
  refusal,
} from "../client/errors.ts";
import type { Broker, Cluster } from "../transport/broker.ts";
import { errorOfCode } from "../transport/patches.ts";
import type { Api } from "../wire/api/api.ts";
import { type GroupIdentity, HEARTBEAT } from "../wire/api/heartbeat.ts";
import { OFFSET_COMMIT } from "../wire/api/offset_commit.ts";
import { type CommittedOffset, OFFSET_FETCH } from "../wire/api/offset_fetch.ts";
import type { TransactionalIdentity } from "../wire/api/transactions.ts";
import { TXN_OFFSET_COMMIT } from "../wire/api/txn_offset_commit.ts";

/** The group went on without the member, or is about to: the next join puts it right. */
const OUT_OF_GROUP =
  /^(ILLEGAL_GENERATION|UNKNOWN_MEMBER_ID|REBALANCE_IN_PROGRESS|FENCED_INSTANCE_ID)$/;

/** The coordinator is away, moved, or not ready. */
const NOT_READY = /COORDINATOR|^GROUP_LOAD_IN_PROGRESS$|^NOT_LEADER|^REQUEST_TIMED_OUT$/;

/** Whether a request was refused because the group has gone on, or is about to: the next join puts it right. */
export function isOutOfGroup(error: unknown): boolean {
  return error instanceof KafkaError && OUT_OF_GROUP.test(error.code ?? "");
}

/** Whether the same request may work in a moment, as the coordinator is away, moved, or not ready. */
export function mayReturn(error: unknown): boolean {
  const code = refusal(error);
  if (code !== undefined) return NOT_READY.test(code);
  const retriable = error instanceof KafkaError
    ? error.retriable
    : (error as { retriable?: boolean }).retriable === true;
  return retriable || isConnectionTrouble(error);
}

/** Requests to the broker that keeps a group, wherever it is. */
export class GroupCoordinator {
  /** Name of the group. */
  readonly group: string;
  readonly #cluster: Cluster;
  readonly #closed = new AbortController();
  #broker: Promise<Broker> | undefined;

  /** Connects at the first request. The cluster is closed with it. */
  constructor(cluster: Cluster, group: string) {
    this.#cluster = cluster;
    this.group = group;
  }

  /**
   * Sends one request, once; after an error that may pass, the next one looks for the coordinator again.
   *
   * @param errorIn Kafka's code for what was refused; 0 for none.
   * @throws What kafkajs throws, with Kafka's word as `type` where the broker refused.
   * @internal
   */
  async send<Request, Response>(
    api: Api<Request, Response>,
    request: Request,
    options: {
      readonly errorIn: (response: Response) => number;
      /** The broker's own sentence about it. @default none */
      readonly saidIn?: (response: Response) => string | null;
      /** What of the request was refused. @default all of it */
      readonly placeIn?: (response: Response) => ErrorPlace;
      /** Longest wait for the response. @default 30_000 */
      readonly timeoutMs?: number;
    },
  ): Promise<Response> {
    const found = this.#broker ??= this.#cluster.coordinatorOf("group", this.group);
    try {
      const response = await (await found).send(api, request, options.timeoutMs);
      const errorCode = options.errorIn(response);
      if (errorCode === 0) return response;
      const place = options.placeIn?.(response);
      throw Object.assign(errorOfCode(errorCode, options.saidIn?.(response)), place && { place });
    } catch (error) {
      if (this.#broker === found && mayReturn(error)) this.#broker = undefined;
      throw error;
    }
  }

  /**
   * Whether the group still counts this member in, as of that generation.
   *
   * @param options.rebalancing What is answered while the group rebalances: nobody else has the member's partitions before
   * it joins again, but they may be about to go. Default false: ask again after the next assignment.
   */
  async belongs(
    as: GroupIdentity,
    { rebalancing = false }: { readonly rebalancing?: boolean } = {},
  ): Promise<boolean> {
    try {
      await this.#persist("stay in", () => this.send(HEARTBEAT, as, { errorIn }));
      return true;
    } catch (error) {
      if (!isOutOfGroup(error)) throw error;
      return rebalancing && refusal(error) === "REBALANCE_IN_PROGRESS";
    }
  }

  /** Where the group goes on. Waits, with `stable`, until no open transaction can change it. */
  async committed(
    partitions: readonly TopicPartition[],
    options: { readonly stable: boolean },
  ): Promise<CommittedOffset[]> {
    const request = { group: this.group, partitions, ...options };
    const response = await this.#persist(
      "read offsets of",
      () =>
        this.send(OFFSET_FETCH, request, {
          errorIn: ({ errorCode, partitions }) => errorCode || firstError(partitions),
          placeIn: ({ partitions }) => firstRefused(partitions, "Describe"),
        }),
    );
    return response.partitions.filter(({ offset }) => offset >= 0)
      .map(({ errorCode: _, ...committed }) => committed);
  }

  /** Commits as a member of that generation. @throws {KafkaError} If the group has gone on without it. */
  async commit(offsets: readonly CommittedOffset[], as: GroupIdentity): Promise<void> {
    await this.#persist("commit offsets of", () => this.commitOnce(offsets, as));
  }

  /** As {@link commit}, but tried once: what is committed every few seconds must not overtake itself. */
  async commitOnce(offsets: readonly CommittedOffset[], as: GroupIdentity): Promise<void> {
    await this.send(OFFSET_COMMIT, { ...as, offsets }, KEPT);
  }

  /** Makes offsets part of a producer's transaction. @throws {KafkaError} If the group has gone on without it. */
  async commitWith(
    producer: TransactionalIdentity,
    offsets: readonly CommittedOffset[],
    as: GroupIdentity,
  ): Promise<void> {
    const request = { ...as, ...producer, offsets };
    await this.#persist(
      "commit offsets of",
      () => this.send(TXN_OFFSET_COMMIT, request, KEPT),
    );
  }

  /** How many partitions each topic has; 0 for one that is not there. */
  async partitionCounts(topics: readonly string[]): Promise<ReadonlyMap<string, number>> {
    const all = [...new Set(topics)];
    await this.#cluster.refresh(all);
    return new Map(
      all.map((topic) => [topic, this.#cluster.topic(topic)?.partitions.length ?? 0]),
    );
  }

  /** Ends what is under way, and disconnects. */
  async close(): Promise<void> {
    this.#closed.abort();
    await this.#cluster.close();
  }

  async #persist<T>(doing: string, attempt: () => Promise<T>): Promise<T> {
    const { group } = this;
    for (let failures = 1;; failures++) {
      try {
        return await attempt();
      } catch (error) {
        const passes = mayReturn(error) || refusal(error) === "UNSTABLE_OFFSET_COMMIT";
        if (!passes || this.#closed.signal.aborted) {
          throw inPlainWords(error, `${doing} group "${group}"`, { group });
        }
      }
      await sleep(backoffMs(failures, { minMs: 20, maxMs: 500 }), this.#closed.signal);
    }
  }
}

/** Kafka's code for a request that is refused as a whole; 0 for none. */
export const errorIn = ({ errorCode }: { readonly errorCode: number }) => errorCode;

/** What was answered for one partition. */
type OfPartition = TopicPartition & { readonly errorCode: number };

/** How to tell whether all offsets were kept. */
const KEPT = {
  errorIn: firstError,
  placeIn: (partitions: readonly OfPartition[]) => firstRefused(partitions, "Read"),
};

function firstError(partitions: readonly OfPartition[]): number {
  return partitions.find(({ errorCode }) => errorCode !== 0)?.errorCode ?? 0;
}

/** @param operation What a user must be allowed to do with a topic for its offsets. */
function firstRefused(
  partitions: readonly OfPartition[],
  operation: "Describe" | "Read",
): ErrorPlace {
  const refused = partitions.find(({ errorCode }) => errorCode !== 0);
  return refused ? { topic: refused.topic, operation } : {};
}
