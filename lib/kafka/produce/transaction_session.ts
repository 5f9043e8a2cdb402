import { sleep } from "../../async/mod.ts";
import { type TopicPartition, topicPartitionKey } from "../../serde/mod.ts";
import type { Kafka } from "../client/connect.ts";
import { inPlainWords, KafkaError, refusal } from "../client/errors.ts";
import type { GroupMembership } from "../group/membership.ts";
import type { GroupIdentity } from "../wire/api/heartbeat.ts";
import type { CommittedOffset } from "../wire/api/offset_fetch.ts";
import type { Broker } from "../transport/broker.ts";
import { errorOfCode } from "../transport/patches.ts";
import {
  ADD_OFFSETS_TO_TXN,
  ADD_PARTITIONS_TO_TXN,
  END_TXN,
  INIT_PRODUCER_ID,
  type ProducerIdentity,
  type TransactionalIdentity,
} from "../wire/api/transactions.ts";
import type { PartitionBatch } from "./pending_batch.ts";
import { ProduceSession } from "./produce_session.ts";

/** The coordinator is still finishing the transaction before: ask again in a moment. */
const BUSY = new Set(["CONCURRENT_TRANSACTIONS", "GROUP_LOAD_IN_PROGRESS"]);
const MOVED = new Set([
  "NOT_COORDINATOR_FOR_GROUP",
  "GROUP_COORDINATOR_NOT_AVAILABLE",
  "NOT_COORDINATOR",
  "COORDINATOR_NOT_AVAILABLE",
]);

/**
 * Writes records and offsets of a group so that all of them count, or none.
 *
 * Opening it fences whoever used the same transactional id before. After any error it is of no more use: it does not
 * know what was committed. Close it, open another one and read the committed offsets again.
 *
 * @see KIP-98, transactions; KIP-447, fencing by generation
 */
export class TransactionSession extends ProduceSession {
  readonly #transactionalId: string;
  readonly #timeoutMs: number;
  readonly #admitted = new Set<string>();
  #identity: TransactionalIdentity | undefined;
  #coordinator: Promise<Broker> | undefined;
  #open = false;

  /** Talks to nobody before {@link begin}. @param options.timeoutMs After which Kafka gives an open transaction up. Default 10 s. */
  constructor(
    kafka: Kafka,
    transactionalId: string,
    options: { readonly timeoutMs?: number } = {},
  ) {
    super(kafka, transactionalId);
    this.#transactionalId = transactionalId;
    this.#timeoutMs = options.timeoutMs ?? 10_000;
  }

  /** Whether something was written, or is being written, that no commit has covered. */
  get pending(): boolean {
    return this.#open;
  }

  /** Fences the one before, and gives up what it had open. */
  async begin(): Promise<void> {
    this.#identity = await this.#ask(async (coordinator) => {
      const transactionalId = this.#transactionalId, timeoutMs = this.#timeoutMs;
      const request = { transactionalId, timeoutMs };
      const { errorCode, ...identity } = await coordinator.send(INIT_PRODUCER_ID, request);
      failOn(errorCode);
      return { ...identity, transactionalId };
    });
  }

  /** Writes batches as part of the transaction. @throws {KafkaError} At the first that is refused. */
  async writeAll(batches: readonly PartitionBatch[]): Promise<readonly { baseOffset: number }[]> {
    const outcomes = await this.write(batches);
    return outcomes.map((outcome) => {
      if ("error" in outcome) throw outcome.error;
      return outcome;
    });
  }

  /**
   * Commits what was written together with these offsets; with nothing to commit, does nothing.
   *
   * @param options.as Runs the commit as the member that did the work: one whose group went on since is refused. Default: as
   * the member is by now.
   * @param options.beforeEnd Called when all is sent but the word that it counts.
   */
  async commit(
    member: Pick<GroupMembership, "group" | "identity" | "coordinator">,
    offsets: readonly CommittedOffset[],
    options: {
      readonly as?: (commit: (identity: GroupIdentity) => Promise<void>) => Promise<void>;
      readonly beforeEnd?: () => void | Promise<void>;
    } = {},
  ): Promise<void> {
    if (!this.#open && offsets.length === 0) return;
    const identity = this.#known();
    if (offsets.length > 0) {
      const request = { ...identity, group: member.group };
      await this.#ask(async (coordinator) =>
        failOn((await coordinator.send(ADD_OFFSETS_TO_TXN, request)).errorCode)
      );
      this.#open = true;
      const { as = (commit) => commit(member.identity) } = options;
      await as((one) => member.coordinator.commitWith(identity, offsets, one));
    }
    await options.beforeEnd?.();
    await this.#end(true);
  }

  /** Gives up what was written since the last commit. */
  async abort(): Promise<void> {
    if (this.#open) await this.#end(false);
  }

  /** Never: a new name would not be part of the transaction. */
  protected override get renewsIdentity(): boolean {
    return false;
  }

  /** The name that {@link begin} got. */
  protected override newIdentity(): Promise<TransactionalIdentity> {
    return Promise.resolve(this.#known());
  }

  /** Makes partitions part of the transaction before the first write to them. */
  protected override async admit(
    _identity: ProducerIdentity,
    partitions: readonly TopicPartition[],
  ): Promise<void> {
    const fresh = partitions.filter((one) => !this.#admitted.has(topicPartitionKey(one)));
    if (fresh.length === 0) return;
    const request = { ...this.#known(), partitions: fresh };
    await this.#ask(async (coordinator) => {
      for (const { errorCode } of await coordinator.send(ADD_PARTITIONS_TO_TXN, request)) {
        failOn(errorCode);
      }
    });
    this.#open = true;
    for (const one of fresh) this.#admitted.add(topicPartitionKey(one));
  }

  #known(): TransactionalIdentity {
    if (this.#identity) return this.#identity;
    throw new KafkaError("Cannot write in a transaction: begin() was not called");
  }

  async #end(commits: boolean): Promise<void> {
    const identity = this.#known();
    const coordinator = await this.#find();
    // Asked once: after a lost answer nobody knows whether the transaction was committed.
    try {
      failOn((await coordinator.send(END_TXN, { ...identity, commits })).errorCode);
    } catch (error) {
      throw inPlainWords(error, commits ? "commit a transaction" : "abort a transaction");
    }
    this.#open = false;
    this.#admitted.clear();
  }

  #find(): Promise<Broker> {
    return this.#coordinator ??= this.cluster.coordinatorOf("transaction", this.#transactionalId);
  }

  async #ask<T>(question: (coordinator: Broker) => Promise<T>): Promise<T> {
    for (let waitMs = 2;; waitMs = Math.min(waitMs * 1.5, 200)) {
      try {
        return await question(await this.#find());
      } catch (error) {
        const code = refusal(error) ?? "",
          failed = inPlainWords(error, "write in a transaction", {
            transactionalId: this.#transactionalId,
          });
        const lost = refusal(error) === undefined && failed.retriable;
        if (!BUSY.has(code) && !MOVED.has(code) && !lost) throw failed;
        if (!BUSY.has(code)) {
          this.#coordinator = undefined;
        }
        if (this.closed) throw failed;
        await sleep(waitMs);
      }
    }
  }
}

function failOn(errorCode: number): void {
  if (errorCode !== 0) throw errorOfCode(errorCode);
}
