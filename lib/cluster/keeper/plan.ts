import type { Prepared } from "../artifacts/prepare.ts";
import type { ClusterSize, World } from "../world.ts";

/** All a keeper is told; it crosses to the keeper's process as JSON. */
export interface Plan {
  readonly world: World;
  readonly size: ClusterSize;
  readonly prepared: Prepared;
  /** False where `KAFKA_BROKERS` names another Kafka. */
  readonly startsKafka: boolean;
  /** False where `SCHEMA_REGISTRY_URL` names another registry. */
  readonly startsRegistry: boolean;
  /** Where the Control Center opens; absent where none is wanted. */
  readonly controlCenterPort?: number;
}

/** A keeper ends with this code when another keeper holds the lock. */
export const LOCK_IS_HELD = 75;
