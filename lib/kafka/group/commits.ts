import { sleep } from "../../async/mod.ts";
import { topicPartitionKey } from "../../serde/mod.ts";
import { inPlainWords, type KafkaError, refusal } from "../client/errors.ts";
import { type FetchBuffer } from "../consume/fetch_buffer.ts";
import type { PartitionOffset } from "../admin/lag.ts";
import { mayReturn } from "./coordinator.ts";
import type { Membership } from "./membership_options.ts";

/** Refusals of a commit that are over when the member has joined again. */
const REJOINING =
  /REBALANCE_IN_PROGRESS|ILLEGAL_GENERATION|UNKNOWN_MEMBER_ID|(STALE|FENCED)_MEMBER_EPOCH/;

const COMMIT_TIMEOUT_MS = 30_000;

/** Commits what a member has processed, as the member of the generation it is in. */
export class Commits {
  readonly #membership: Pick<Membership, "identity" | "coordinator" | "group">;
  readonly #buffer: FetchBuffer;
  readonly #stop: AbortSignal;

  /** @param options.stop Ends waiting. */
  constructor(
    membership: Pick<Membership, "identity" | "coordinator" | "group">,
    { buffer, stop }: { readonly buffer: FetchBuffer; readonly stop: AbortSignal },
  ) {
    this.#membership = membership;
    this.#buffer = buffer;
    this.#stop = stop;
  }

  /** Commits what was processed, if Kafka lets us now; there is always a next time. */
  async attempt(): Promise<void> {
    try {
      await this.#once(this.#buffer.uncommitted());
    } catch {
      // A broker that does not answer, of which the sockets tell, or a rebalance that is under way.
    }
  }

  /** Commits; waits out a rebalance. @throws {KafkaError} If a partition went to another member. */
  async commit(offsets: readonly PartitionOffset[]): Promise<void> {
    const deadlineMs = Date.now() + COMMIT_TIMEOUT_MS;
    for (;;) {
      this.#mustOwn(offsets);
      try {
        return await this.#once(offsets);
      } catch (error) {
        const passing = mayReturn(error) || REJOINING.test(refusal(error) ?? "");
        if (!passing || Date.now() > deadlineMs || this.#stop.aborted) throw this.#failed(error);
        await sleep(100, this.#stop);
      }
    }
  }

  #mustOwn(offsets: readonly PartitionOffset[]): void {
    const foreign = offsets.filter((one) => !this.#buffer.owns(one));
    if (foreign.length === 0) return;
    throw this.#failed(
      new Error(
        `${
          foreign.map(topicPartitionKey).join(", ")
        } belongs to another member now (its records come again there)`,
      ),
    );
  }

  async #once(offsets: readonly PartitionOffset[]): Promise<void> {
    if (offsets.length === 0) return;
    const { coordinator, identity } = this.#membership;
    await coordinator.commitOnce(offsets, identity);
    this.#buffer.markCommitted(offsets);
  }

  #failed(error: unknown): KafkaError {
    const { group } = this.#membership;
    return inPlainWords(error, `commit in group "${group}"`, { group });
  }
}
