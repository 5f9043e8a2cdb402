import type { TopicPartition } from "../../serde/mod.ts";
import type { KafkaError } from "../client/errors.ts";
import type { Notice } from "../client/notices.ts";
import type { GroupIdentity } from "../wire/api/heartbeat.ts";
import type { Assignor } from "./assignor.ts";
import type { GroupCoordinator } from "./coordinator.ts";

/** What a member owns after a join. */
export interface GroupAssignment {
  /** All that it owns now. */
  readonly partitions: readonly TopicPartition[];
  /** The member as of this assignment. */
  readonly identity: GroupIdentity;
  /** False when the group may have gone on without this member since its last assignment. */
  readonly kept: boolean;
  /** What it owned before and still owns, without a break: only under cooperative assignors. */
  readonly retained: readonly TopicPartition[];
  /** What the leader wrote for this member with {@link Assignor.inform}; empty where it wrote nothing. */
  readonly informed: string;
}

/** A member of a group, of the classic or of the newer protocol. */
export interface Membership {
  /** The group's name. */
  readonly group: string;
  /** Requests of the group's members, such as commits. Closed when the member leaves. */
  readonly coordinator: GroupCoordinator;
  /** Who this member is, as of the last assignment. @throws {KafkaError} Before the first. */
  readonly identity: GroupIdentity;
  /** Joins, and stays in the group from then on; resolves after the first `onAssign`, rejects when that cannot be. */
  join(): Promise<void>;
  /** Leaves at once and disconnects; a static member's partitions stay its own for a session. Commit before. */
  leave(): Promise<void>;
}

/** How a `GroupMembership` takes part, and what it calls. */
export interface MembershipOptions {
  /** Members of one group share its partitions. */
  readonly group: string;
  /** What this member reads. */
  readonly topics: readonly string[];
  /** Ways of assigning partitions, most wanted first; members of one group must have one in common. */
  readonly assignors: readonly Assignor[];
  /**
   * An eager way beside cooperative ones, for a group that has members of an older version: offered by a member that
   * owns nothing. The group takes it for as long as one of them is there. @default none
   */
  readonly fallback?: Assignor;
  /** Makes it a static member: away for less than a session, it gets back what it had (KIP-345). @default dynamic */
  readonly instanceId?: string;
  /** Before it gives partitions back: the last chance to commit. Kafka waits `rebalanceTimeoutMs`. */
  readonly onRevoke: (partitions: readonly TopicPartition[]) => Promise<void>;
  /**
   * Called when the group counts the member in once more with all that it owns, under a cooperative assignor; what it
   * has to give back, and what it gets, comes later. It commits as this from now on. @default nobody is told
   */
  readonly onGeneration?: (identity: GroupIdentity) => void;
  /** After each join. Called before anything else is done as a member of the new generation. */
  readonly onAssign: (assignment: GroupAssignment) => Promise<void>;
  /** Called with an error after which the member is out of the group and does not come back. */
  readonly onLost: (error: KafkaError) => void;
  /** After so long without a heartbeat its partitions go to others. @default 6_000 */
  readonly sessionTimeoutMs?: number;
  /** How often it sends one. @default 500, or a third of a session that is shorter than 1,500 */
  readonly heartbeatMs?: number;
  /** How long Kafka waits for members to give back what they own. @default 30_000 */
  readonly rebalanceTimeoutMs?: number;
  /** How often the leader looks whether topics have more partitions than it assigned. @default 5_000 */
  readonly topicCheckMs?: number;
  /** Called when it waits for its coordinator for seconds. @default nobody is told */
  readonly onNotice?: (notice: Notice) => void;
}
