import { sleep } from "../../async/mod.ts";
import { type TopicPartition, topicPartitionKey } from "../../serde/mod.ts";
import type { Kafka } from "../client/connect.ts";
import { inPlainWords, KafkaError, refusal } from "../client/errors.ts";
import type { GroupMember } from "../group/group_member.ts";
import type { CommittedOffset, GroupIdentity } from "../wire/api/group_offsets.ts";
import type { Cluster, ProducerIdentity } from "../transport/patches.ts";
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
const TRANSACTION = 1;

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
  #identity: ProducerIdentity | undefined;
  #coordinator: Promise<Cluster> | undefined;
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
      const { producerId, producerEpoch } = await coordinator.initProducerId({
        transactionalId: this.#transactionalId,
        transactionTimeout: this.#timeoutMs,
      });
      return { producerId, producerEpoch, transactionalId: this.#transactionalId };
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
   * @param options.as The member as it was when the work began: one whose group went on since is refused.
   * @param options.beforeEnd Called when all is sent but the word that it counts.
   */
  async commit(
    member: GroupMember,
    offsets: readonly CommittedOffset[],
    options: {
      readonly as?: GroupIdentity;
      readonly beforeEnd?: () => void | Promise<void>;
    } = {},
  ): Promise<void> {
    if (!this.#open && offsets.length === 0) return;
    const identity = this.#known();
    if (offsets.length > 0) {
      await this.#ask((coordinator) =>
        coordinator.addOffsetsToTxn({ ...identity, groupId: member.group })
      );
      this.#open = true;
      await member.commitWith(identity, offsets, options.as);
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
  protected override newIdentity(): Promise<ProducerIdentity> {
    return Promise.resolve(this.#known());
  }

  /** Makes partitions part of the transaction before the first write to them. */
  protected override async admit(
    identity: ProducerIdentity,
    partitions: readonly TopicPartition[],
  ): Promise<void> {
    const fresh = partitions.filter((one) => !this.#admitted.has(topicPartitionKey(one)));
    if (fresh.length === 0) return;
    const topics = [...Map.groupBy(fresh, ({ topic }) => topic)].map(([topic, found]) => ({
      topic,
      partitions: found.map(({ partition }) => partition),
    }));
    await this.#ask((coordinator) => coordinator.addPartitionsToTxn({ ...identity, topics }));
    this.#open = true;
    for (const one of fresh) this.#admitted.add(topicPartitionKey(one));
  }

  #known(): ProducerIdentity {
    if (this.#identity) return this.#identity;
    throw new KafkaError("Cannot write in a transaction: begin() was not called");
  }

  async #end(transactionResult: boolean): Promise<void> {
    const identity = this.#known();
    const coordinator = await this.#find();
    // Asked once: after a lost answer nobody knows whether the transaction was committed.
    try {
      await coordinator.endTxn({ ...identity, transactionResult });
    } catch (error) {
      throw inPlainWords(error, transactionResult ? "commit a transaction" : "abort a transaction");
    }
    this.#open = false;
    this.#admitted.clear();
  }

  #find(): Promise<Cluster> {
    return this.#coordinator ??= this.#search();
  }

  async #search(): Promise<Cluster> {
    await this.cluster.connect();
    // Without metadata kafkajs finds the coordinator, does not know the broker, and waits 300 ms to ask again.
    await this.cluster.refreshMetadataIfNecessary();
    // kafkajs's own search tells a broker that is away and a right that is missing by one final error.
    const { coordinator } = await (await this.cluster.findControllerBroker()).findGroupCoordinator({
      groupId: this.#transactionalId,
      coordinatorType: TRANSACTION,
    });
    return await this.cluster.findBroker({ nodeId: coordinator.nodeId });
  }

  async #ask<T>(question: (coordinator: Cluster) => Promise<T>): Promise<T> {
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
          await this.cluster.refreshMetadata().catch(() => {});
        }
        if (this.closed) throw failed;
        await sleep(waitMs);
      }
    }
  }
}
