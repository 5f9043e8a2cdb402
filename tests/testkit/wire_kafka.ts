/**
 * A Kafka of a few hundred bytes: it listens, may speak TLS, may ask who you are, and says where its brokers are, what
 * they offer and which topics you may see. Enough for a first contact; it keeps no records.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import { once } from "node:events";
import net from "node:net";
import tls from "node:tls";

/** What it is like; left out, it lets everybody do everything. */
export interface WireKafkaOptions {
  /** Certificate and key in PEM; with `ca`, clients show one of theirs. @default no TLS */
  readonly tls?: { readonly cert: string; readonly key: string; readonly ca?: string };
  /** The password that a login needs. @default it asks for no login */
  readonly password?: string;
  /** Where it says that it is, `host:port`. @default where it listens */
  readonly advertised?: string;
  /** Where it says that its other brokers are. @default it has none */
  readonly others?: readonly string[];
  /** Newest version of a request by its number; null where it has none. @default as Kafka 3.9, in what it answers */
  readonly versions?: Readonly<Record<number, number | null>>;
  /** Whether this user may see no topic. @default false */
  readonly mayNotSee?: boolean;
}

/** One that listens. */
export interface WireKafka extends AsyncDisposable {
  /** `localhost:port`. */
  readonly address: string;
  /** How many logins were refused. */
  readonly refused: () => number;
}

const LONGEST_REQUEST_BYTES = 100 * 2 ** 20;
const METADATA = 3, HANDSHAKE = 17, API_VERSIONS = 18, AUTHENTICATE = 36;
const TOPIC_AUTHORIZATION_FAILED = 29, UNKNOWN_TOPIC = 3;
const ILLEGAL_SASL_STATE = 34, UNSUPPORTED_MECHANISM = 33, AUTHENTICATION_FAILED = 58;

/** Request -> newest version: those that are answered here in the version encoded here, the others as Kafka 3.9. */
const OFFERED: Readonly<Record<number, number>> = {
  0: 11,
  1: 17,
  2: 9,
  8: 9,
  9: 9,
  10: 6,
  11: 9,
  12: 4,
  13: 5,
  14: 5,
  19: 7,
  20: 6,
  21: 2,
  22: 5,
  24: 5,
  25: 4,
  26: 4,
  28: 4,
  35: 4,
  42: 2,
  [METADATA]: 4,
  [HANDSHAKE]: 1,
  [API_VERSIONS]: 0,
  [AUTHENTICATE]: 0,
};

/** Starts one on a free port of this machine. */
export async function wireKafka(options: WireKafkaOptions = {}): Promise<WireKafka> {
  const sockets = new Set<net.Socket>(), brokers: string[] = [];
  let refused = 0;
  const serve = (socket: net.Socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    socket.on("close", () => sockets.delete(socket));
    let loggedIn = options.password === undefined, rest = Buffer.alloc(0);
    socket.on("data", (bytes: Buffer) => {
      rest = Buffer.concat([rest, bytes]);
      // As brokers do with what is too long to be a request, such as the beginning of TLS.
      if (rest.length >= 4 && rest.readInt32BE(0) > LONGEST_REQUEST_BYTES) socket.destroy();
      while (rest.length >= 4 && rest.length >= 4 + rest.readInt32BE(0)) {
        const request = rest.subarray(4, 4 + rest.readInt32BE(0));
        rest = rest.subarray(4 + request.length);
        const key = request.readInt16BE(0), body = bodyOf(request);
        // As brokers do with what comes before a login.
        if (!loggedIn && ![API_VERSIONS, HANDSHAKE, AUTHENTICATE].includes(key)) {
          return void socket.destroy();
        }
        const answer = answerTo(key, body, options, brokers);
        if (key === AUTHENTICATE) {
          loggedIn = answer.readInt16BE(0) === 0;
          if (!loggedIn) refused++;
        }
        socket.write(
          Buffer.concat([int32(4 + answer.length), int32(request.readInt32BE(4)), answer]),
        );
      }
    });
  };
  const server = options.tls
    ? tls.createServer({ ...options.tls, requestCert: options.tls.ca !== undefined }, serve)
    : net.createServer(serve);
  server.on("tlsClientError", () => {});
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = `localhost:${(server.address() as net.AddressInfo).port}`;
  brokers.push(options.advertised ?? address, ...options.others ?? []);
  return {
    address,
    refused: () => refused,
    async [Symbol.asyncDispose]() {
      server.close();
      for (const socket of sockets) socket.destroy();
      await once(server, "close");
    },
  };
}

/** What stands behind the header and the client's name. */
function bodyOf(request: Buffer): Buffer {
  return request.subarray(10 + Math.max(0, request.readInt16BE(8)));
}

function answerTo(
  key: number,
  body: Buffer,
  { password, versions, mayNotSee }: WireKafkaOptions,
  brokers: readonly string[],
): Buffer {
  switch (key) {
    case API_VERSIONS: {
      const offered = Object.entries<number | null>({ ...OFFERED, ...versions })
        .filter(([, newest]) => newest !== null);
      return Buffer.concat([
        int16(0),
        list(offered, ([api, newest]) => [int16(Number(api)), int16(0), int16(newest!)]),
      ]);
    }
    case METADATA:
      return Buffer.concat([
        int32(0), // throttle time
        list(brokers, (broker, n) => {
          const [host, port] = broker.split(":");
          return [int32(n + 1), text(host!), int32(Number(port)), int16(-1)];
        }),
        int16(-1), // no cluster id
        int32(1),
        list(namesIn(body), (topic) => [
          int16(mayNotSee ? TOPIC_AUTHORIZATION_FAILED : UNKNOWN_TOPIC),
          text(topic),
          Buffer.of(0),
          int32(0),
        ]),
      ]);
    case HANDSHAKE: {
      const wanted = body.subarray(2).toString();
      const error = password === undefined
        ? ILLEGAL_SASL_STATE
        : wanted === "PLAIN"
        ? 0
        : UNSUPPORTED_MECHANISM;
      return Buffer.concat([int16(error), list(["PLAIN"], (one) => [text(one)])]);
    }
    case AUTHENTICATE: {
      // A name and a password between zeros.
      const given = body.subarray(4).toString().split("\0")[2];
      return given === password
        ? Buffer.concat([int16(0), int16(-1), int32(0)])
        : Buffer.concat([int16(AUTHENTICATION_FAILED), text("Authentication failed"), int32(0)]);
    }
    default:
      throw new RangeError(`Cannot answer request ${key}`);
  }
}

/** Topics that metadata is asked of. */
function namesIn(body: Buffer): string[] {
  const names: string[] = [];
  for (let at = 4; names.length < body.readInt32BE(0); at += 2 + body.readInt16BE(at)) {
    names.push(body.subarray(at + 2, at + 2 + body.readInt16BE(at)).toString());
  }
  return names;
}

function int16(n: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeInt16BE(n);
  return bytes;
}

function int32(n: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(n);
  return bytes;
}

function text(words: string): Buffer {
  const bytes = Buffer.from(words);
  return Buffer.concat([int16(bytes.length), bytes]);
}

function list<T>(items: readonly T[], encode: (item: T, n: number) => Buffer[]): Buffer {
  return Buffer.concat([int32(items.length), ...items.flatMap(encode)]);
}
