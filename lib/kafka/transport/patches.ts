/**
 * Everything this project changes inside kafkajs 2.2.4, and nothing else.
 *
 * kafkajs is frozen (its last release is of February 2023), so its insides can be relied on as long as the version is:
 * `patches_test.ts` fails when it moves. Importing this file is enough; it patches once.
 *
 * @module
 */
import type { Buffer } from "node:buffer";
import type { Kafka as KafkaJS, PartitionAssigner } from "kafkajs";
import KafkaJSCluster from "kafkajs/src/cluster/index.js";
import ConsumerGroup from "kafkajs/src/consumer/consumerGroup.js";
import { KafkaJSConnectionClosedError } from "kafkajs/src/errors.js";
import Connection from "kafkajs/src/network/connection.js";
import RequestQueue from "kafkajs/src/network/requestQueue/index.js";
import Encoder from "kafkajs/src/protocol/encoder.js";
import { createErrorFromCode } from "kafkajs/src/protocol/error.js";
import { PartitionAssigners } from "kafkajs";
import { type Api, negotiatedVersion } from "./negotiate.ts";
import { decodeProduce, type ProduceAnswer } from "../wire/api/produce_response.ts";
import { AnswerFrames } from "../wire/response_frames.ts";
import type { ByteWriter } from "../wire/byte_writer.ts";
import { type Acks, encodeProduceRequest, type WireBatch } from "../wire/encode_batch.ts";
import type { Compression } from "../wire/compression.ts";

/** The only kafkajs version these patches were written for. */
export const KAFKAJS_VERSION = "2.2.4";

/** What a member learns when it has joined: the part of kafkajs's `ConsumerGroup` that we rely on. */
export interface JoinedGroup {
  readonly groupId: string;
  readonly memberId: string;
  readonly generationId: number;
  readonly assigned: () => { readonly topic: string; readonly partitions: readonly number[] }[];
  readonly pause: (topics: { topic: string }[]) => void;
  readonly commitOffsets: (offsets: {
    topics: { topic: string; partitions: { partition: number; offset: string }[] }[];
  }) => Promise<void>;
}

/** Called around every (re)join of one consumer; kafkajs waits for both. */
export interface JoinHooks {
  /** Before the member gives up its partitions: the last chance to commit them. Not called before the first join. */
  readonly beforeRejoin: (group: JoinedGroup) => Promise<void>;
  /** After the join, before the first fetch: the place to seek. */
  readonly afterJoin: (group: JoinedGroup) => Promise<void>;
}

/** The request is the same in all of these; brokers of today begin at 3. */
const PRODUCE: Api = { key: 0, name: "Produce", versions: [3, 8] };
/** Enough for the header of a request: 14 bytes and the client's name. */
const HEADER_ROOM_BYTES = 512;

const HOOKS = Symbol("join hooks"), FRAME = Symbol("bytes with room in front");

/** Makes an assigner carry hooks into the `ConsumerGroup` that uses it: kafkajs offers no other way in. */
export function hooked(assigner: PartitionAssigner, hooks: JoinHooks): PartitionAssigner {
  return (config) => Object.assign(assigner(config), { [HOOKS]: hooks });
}

/** kafkajs's own cluster object: metadata, leaders, and requests to one broker, without joining a group. */
// deno-lint-ignore no-explicit-any -- kafkajs publishes no type for its insides.
export type Cluster = any;

/** Takes the cluster object out of a client. An assigner's factory is handed it before anything connects. */
export function clusterOf(
  client: KafkaJS,
  options: { readonly readUncommitted?: boolean } = {},
): Cluster {
  let cluster: Cluster;
  client.consumer({
    groupId: "never-joined",
    allowAutoTopicCreation: false,
    readUncommitted: options.readUncommitted ?? false,
    partitionAssigners: [(config) => {
      cluster = config.cluster;
      return PartitionAssigners.roundRobin(config);
    }],
  });
  return cluster;
}

/** Bytes, and where those begin that are taken. */
interface Frame {
  readonly whole: Buffer;
  readonly from: number;
}

/** Who writes: given by the broker once, and sent with each request so that it can tell repeats. */
export interface ProducerIdentity {
  /** Number that the broker gave; 64 bits, in kafkajs's own shape. */
  readonly producerId: unknown;
  /** Counts who had this identity before; a smaller one is fenced. */
  readonly producerEpoch: number;
  /** Left out where it writes without transactions. */
  readonly transactionalId?: string;
}

/**
 * Sends one produce request and gives the answer for every partition; with `acks: 0` the outcome is not known.
 *
 * kafkajs's own producer throws at the first partition that was refused and forgets which ones were written.
 *
 * @param writer Holds the request: not to be used for another one before the answer, nor ever if there is none
 */
export async function produce(
  broker: Cluster,
  identity: ProducerIdentity,
  { batches, ...how }: {
    readonly batches: readonly WireBatch[];
    readonly writer: ByteWriter;
    readonly acks?: Acks;
    readonly compression?: Compression;
  },
): Promise<readonly ProduceAnswer[]> {
  const producer = { ...identity, producerId: BigInt(String(identity.producerId)) };
  const whole = encodeProduceRequest(producer, batches, { roomBytes: HEADER_ROOM_BYTES, ...how });
  const apiVersion = negotiatedVersion(broker, PRODUCE);
  const response = await broker.connectionPool.send({
    request: {
      apiKey: PRODUCE.key,
      apiVersion,
      apiName: PRODUCE.name,
      encode: () => framed(whole, HEADER_ROOM_BYTES),
      expectResponse: () => how.acks !== 0,
    },
    response: {
      decode: (bytes: Uint8Array) => ({ answers: decodeProduce(bytes, apiVersion) }),
      parse: (data: unknown) => data,
    },
  });
  return response?.answers ?? batches.map(({ topic, partition }) => (
    { topic, partition, errorCode: 0, baseOffset: -1, logAppendTime: -1 }
  ));
}

