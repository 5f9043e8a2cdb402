/**
 * Everything this project changes inside kafkajs 2.2.4, and nothing else.
 *
 * kafkajs is frozen (its last release is of February 2023), so its insides can be relied on as long as the version is:
 * `patches_test.ts` fails when it moves. Importing this file is enough; it patches once.
 *
 * @module
 */
import type { Buffer } from "node:buffer";
import type { Kafka as KafkaJS } from "kafkajs";
import { KafkaJSConnectionClosedError } from "kafkajs/src/errors.js";
import Connection from "kafkajs/src/network/connection.js";
import RequestQueue from "kafkajs/src/network/requestQueue/index.js";
import Encoder from "kafkajs/src/protocol/encoder.js";
import { createErrorFromCode } from "kafkajs/src/protocol/error.js";
import { PartitionAssigners } from "kafkajs";
import { NEWER_ERRORS } from "../wire/error_codes.ts";
import { AnswerFrames } from "../wire/response_frames.ts";

/** The only kafkajs version these patches were written for. */
export const KAFKAJS_VERSION = "2.2.4";

/** Enough for the header of a request: 14 bytes and the client's name. */
export const HEADER_ROOM_BYTES = 512;

const FRAME = Symbol("bytes with room in front");

/** kafkajs's own cluster object: metadata, leaders, and requests to one broker, without joining a group. */
// deno-lint-ignore no-explicit-any -- kafkajs publishes no type for its insides.
export type Cluster = any;

/** Takes the cluster object out of a client. An assigner's factory is handed it before anything connects. */
export function clusterOf(client: KafkaJS): Cluster {
  let cluster: Cluster;
  client.consumer({
    groupId: "never-joined",
    allowAutoTopicCreation: false,
    partitionAssigners: [(config) => {
      cluster = config.cluster;
      return PartitionAssigners.roundRobin(config);
    }],
  });
  return cluster;
}

/** Ends every request that is under way: kafkajs would wait for the responses before it disconnects. */
export function rejectPendingRequests({ brokerPool }: Cluster): void {
  for (const broker of [brokerPool.seedBroker, ...Object.values<Cluster>(brokerPool.brokers)]) {
    broker?.connectionPool.map((connection: Cluster) =>
      connection.rejectRequests(new KafkaJSConnectionClosedError("Closed connection"))
    );
  }
}

/**
 * Tells a cluster who its brokers are. kafkajs asks itself, too, and learns nothing while any topic or partition that it
 * asks about has an error, such as one without a leader.
 */
export async function learnBrokers(
  { brokerPool }: Cluster,
  brokers: readonly { readonly nodeId: number; readonly host: string; readonly port: number }[],
): Promise<void> {
  const metadata = { brokers, topicMetadata: [] };
  const asked = { metadata: () => Promise.resolve(metadata) };
  const pool = Object.assign(Object.create(brokerPool), {
    findConnectedBroker: () => Promise.resolve(asked),
  });
  await pool.refreshMetadata([]);
  brokerPool.brokers = pool.brokers;
}

/** Bytes, and where those begin that are taken. */
interface Frame {
  readonly whole: Buffer;
  readonly from: number;
}

/** A request's bytes with room in front. Looks like one of kafkajs's own encoders. */
export function framed(whole: Buffer, from: number): object {
  const body = whole.subarray(from);
  return { [FRAME]: { whole, from }, buf: body, buffer: body, size: () => body.length };
}

/** The error that stands for a Kafka error code. @param said The broker's own sentence. */
export function errorOfCode(code: number, said?: string | null): Error {
  const newer = NEWER_ERRORS.get(code);
  return Object.assign(createErrorFromCode(code), {
    ...(newer && { ...newer, message: newer.type }),
    ...(said ? { said } : {}),
  });
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

restIdleConnections();
readEachSocketApart();
refuseWhatOutlivesItsSocket();
writeHeadersInPlace();
