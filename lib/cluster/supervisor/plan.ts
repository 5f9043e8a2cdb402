import type { Prepared } from "../artifacts/prepare.ts";
import type { ClusterConfig, ClusterSize } from "../cluster_config.ts";

/** All a supervisor is told; it crosses to the supervisor's process as JSON. */
export interface Plan {
  readonly config: ClusterConfig;
  readonly size: ClusterSize;
  readonly prepared: Prepared;
  /** False where `KAFKA_BROKERS` names another Kafka. */
  readonly startsKafka: boolean;
  /** False where `SCHEMA_REGISTRY_URL` names another registry. */
  readonly startsRegistry: boolean;
  /** Where the Control Center opens; absent where none is wanted. */
  readonly controlCenterPort?: number;
  /** True when the cluster stops as soon as the process that started it is gone. */
  readonly endsWithStarter: boolean;
  /** Given where the cluster and its data are thrown away at its end. @default the data stays */
  readonly throwaway?: Throwaway;
}

/** How a cluster differs that nobody needs after it has stopped: its brokers are killed, its state folder is removed. */
export interface Throwaway {
  /** Java heap of each broker, in MB. */
  readonly heapMegabytes: number;
  /** Settings of every broker by Kafka's names, over those of the lab's brokers. */
  readonly settings: Readonly<Record<string, string>>;
}

/** A supervisor ends with this code when another supervisor holds the lock. */
export const LOCK_IS_HELD = 75;
