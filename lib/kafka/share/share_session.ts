import { Mutex } from "../../async/mod.ts";
import type { Broker } from "../transport/broker.ts";
import { errorOfCode } from "../transport/patches.ts";
import {
  SHARE_ACKNOWLEDGE,
  SHARE_FETCH,
  type ShareAcknowledgeRequest,
  type ShareFetchResponse,
  type TopicIdPartition,
} from "../wire/api/share_fetch.ts";

/** How much a fetch may bring, and how long it may take. */
export interface ShareLimits {
  readonly maxRecords: number;
  readonly maxWaitMs: number;
}

type Acknowledged = ShareAcknowledgeRequest["partitions"];

const OPENING = 0, CLOSING = -1, LAST_EPOCH = 2 ** 31 - 1;
const SHARE_SESSION_NOT_FOUND = 122;
const NETWORK_DELAY_MS = 5_000, CLOSE_TIMEOUT_MS = 1_000;

/**
 * One member's session with one broker: what it has acquired there is released when the session ends, and so when the
 * connection breaks.
 *
 * @see KIP-932, "Share sessions"
 */
export class ShareSession {
  readonly #broker: () => Promise<Broker>;
  readonly #member: { readonly group: string; readonly memberId: string };
  /** A request is numbered: the next one waits for its response. */
  readonly #turn = new Mutex();
  #epoch = OPENING;
  #partitions: readonly TopicIdPartition[] = [];

  /** Opens with the first fetch. */
  constructor(
    broker: () => Promise<Broker>,
    member: { readonly group: string; readonly memberId: string },
  ) {
    this.#broker = broker;
    this.#member = member;
  }

  /** Acquires records of these partitions. @throws After an error the next fetch opens a new session. */
  fetch(
    partitions: readonly TopicIdPartition[],
    limits: ShareLimits,
  ): Promise<ShareFetchResponse> {
    return this.#inTurn(async (broker) => {
      const wanted = new Set(partitions.map(key));
      const forgotten = this.#partitions.filter((one) => !wanted.has(key(one)));
      const request = { ...this.#member, sessionEpoch: this.#epoch, partitions, forgotten };
      const response = await broker.send(
        SHARE_FETCH,
        { ...request, ...limits },
        limits.maxWaitMs + NETWORK_DELAY_MS,
      );
      if (response.errorCode !== 0) throw errorOfCode(response.errorCode, response.said);
      this.#partitions = partitions;
      return response;
    });
  }

  /**
   * Says what became of acquired records.
   *
   * @returns The partitions whose records are not held any more, with Kafka's code for why.
   * @throws As {@link fetch}: all of them are not held any more.
   */
  acknowledge(
    partitions: Acknowledged,
  ): Promise<readonly (TopicIdPartition & { readonly errorCode: number })[]> {
    return this.#inTurn(async (broker) => {
      if (this.#epoch === OPENING) throw errorOfCode(SHARE_SESSION_NOT_FOUND);
      const request = { ...this.#member, sessionEpoch: this.#epoch, partitions };
      const response = await broker.send(SHARE_ACKNOWLEDGE, request);
      if (response.errorCode !== 0) throw errorOfCode(response.errorCode, response.said);
      return response.partitions.filter(({ errorCode }) => errorCode !== 0);
    });
  }

  /** Acknowledges, and ends the session: what else is held is released. */
  async close(partitions: Acknowledged): Promise<void> {
    await this.#turn.run(async () => {
      if (this.#epoch === OPENING) return;
      const request = { ...this.#member, sessionEpoch: CLOSING, partitions };
      this.#epoch = OPENING;
      await (await this.#broker()).send(SHARE_ACKNOWLEDGE, request, CLOSE_TIMEOUT_MS);
    });
  }

  #inTurn<T>(work: (broker: Broker) => Promise<T>): Promise<T> {
    return this.#turn.run(async () => {
      try {
        const result = await work(await this.#broker());
        this.#epoch = this.#epoch === LAST_EPOCH ? 1 : this.#epoch + 1;
        return result;
      } catch (error) {
        this.#epoch = OPENING;
        this.#partitions = [];
        throw error;
      }
    });
  }
}

const key = ({ topicId, partition }: TopicIdPartition) => `${topicId}-${partition}`;
