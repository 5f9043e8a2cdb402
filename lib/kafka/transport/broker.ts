import type { Api } from "../wire/api/api.ts";
import {
  type ClusterMetadata,
  TOPIC_METADATA,
  type TopicMetadata,
} from "../wire/api/topic_metadata.ts";

/** One broker, whatever carries the bytes: a connection, or the fake of a unit test. */
export interface Broker {
  /** Its number. */
  readonly nodeId: number;
  /** Number of a request -> the versions that the broker offers, both ends included. */
  readonly versions: Readonly<
    Record<number, { readonly minVersion: number; readonly maxVersion: number }>
  >;
  /** The newest version of a request that both sides speak; undefined where there is none. */
  versionOf(api: Pick<Api<never, unknown>, "key" | "name" | "versions">): number | undefined;
  /**
   * Sends one request in the newest version that both sides speak, and resolves with the decoded response.
   *
   * @param timeoutMs Longest wait for the response. @default 30_000
   * @throws {UnsupportedRequestError} When there is no such version.
   */
  send<Request, Response>(
    api: Api<Request, Response>,
    request: Request,
    timeoutMs?: number,
  ): Promise<Response>;
}

/** The brokers of a cluster, and what they are in charge of. */
export interface Cluster {
  /** Connects, and learns about these topics; none is created by asking. */
  refresh(topics: readonly string[]): Promise<void>;
  /** As of the last refresh; undefined for a topic that was not asked for. */
  topic(name: string): TopicMetadata | undefined;
  /** Whichever answers. */
  anyBroker(): Promise<Broker>;
  /** A broker by its number. */
  broker(nodeId: number): Promise<Broker>;
  /** The broker that makes and changes topics. */
  controller(): Promise<Broker>;
  /** The broker that keeps a group or a transactional id. */
  coordinatorOf(kind: "group" | "transaction", id: string): Promise<Broker>;
  /** Ends what is under way, and disconnects. */
  close(): Promise<void>;
}

/** What one broker, whichever answers, knows of the cluster and of these topics (`null`: of all), with their error codes. */
export async function metadataOf(
  cluster: Pick<Cluster, "anyBroker">,
  topics: readonly string[] | null,
): Promise<ClusterMetadata> {
  return await (await cluster.anyBroker()).send(TOPIC_METADATA, { topics });
}

/** The number of the broker that reads and writes of a partition go to; undefined while none is known. */
export function leaderOf(
  cluster: Pick<Cluster, "topic">,
  { topic, partition }: { readonly topic: string; readonly partition: number },
): number | undefined {
  const leader = cluster.topic(topic)?.partitions.find((one) => one.partition === partition)
    ?.leader;
  return leader === undefined || leader < 0 ? undefined : leader;
}
