import { type LoopbackServer, serveLoopback } from "../../platform/mod.ts";
import { isLoopback } from "../../settings/mod.ts";

/** A schema of this size is a mistake or an attack. */
const BODY_BYTES = 262_144;
const ANSWER_WITHIN_MS = 15_000;
/** The Confluent-compatible API is all that the course and its clients use. */
const API = "/apis/ccompat/";

/**
 * Says why a request must not reach the registry; undefined when it may.
 *
 * The registry itself takes any `Host`, so a web page could write to it through a name of its own that
 * points to 127.0.0.1.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { refusal } from "./registry_proxy.ts";
 * const ask = (headers: HeadersInit) => refusal(new Headers(headers), 8081);
 * assert.equal(ask({ host: "localhost:8081" }), undefined);
 * assert.match(ask({ host: "evil.example:8081" })!, /"evil.example:8081"/);
 * assert.match(ask({ host: "localhost:8081", origin: "http://evil.example" })!, /origin/i);
 * ```
 */
export function refusal(headers: Headers, port: number): string | undefined {
  const host = headers.get("host") ?? "";
  const [, name = "", own = "80"] = host.toLowerCase().match(/^(.*?)(?::(\d+))?$/) ?? [];
  if (!isLoopback(name) || Number(own) !== port) {
    return `Cannot answer for the host "${host}": this registry is only for localhost:${port}`;
  }
  const origin = headers.get("origin");
  // Programs send none; the Control Center asks from its server. A page that asks is somebody else's.
  if (origin !== null && origin !== `http://${host}`) {
    return `Cannot answer a page of the origin "${origin}": this registry is for programs of this machine`;
  }
  return undefined;
}

/** Where the registry itself stands. */
export interface BehindProxy {
  /** `http://host:port`. */
  readonly origin: string;
  /** Added to each request: shows that it came through here. @default none */
  readonly headers?: Readonly<Record<string, string>>;
}

/** The registry's public port: checks each request, passes the good ones on. */
export class RegistryProxy {
  readonly #port: number;
  readonly #server: LoopbackServer;
  #behind: BehindProxy | undefined;

  /**
   * Listens at once, and says that the registry is not running until it is told where.
   *
   * @param hostname Address to listen on; a container needs another. Default both addresses of this machine for itself
   * @throws {Deno.errors.AddrInUse} If the port is taken.
   */
  constructor(port: number, hostname?: string) {
    this.#port = port;
    this.#server = serveLoopback({
      port,
      ...(hostname !== undefined && { hostname }),
      onError: () => refuse(502, "Cannot reach the registry: it gave no answer (run it again)"),
    }, (request) => this.#answer(request));
  }

  /** Where the registry itself listens; undefined while it does not run. */
  leadsTo(behind: BehindProxy | undefined): void {
    this.#behind = behind;
  }

  /** Takes no new request, and ends after those it has. */
  async close(): Promise<void> {
    await this.#server.shutdown();
  }

  async #answer(request: Request): Promise<Response> {
    const why = refusal(request.headers, this.#port);
    if (why !== undefined) return refuse(403, why);
    const { pathname, search } = new URL(request.url);
    if (!pathname.startsWith(API)) {
      return refuse(404, `Cannot find "${pathname}": the API is below ${API}v7`);
    }
    if (this.#behind === undefined) {
      return refuse(503, 'Cannot reach the registry: it is not running (run "deno task up")');
    }
    const body = await readBody(request);
    if (body === undefined) {
      return refuse(413, `Cannot take the schema: it is larger than ${BODY_BYTES} bytes`);
    }
    const headers = new Headers(request.headers);
    // The registry asks for no login: a password that is set for another one stays here.
    const dropped = ["host", "origin", "connection", "content-length", "authorization"];
    for (const name of dropped) headers.delete(name);
    for (const [name, value] of Object.entries(this.#behind.headers ?? {})) {
      headers.set(name, value);
    }
    return await fetch(`${this.#behind.origin}${pathname}${search}`, {
      method: request.method,
      headers,
      body: body.length > 0 ? body : null,
      redirect: "manual",
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    });
  }
}

/** The body, or undefined as soon as it is too large. */
async function readBody(request: Request): Promise<Uint8Array<ArrayBuffer> | undefined> {
  if (Number(request.headers.get("content-length") ?? 0) > BODY_BYTES) return undefined;
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of request.body ?? []) {
    bytes += chunk.length;
    if (bytes > BODY_BYTES) return undefined;
    chunks.push(chunk);
  }
  return new Uint8Array(await new Blob(chunks as BlobPart[]).arrayBuffer());
}

/** Errors look like the registry's own, so that every client shows their message. */
function refuse(status: number, message: string): Response {
  return Response.json({ error_code: status, message }, { status });
}
