/** This machine's addresses for itself: `localhost` is both, and a browser tries the second one first. */
const ADDRESSES = ["127.0.0.1", "::1"];

/** A server on every loopback address. */
export interface LoopbackServer {
  /** The same on each address. */
  readonly port: number;
  /** Resolves when it has ended on each address. */
  readonly finished: Promise<void>;
  /** Takes no new request, and ends after those it has. */
  shutdown(): Promise<void>;
}

/** How to answer on this machine. */
export interface ServeOptions {
  /** 0 chooses a free one. */
  readonly port: number;
  /** Another address, and only that: a container needs it. @default both of this machine for itself */
  readonly hostname?: string;
  /** What is answered when the handler throws. @default an empty answer, 500 */
  readonly onError?: (error: unknown) => Response;
  /** A body that has not come within this time is given up: its reader gets an error. @default 30_000 */
  readonly bodyWithinMs?: number;
}

/**
 * Answers HTTP on 127.0.0.1 and on [::1], so that no other user of this machine answers for us at `localhost`.
 *
 * @example Both addresses are held
 * ```ts
 * import assert from "node:assert/strict";
 * import { listenOnLoopback, serveLoopback } from "./loopback.ts";
 * const server = serveLoopback({ port: 0 }, () => new Response("here"));
 * assert.throws(() => listenOnLoopback(server.port), Deno.errors.AddrInUse);
 * assert.equal(await (await fetch(`http://localhost:${server.port}`)).text(), "here");
 * await server.shutdown();
 * ```
 * @throws {Deno.errors.AddrInUse} If the port is taken at one of them.
 */
export function serveLoopback(
  options: ServeOptions,
  handler: (request: Request) => Response | Promise<Response>,
): LoopbackServer {
  const { port: wanted, hostname, bodyWithinMs = 30_000, ...others } = options;
  const handle = (request: Request) => handler(withDeadline(request, bodyWithinMs));
  if (hostname !== undefined) {
    return alone(Deno.serve({ ...others, port: wanted, hostname, onListen: () => {} }, handle));
  }
  const port = wanted === 0 ? freePort() : wanted;
  listenOnLoopback(port);
  const servers = ADDRESSES.filter(isOurs).map((hostname) =>
    Deno.serve({ ...others, hostname, port, onListen: () => {} }, handle)
  );
  return {
    port,
    finished: Promise.all(servers.map(({ finished }) => finished)).then(() => {}),
    shutdown: async () => {
      await Promise.all(servers.map((server) => server.shutdown()));
    },
  };
}

/**
 * Listens on a port for a moment, at each of this machine's addresses for itself.
 *
 * @throws {Deno.errors.AddrInUse} If somebody has it at one of them.
 */
export function listenOnLoopback(port: number): void {
  for (const hostname of ADDRESSES.filter(isOurs)) Deno.listen({ hostname, port }).close();
}

/** Half a request would keep its handler for ever. */
function withDeadline(request: Request, ms: number): Request {
  if (request.body === null) return request;
  let timer: ReturnType<typeof setTimeout>;
  const timed = new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
    start: (controller) => {
      const late = () => controller.error(new Error(`The body has not come within ${ms} ms`));
      timer = setTimeout(late, ms);
      Deno.unrefTimer(timer);
    },
    flush: () => clearTimeout(timer),
  });
  const { url, method, headers } = request;
  return new Request(url, { method, headers, body: request.body.pipeThrough(timed) });
}

function alone(server: Deno.HttpServer<Deno.NetAddr>): LoopbackServer {
  return { port: server.addr.port, finished: server.finished, shutdown: () => server.shutdown() };
}

/** A port that is free at each address: the system chooses for one only. */
function freePort(): number {
  for (;;) {
    const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    listener.close();
    const { port } = listener.addr;
    if (ADDRESSES.filter(isOurs).every((hostname) => canListen(hostname, port))) return port;
  }
}

/** Whether the system has this address: many containers have no IPv6. */
function isOurs(hostname: string): boolean {
  return hostname === "127.0.0.1" || canListen(hostname, 0);
}

function canListen(hostname: string, port: number): boolean {
  try {
    Deno.listen({ hostname, port }).close();
    return true;
  } catch {
    return false;
  }
}
