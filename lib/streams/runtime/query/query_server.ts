/**
 * Answers queries over HTTP: other workers' for a key in bytes, people's for a key as text.
 *
 * @module
 */
import { createHash, timingSafeEqual } from "node:crypto";
import { isLoopback } from "../../../settings/mod.ts";
import { isHandled, type TableQuestions } from "./answer.ts";

/** Where a worker answers queries of other workers and of `deno task query`. */
export interface QueryServerOptions {
  /** Address to listen at; one that other machines reach needs a token. @default "127.0.0.1" */
  readonly hostname?: string;
  /** Port to listen at. @default any that is free */
  readonly port?: number;
  /** Secret that clients must send; the same for all workers of the application. @default none, on this machine */
  readonly token?: string;
  /** `host:port` that other machines reach it under. @default the hostname and port it listens at */
  readonly advertised?: string;
}

/** An open server. */
export interface QueryServer {
  /** `http://host:port`, as others ask it. */
  readonly url: string;
  close(): Promise<void>;
}

/** Listens. @throws {TypeError} If other machines could ask without a token */
export function serveQueries(
  questions: TableQuestions,
  { hostname = "127.0.0.1", port = 0, token, advertised }: QueryServerOptions = {},
): QueryServer {
  if (!isLoopback(hostname) && !token) {
    throw new TypeError(
      `Cannot answer queries at "${hostname}" without a token: anybody who reaches this machine could read the tables ` +
        "(give server: { token }, the same to all workers)",
    );
  }
  const address = (at: Deno.NetAddr) =>
    advertised ?? `${at.hostname.includes(":") ? `[${at.hostname}]` : at.hostname}:${at.port}`;
  let own = "";
  const server = Deno.serve(
    { hostname, port, onListen: (at) => void (own = address(at)) },
    (request) => guarded(request, { own, token, questions }),
  );
  return { url: `http://${own}`, close: () => server.shutdown() };
}

interface Guard {
  /** `host:port` that it is asked under. */
  readonly own: string;
  readonly token: string | undefined;
  readonly questions: TableQuestions;
}

/**
 * Answers requests that carry the token; without one, programs of this machine, and no page of a browser, whose requests
 * tell their origin or come under another host's name.
 */
export async function guarded(
  request: Request,
  { own, token, questions }: Guard,
): Promise<Response> {
  const { headers, method } = request, port = own.slice(own.lastIndexOf(":"));
  if (method !== "GET") return answer(405, { message: `Cannot answer ${method}: use GET` });
  if (headers.has("origin") || headers.has("sec-fetch-site")) {
    return answer(403, { message: "Cannot answer a page: only programs may ask" });
  }
  if (token === undefined) {
    const host = headers.get("host") ?? new URL(request.url).host;
    if (host !== own && !(host.endsWith(port) && isLoopback(host.slice(0, -port.length)))) {
      return answer(403, { message: `Cannot answer for the host "${host}": this is ${own}` });
    }
  } else if (!isSame(headers.get("authorization") ?? "", `Bearer ${token}`)) {
    return answer(401, {
      message: "Cannot answer without the application's token (set TAXI_QUERY_TOKEN to it)",
    });
  }
  try {
    return answer(200, await questions(new URL(request.url)));
  } catch (error) {
    if (!isHandled(error)) throw error;
    return answer(error.status, { message: error.message });
  }
}

function answer(status: number, body: unknown): Response {
  const json = (_: string, value: unknown) => typeof value === "bigint" ? `${value}` : value;
  return new Response(JSON.stringify(body, json), {
    status,
    headers: {
      "content-type": "application/json",
      // A worker that stops does not wait for its clients.
      connection: "close",
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
    },
  });
}

/** Compares in constant time. */
function isSame(one: string, other: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(one), digest(other));
}