/** A request's bytes with room in front. Looks like one of kafkajs's own encoders. */
export function framed(whole: Buffer, from: number): object {
  const body = whole.subarray(from);
  return { [FRAME]: { whole, from }, buf: body, buffer: body, size: () => body.length };
}

/** The error that stands for a Kafka error code. */
export function errorOfCode(code: number): Error {
  return createErrorFromCode(code);
}

/**
 * An idle connection sets a timer every millisecond, for ever, and a negative delay that Deno warns about
 * (kafkajs issues 1704 and 1751). With nothing waiting there is nothing to check.
 */
function restIdleConnections(): void {
  RequestQueue.prototype.scheduleCheckPendingRequests = function () {
    if (this.pending.length === 0 || this.throttleCheckTimeoutId) return;
    const delayMs = Math.max(this.throttledUntil - Date.now(), 10);
    this.throttleCheckTimeoutId = setTimeout(() => {
      this.throttleCheckTimeoutId = null;
      this.checkPendingRequests();
    }, delayMs);
  };
}

/**
 * While kafkajs disconnects it still takes requests, and when it is done it looks at no clock any more: what was asked
 * in the moment in which a broker went away waited for ever. Here no request outlives its socket.
 */
function refuseWhatOutlivesItsSocket(): void {
  const { connect } = Connection.prototype;
  Connection.prototype.connect = function () {
    const refuse = () => {
      const { host, port } = this;
      this.rejectRequests(new KafkaJSConnectionClosedError("Closed connection", { host, port }));
    };
    if (!this.isConnected()) refuse();
    const before = this.socket, connecting = connect.call(this), { socket } = this;
    if (socket !== before) socket.on("close", () => this.socket === socket && refuse());
    return connecting;
  };
}

/** kafkajs tells of a join after the fact and waits for nobody; consumers need to commit before and seek after. */
function callJoinHooks(): void {
  const join = ConsumerGroup.prototype.joinAndSync;
  ConsumerGroup.prototype.joinAndSync = async function () {
    const carrier = this.assigners.find((assigner: object) => HOOKS in assigner);
    const hooks: JoinHooks | undefined = carrier?.[HOOKS];
    if (hooks && this.offsetManager && this.memberId) await hooks.beforeRejoin(this);
    await join.call(this);
    if (hooks) await hooks.afterJoin(this);
  };
}

/**
 * kafkajs keeps the beginning of an answer when a connection breaks in the middle of it, and takes what comes over the
 * next one for the rest: nothing is understood from then on. It also joins all parts of an answer once more at its end.
 * Here what has come belongs to its socket.
 */
function readEachSocketApart(): void {
  const { connect } = Connection.prototype;
  Connection.prototype.connect = function () {
    const before = this.socket, connecting = connect.call(this), { socket } = this;
    if (!socket || socket === before) return connecting;
    const frames = new AnswerFrames();
    socket.removeAllListeners("data");
    socket.on("data", (bytes: Buffer) => {
      try {
        for (const answer of frames.take(bytes)) {
          const correlationId = answer.readInt32BE(0), payload = answer.subarray(4);
          this.requestQueue.fulfillRequest({ correlationId, size: answer.length, payload });
        }
      } catch (error) {
        socket.destroy(error);
      }
    });
    return connecting;
  };
}

/**
 * kafkajs puts headers in front of a request by copying it, twice, each time into the next power of two bytes. Where the
 * request has room in front of it, the header goes there.
 */
function writeHeadersInPlace(): void {
  const { writeEncoder } = Encoder.prototype;
  Encoder.prototype.writeEncoder = function (value: { [FRAME]?: Frame }) {
    const frame = value?.[FRAME], from = frame ? frame.from - this.offset : -1;
    if (!frame || from < 0) return writeEncoder.call(this, value);
    this.buf.copy(frame.whole, from, 0, this.offset);
    return Object.assign(this, {
      buf: frame.whole.subarray(from),
      offset: frame.whole.length - from,
      [FRAME]: { whole: frame.whole, from },
    });
  };
}

/** kafkajs asks every broker for a coordinator, and says only that none was found: here the last refusal is said. */
function sayWhyNoCoordinator(): void {
  const { findGroupCoordinatorMetadata } = KafkaJSCluster.prototype;
  KafkaJSCluster.prototype.findGroupCoordinatorMetadata = async function (of: object) {
    try {
      return await findGroupCoordinatorMetadata.call(this, of);
    } catch (error) {
      const broker = await this.brokerPool.findConnectedBroker();
      await broker.findGroupCoordinator(of);
      throw error;
    }
  };
}

restIdleConnections();
sayWhyNoCoordinator();
readEachSocketApart();
refuseWhatOutlivesItsSocket();
writeHeadersInPlace();
callJoinHooks();
