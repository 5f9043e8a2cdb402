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
      ? tls.connect(
        { host, port, ...(net.isIP(host) ? {} : { servername: host }), ...ssl },
        connected,
      )
      : plainSocket({ host, port }, connected);
    socket.on("error", () => told(silence.failed(Date.now())));
    socket.setKeepAlive(true, KEEP_ALIVE_MS);
    // As Kafka's own clients do: otherwise the end of a request is held back until its beginning is acknowledged.
    socket.setNoDelay(true);
    return socket;
  };
}

/**
 * A connection that reads into one buffer, in place of a new one for every 64 kB: reading takes a
 * third of the processor's time so. What a `data` listener gets is valid until it returns.
 */
function plainSocket(
  { host, port }: { readonly host: string; readonly port: number },
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
  const colon = broker.lastIndexOf(":");
  const host = broker.slice(0, colon), port = Number(broker.slice(colon + 1));
  if (colon < 1 || !Number.isInteger(port) || port < 1 || port > 65535) {
    return Promise.resolve("the address is not host:port");
  }
  return new Promise((resolve) => {
    const socket = net.connect({ host, port });
    const end = (why?: string) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(why);
    };
    const timer = setTimeout(() => end(`no answer in ${timeoutMs / 1000} s`), timeoutMs);
    socket.on("connect", () => end());
    socket.on("error", (error: Error & { code?: string }) => end(reason(error)));
  });
}

/**
 * With what a TLS handshake is refused; undefined if with nothing, as far as was waited. Nothing is sent behind it: a
 * broker that refuses and closes while a request is on its way resets the connection, and takes its reason along.
 */
export function handshakeRefusal(
  broker: string,
  options: tls.ConnectionOptions,
  timeoutMs: number,
): Promise<Error | undefined> {
  const colon = broker.lastIndexOf(":"), host = broker.slice(0, colon);
  return new Promise((resolve) => {
    const socket = tls.connect({
      ...{ host, port: Number(broker.slice(colon + 1)) },
      ...(net.isIP(host) ? {} : { servername: host }),
      ...options,
    });
    const end = (error?: Error) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(error);
    };
    const timer = setTimeout(end, timeoutMs);
    socket.on("error", end);
    socket.on("close", () => end());
    socket.resume();
  });
}

function reason({ code, message }: Error & { code?: string }): string {
  if (code === "ECONNREFUSED" || /refused/i.test(message)) return "connection refused";
  if (code === "ENOTFOUND" || /resolve|lookup/i.test(message)) return "the host name is not known";
  return message;
}
