import { sleep } from "../../async/mod.ts";
import { type GroupCoordinator, type GroupIdentity, isOutOfGroup } from "../../kafka/engine.ts";
import { KafkaError } from "../../kafka/mod.ts";
import type { WorkerContext } from "./context.ts";

/** A group forgets a member that is silent for its session; this share of it is safe to go on. */
const SAFE = 0.8;

/**
 * Another worker under the same instance id has this one's tasks at once. To open them takes it longer than this, so
 * that it writes nothing before this one has asked.
 */
const SAFE_STATIC_MS = 50;

/** After so many sessions the group forgets a member id under which no member joined, however often it is asked. */
const FORGOTTEN = 1.5;

/** How often a member that is joining once more looks whether it is through. */
const REJOIN_MS = 20;

/** What of a worker is needed to act as a member of its group. */
interface Acting extends Pick<WorkerContext, "identity" | "tenure"> {
  readonly member: Pick<WorkerContext["member"], "isRejoining" | "syncs">;
}

/** What of a worker is needed to ask. */
interface Asking extends Pick<WorkerContext, "identity" | "tenure" | "options"> {
  readonly member: Acting["member"] & { readonly coordinator: Pick<GroupCoordinator, "belongs"> };
}

/**
 * Does something as the member that a worker is.
 *
 * A worker that keeps its tasks during a rebalance goes on committing. The group takes that until everybody has joined,
 * then refuses the generation before, and takes no offsets before it has assigned: both pass as soon as this worker has
 * heard what it is by now.
 *
 * @throws {KafkaError} If the group has gone on without it
 */
export async function asMember(
  { member, identity, tenure }: Acting,
  act: (as: GroupIdentity) => Promise<void>,
): Promise<void> {
  for (const begun = tenure();;) {
    const as = identity(), { syncs } = member;
    try {
      return await act(as);
    } catch (error) {
      const goesOn = identity() !== as || member.isRejoining || member.syncs !== syncs;
      if (!isOutOfGroup(error) || !goesOn || tenure() !== begun) throw error;
    }
    if (identity() === as) await sleep(REJOIN_MS);
  }
}

/**
 * Whether this worker may still write for its group.
 *
 * Without transactions nothing else stops a worker that was frozen, whose tasks others have, and that goes on where it
 * stood: its old rows would bury newer ones in the changelogs. So it asks, whenever a session may have passed, and with
 * an instance id, which somebody may give to another worker meanwhile, again and again while it writes.
 */
export class Membership {
  readonly #worker: Asking;
  #knownMs = -Infinity;
  #lost = false;

  constructor(worker: Asking) {
    this.#worker = worker;
  }

  /** Asks the group if it has to. @throws {KafkaError} When the group has gone on: what waited must not be written. */
  confirm(): void | Promise<void> {
    const { sessionTimeoutMs = 6_000, instanceId } = this.#worker.options;
    const safeMs = instanceId === undefined ? SAFE * sessionTimeoutMs : SAFE_STATIC_MS;
    if (performance.now() - this.#knownMs > safeMs) return this.#ask();
  }

  /** The group counted this member in at that time, of `performance.now()`. True if what was written before stands. */
  renew(atMs: number): boolean {
    const stands = !this.#lost;
    this.#lost = false;
    this.#knownMs = atMs;
    return stands;
  }

  async #ask(): Promise<void> {
    const { member: { coordinator }, tenure, options: { sessionTimeoutMs = 6_000 } } = this.#worker;
    const begun = tenure(), refusal = notOurs();
    if (this.#lost) throw refusal;
    try {
      do {
        await asMember(this.#worker, async (as) => {
          const askedMs = performance.now();
          if (!await coordinator.belongs(as, { rebalancing: true })) throw refusal;
          this.#knownMs = askedMs;
        });
        // A worker that was frozen while it asked reads an answer that is old.
      } while (performance.now() - this.#knownMs > SAFE * sessionTimeoutMs);
    } catch (error) {
      this.#lost ||= error === refusal && tenure() === begun;
      throw error;
    }
  }
}

function notOurs(): KafkaError {
  const why = "Cannot write for the group: it has gone on without this worker";
  return new KafkaError(why, { code: "UNKNOWN_MEMBER_ID" });
}

/**
 * Waits until the group says that this member's tasks are its own: one that was frozen must not fence its successor.
 *
 * It asks once for each join. To ask is a sign of life, and asked again and again under a name that the member has
 * given up, a rebalance would wait for that name until its time is over. It asks again only after that: a broker that
 * dies forgets a rebalance, and the join that was to come does not.
 *
 * @throws The signal's reason, when it aborts first
 */
export async function awaitMembership(
  { member, identity, options }: Asking,
  signal: AbortSignal,
): Promise<void> {
  const { sessionTimeoutMs = 6_000 } = options;
  let asked: GroupIdentity | undefined, askedMs = 0;
  for (;;) {
    const now = identity();
    if (now !== asked || performance.now() - askedMs > FORGOTTEN * sessionTimeoutMs) {
      if (await member.coordinator.belongs(now)) return;
      [asked, askedMs] = [now, performance.now()];
    }
    await sleep(20);
    signal.throwIfAborted();
  }
}
