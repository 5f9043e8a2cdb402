import type { ISocketFactory } from "kafkajs";
import { Buffer } from "node:buffer";
import net from "node:net";
import tls from "node:tls";
import { type Notice, Silence } from "../client/notices.ts";

/** Keeps an idle connection from being dropped on its way. */
const KEEP_ALIVE_MS = 60_000;

/** Bytes that are read at once: a quarter of a full answer for one partition. */
const READ_BYTES = 262_144;

/**
 * Opens kafkajs's connections and watches them, so that a broker that does not answer is one line, not dozens.
 *
 * @param tell Gets a notice when a broker has been silent for a while, and when it answers again.
 */
export function watchedSockets(tell: (notice: Notice) => void): ISocketFactory {
  const silences = new Map<string, Silence>();
  return ({ host, port, ssl, onConnect }) => {
    const broker = `${host}:${port}`;
    const silence = silences.get(broker) ?? new Silence(broker);
    silences.set(broker, silence);
    const told = (notice: Notice | undefined) => notice && tell(notice);
    const connected = () => {
      told(silence.answered(Date.now()));
      onConnect();
    };
    const socket = ssl
      ? secureSocket({ host, port }, ssl, connected)
      : plainSocket({ host, port }, connected);
    socket.on("error", () => told(silence.failed(Date.now())));
    socket.setKeepAlive(true, KEEP_ALIVE_MS);
    // As Kafka's own clients do: otherwise the end of a request is held back until its beginning is acknowledged.
    socket.setNoDelay(true);
    return socket;
  };
}

/** Where a broker listens. */
interface Address {
  readonly host: string;
  readonly port: number;
}

/** A TLS connection, whose certificate must have the host's name. */
function secureSocket(
  { host, port }: Address,
  options: tls.ConnectionOptions,
  connected?: () => void,
): tls.TLSSocket {
  const name = net.isIP(host) ? {} : { servername: host };
  return tls.connect({ host, port, ...name, ...options }, connected);
}

/**
 * A connection that reads into one buffer, in place of a new one for every 64 kB: reading takes a
 * third of the processor's time so. What a `data` listener gets is valid until it returns.
 */
function plainSocket(
  { host, port }: Address,
  connected: () => void,
): net.Socket {
  const buffer = Buffer.allocUnsafeSlow(READ_BYTES);
  const callback = (length: number) => {
    socket.emit("data", buffer.subarray(0, length));
    return true;
  };
  const socket = net.connect({ host, port, onread: { buffer, callback } }, connected);
  return socket;
}

/** Tries one TCP connection; gives undefined when it came about, else why it did not. */
export function knock(broker: string, timeoutMs: number): Promise<string | undefined> {
  const address = addressOf(broker), { host, port } = address;
  if (host === "" || !Number.isInteger(port) || port < 1 || port > 65535) {
    return Promise.resolve("the address is not host:port");
  }
  const late = `no answer in ${timeoutMs / 1000} s`;
  return outcomeOf<string | undefined>(net.connect(address), { timeoutMs, late }, (socket, end) => {
    socket.on("connect", () => end(undefined));
    socket.on("error", (error: Error & { code?: string }) => end(reason(error)));
  });
}

/**
 * The error by which a broker refuses a TLS handshake; undefined if it has not refused within the time. No request is
 * sent: if a broker refuses and closes while one is on its way, the connection is reset and the reason is lost.
 */
export function handshakeRefusal(
  broker: string,
  options: tls.ConnectionOptions,
  timeoutMs: number,
): Promise<Error | undefined> {
  const secure = secureSocket(addressOf(broker), options);
  return outcomeOf<Error | undefined>(secure, { timeoutMs, late: undefined }, (socket, end) => {
    socket.on("error", end);
    socket.on("close", () => end(undefined));
    socket.resume();
  });
}

function addressOf(broker: string): Address {
  const colon = broker.lastIndexOf(":");
  return { host: broker.slice(0, Math.max(colon, 0)), port: Number(broker.slice(colon + 1)) };
}

/** What a connection comes to, as `listen` hears it, or `late` when the time is over; the connection is ended then. */
function outcomeOf<T>(
  socket: net.Socket,
  { timeoutMs, late }: { readonly timeoutMs: number; readonly late: T },
  listen: (socket: net.Socket, end: (outcome: T) => void) => void,
): Promise<T> {
  return new Promise((resolve) => {
    const end = (outcome: T) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(outcome);
    };
    const timer = setTimeout(end, timeoutMs, late);
    listen(socket, end);
  });
}

function reason({ code, message }: Error & { code?: string }): string {
  if (code === "ECONNREFUSED" || /refused/i.test(message)) return "connection refused";
  if (code === "ENOTFOUND" || /resolve|lookup/i.test(message)) return "the host name is not known";
  return message;
}
