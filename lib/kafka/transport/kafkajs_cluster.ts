/**
 * The brokers as kafkajs reaches them: sockets, TLS, log-in, metadata and correlation of responses are its.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import { Kafka as KafkaJS, type KafkaConfig, logLevel } from "kafkajs";
import { type Api, decodeBody, encodeBody } from "../wire/api/api.ts";
import { KafkaError } from "../client/errors.ts";
import { FIND_COORDINATOR } from "../wire/api/find_coordinator.ts";
import type { TopicMetadata } from "../wire/api/topic_metadata.ts";
import { type Broker, type Cluster, metadataOf } from "./broker.ts";
import { commonVersion, negotiatedVersion } from "./negotiate.ts";
import {
  clusterOf,
  errorOfCode,
  framed,
  HEADER_ROOM_BYTES,
  learnBrokers,
  rejectPendingRequests,
} from "./patches.ts";

export type { RetryOptions, SASLOptions } from "kafkajs";

/** kafkajs opens two connections to a broker; its own use of the second is fetching. */
const MAIN = 0, HELD_BACK = 1;

/** Opens a cluster with connections of its own; it connects at the first use. What kafkajs logs, its errors tell. */
export function openCluster(config: KafkaConfig): Cluster {
  const cluster = clusterOf(new KafkaJS({ ...config, logLevel: logLevel.NOTHING }));
  const known = new Map<string, TopicMetadata>();
  const anyBroker = () =>
    connected(async () => {
      await cluster.connect();
      return brokerOver(await cluster.brokerPool.findConnectedBroker());
    });
  const learn = async (topics: readonly string[]) => {
    const found = await metadataOf({ anyBroker }, topics);
    await learnBrokers(cluster, found.brokers);
    for (const one of found.topics) known.set(one.topic, one);
    return found;
  };
  return {
    anyBroker,
    refresh: async (topics) => void await learn(topics),
    topic: (name) => known.get(name),
    broker: (nodeId) =>
      connected(async () => {
        if (!cluster.brokerPool.brokers[nodeId]) await learn([]);
        try {
          return brokerOver(await cluster.brokerPool.findBroker({ nodeId: `${nodeId}` }));
        } catch (error) {
          // It may be reached elsewhere by now: the next attempt finds it there.
          await learn([]).catch(() => {});
          throw error;
        }
      }),
    async controller() {
      return await this.broker((await learn([])).controllerId);
    },
    async coordinatorOf(kind, key) {
      const broker = await anyBroker();
      const { errorCode, nodeId } = await broker.send(FIND_COORDINATOR, { kind, key });
      if (errorCode !== 0) throw errorOfCode(errorCode);
      return await this.broker(nodeId);
    },
    async close() {
      rejectPendingRequests(cluster);
      await cluster.disconnect();
    },
  };
}

/** kafkajs stumbles over a broker that it has just lost: another attempt finds it, or another one. */
async function connected<T>(find: () => Promise<T>): Promise<T> {
  try {
    return await find();
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause;
    throw new KafkaError("Cannot find a broker: it was just lost", { retriable: true, cause });
  }
}

/** One of kafkajs's brokers. */
// deno-lint-ignore no-explicit-any -- kafkajs publishes no type for its insides.
export function brokerOver(node: any): Broker {
  return {
    nodeId: Number(node.nodeId),
    versions: node.versions ?? {},
    versionOf: (api) => commonVersion(node, api),
    async send<Request, Response>(
      api: Api<Request, Response>,
      request: Request,
      timeoutMs?: number,
    ): Promise<Response> {
      const apiVersion = negotiatedVersion(node, api);
      const { key: apiKey, name: apiName } = api;
      const whole = api.frame?.(request, HEADER_ROOM_BYTES);
      const body = whole
        ? framed(whole, HEADER_ROOM_BYTES)
        : framed(Buffer.from(encodeBody(api, request, apiVersion)), 0);
      const unanswered = api.unanswered?.(request);
      const connection = await node.connectionPool.getConnection(api.heldBack ? HELD_BACK : MAIN);
      const answered = await connection.send({
        request: {
          ...{ apiKey, apiVersion, apiName },
          encode: () => body,
          expectResponse: () => unanswered === undefined,
        },
        ...(timeoutMs === undefined ? {} : { requestTimeout: timeoutMs }),
        response: {
          decode: (bytes: Uint8Array) => ({ response: decodeBody(api, bytes, apiVersion) }),
          parse: (data: unknown) => data,
        },
      });
      return answered ? answered.response : unanswered!;
    },
  };
}
