import { once } from "node:events";
import net from "node:net";
import { Buffer } from "node:buffer";

/** Versions of a request by its number; null where it is not offered. Requests that are not named stay as they are. */
export type OfferedVersions = Readonly<
  Record<number, readonly [min: number, max: number] | null>
>;

/** Of each request that Redpanda has, the newest version. */
const REDPANDA =
  "0:7 2:4 8:8 9:7 10:3 11:6 12:4 13:4 14:4 15:5 16:4 17:1 18:3 19:6 20:5 21:2 22:3 24:3 " +
  "25:1 26:3 28:3 32:4 33:2 35:2 36:2 37:3 42:2 44:1";

/** What other clusters than Apache Kafka's newest offer. */
export const PROFILES: Readonly<Record<string, OfferedVersions>> = {
  /** Redpanda as of December 2024: no topic ids. */
  redpanda24: redpanda({ fetch: 11, metadata: 8 }),
  /** Redpanda as of 2026. */
  redpanda26: redpanda({ fetch: 13, metadata: 12 }),
  /** Azure Event Hubs. */
  eventhubs: {
    0: [0, 7],
    1: [4, 6],
    2: [0, 8],
    3: [0, 5],
    8: [0, 8],
    9: [0, 8],
    10: [0, 4],
    11: [0, 9],
    12: [0, 4],
    13: [0, 5],
  },
  /** WarpStream's list: no DeleteRecords, no DescribeLogDirs, no IncrementalAlterConfigs. */
  "warpstream-list": { 21: null, 35: null, 44: null },
};

function redpanda({ fetch, metadata }: { readonly fetch: number; readonly metadata: number }) {
  const unknown = Array.from({ length: 90 }, (_, key) => [key, null] as const);
  const known = REDPANDA.split(" ").map((one) => {
    const [key, max] = one.split(":").map(Number);
    return [key!, [0, max!]] as const;
  });
  return Object.fromEntries<readonly [number, number] | null>([
    ...[...unknown, ...known],
    [1, [4, fetch]],
    [3, [0, metadata]],
  ]);
}

const METADATA = 3, FIND_COORDINATOR = 10, API_VERSIONS = 18, DESCRIBE_CLUSTER = 60;

/** A broker of another kind, as its clients see it. */
export interface VersionProxy extends AsyncDisposable {
  /** `localhost:port`. */
  readonly address: string;
  /** Requests outside of what it offers, such as `1 v13` for Fetch: a client that asks first sends none. */
  readonly refused: readonly string[];
}

/**
 * Stands before a broker, offers fewer versions of its requests, and closes the connection on any other, as brokers do.
 *
 * Clients stay with it: wherever the broker names its address, the proxy names its own.
 *
 * @param broker `localhost:port` of a cluster of one broker.
 */
export async function versionProxy(
  broker: string,
  offered: OfferedVersions,
): Promise<VersionProxy> {
  const target = Number(broker.split(":")[1]), refused: string[] = [];
  const sockets = new Set<net.Socket>();
  const server = net.createServer((client) => {
    const upstream = net.connect(target, "127.0.0.1");
    const asked = new Map<number, { readonly key: number; readonly version: number }>();
    for (const [socket, other] of [[client, upstream], [upstream, client]] as const) {
      sockets.add(socket);
      socket.on("error", () => other.destroy());
      socket.on("close", () => {
        other.destroy();
        sockets.delete(socket);
      });
    }
    onFrames(client, (request) => {
      const key = request.readInt16BE(0), version = request.readInt16BE(2);
      if (!isOffered(offered, key, version)) {
        refused.push(`${key} v${version}`);
        return void client.destroy();
      }
      asked.set(request.readInt32BE(4), { key, version });
      upstream.write(framed(request));
    });
    onFrames(upstream, (response) => {
      const request = asked.get(response.readInt32BE(0));
      asked.delete(response.readInt32BE(0));
      if (request?.key === API_VERSIONS) response = narrowed(response, request.version, offered);
      if ([METADATA, FIND_COORDINATOR, DESCRIBE_CLUSTER].includes(request?.key ?? -1)) {
        renameBroker(response, target, port);
      }
      client.write(framed(response));
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as net.AddressInfo;
  return {
    address: `localhost:${port}`,
    refused,
    async [Symbol.asyncDispose]() {
      server.close();
      for (const socket of sockets) socket.destroy();
      await once(server, "close");
    },
  };
}

function onFrames(socket: net.Socket, take: (frame: Buffer) => void): void {
  let rest: Buffer = Buffer.alloc(0);
  socket.on("data", (bytes: Buffer) => {
    rest = rest.length === 0 ? bytes : Buffer.concat([rest, bytes]);
    while (rest.length >= 4 && rest.length >= 4 + rest.readInt32BE(0)) {
      const end = 4 + rest.readInt32BE(0);
      take(rest.subarray(4, end));
      rest = rest.subarray(end);
    }
  });
}

function framed(body: Buffer): Buffer {
  const size = Buffer.alloc(4);
  size.writeInt32BE(body.length);
  return Buffer.concat([size, body]);
}

function isOffered(offered: OfferedVersions, key: number, version: number): boolean {
  const range = offered[key];
  return range === undefined || range !== null && version >= range[0] && version <= range[1];
}

/** The list of a broker's requests, cut down. @see The protocol guide, ApiVersions, versions 0 to 2 */
function narrowed(response: Buffer, version: number, offered: OfferedVersions): Buffer {
  if (version > 2) throw new RangeError(`Cannot read ApiVersions of version ${version}`);
  const count = response.readInt32BE(6), kept: Buffer[] = [];
  for (let n = 0, at = 10; n < count; n++, at += 6) {
    const entry = Buffer.from(response.subarray(at, at + 6)), range = offered[entry.readInt16BE(0)];
    if (range === null) continue;
    if (range) {
      entry.writeInt16BE(Math.max(range[0], entry.readInt16BE(2)), 2);
      entry.writeInt16BE(Math.min(range[1], entry.readInt16BE(4)), 4);
    }
    kept.push(entry);
  }
  const head = Buffer.from(response.subarray(0, 10));
  head.writeInt32BE(kept.length, 6);
  return Buffer.concat([head, ...kept, response.subarray(10 + 6 * count)]);
}

/** Replaces `localhost` and the port behind it: of equal length, so nothing else of the response changes. */
function renameBroker(response: Buffer, from: number, to: number): void {
  const host = Buffer.from("localhost"), port = Buffer.alloc(4);
  port.writeInt32BE(from);
  const wanted = Buffer.concat([host, port]);
  for (let at = response.indexOf(wanted); at >= 0; at = response.indexOf(wanted, at + 1)) {
    response.writeInt32BE(to, at + host.length);
  }
}
