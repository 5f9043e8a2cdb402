import { isLoopback } from "../../../settings/mod.ts";

/** What one Control Center lets in. */
export interface GuardOptions {
  readonly port: number;
  /** Where a proxy publishes the page: its host and origin are let in, too. @default nowhere */
  readonly publicUrl?: URL | null;
  /** Known to its own pages only; new at each start. */
  readonly token: string;
}

/** Why a request is turned away. */
export interface Refusal {
  readonly status: 403 | 405 | 415;
  readonly message: string;
}

/**
 * Says why a request must not be answered; undefined when it may.
 *
 * A page of another site can reach this port through the learner's browser, under a name of its own that points to
 * 127.0.0.1, with a form, or as a picture: each of these lacks one of the things asked for here. hono's own `csrf` looks
 * at forms alone, and lets every GET and every JSON post pass.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { refusal } from "./guard.ts";
 * const ask = (headers: HeadersInit, method = "GET") =>
 *   refusal(new Request("http://localhost:9021/api/topics", { method, headers }), { port: 9021, token: "t" });
 * assert.equal(ask({ host: "localhost:9021" }), undefined);
 * assert.equal(ask({ host: "evil.example:9021" })?.status, 403);
 * assert.equal(ask({ host: "localhost:9021", "content-type": "text/plain" }, "POST")?.status, 415);
 * ```
 */
export function refusal(
  request: Request,
  { port, token, publicUrl = null }: GuardOptions,
): Refusal | undefined {
  const { headers, method } = request;
  const host = headers.get("host") ?? "", end = `:${port}`;
  const isOwn = (one: string) => one.endsWith(end) && isLoopback(one.slice(0, -end.length));
  if (!isOwn(host) && host.toLowerCase() !== publicUrl?.host) {
    return no(403, `Cannot answer for the host "${host}": this page is only at localhost:${port}`);
  }
  const origin = headers.get("origin");
  const isOurs = origin === publicUrl?.origin ||
    origin?.startsWith("http://") === true && isOwn(origin.slice("http://".length));
  if (origin !== null && !isOurs) {
    return no(403, `Cannot answer a page of the origin "${origin}"`);
  }
  const site = headers.get("sec-fetch-site");
  const isPage = headers.get("sec-fetch-mode") === "navigate";
  if (site !== null && !["same-origin", "none"].includes(site) && !isPage) {
    return no(403, "Cannot answer a page of another site");
  }
  // A HEAD would begin what a GET begins (a stream without a reader), and would never end.
  if (method === "HEAD" && new URL(request.url).pathname.startsWith("/api/")) {
    return no(405, "Cannot answer HEAD here: use GET");
  }
  if (method === "GET" || method === "HEAD") return undefined;
  if (method !== "POST") return no(405, `Cannot answer ${method}: use GET or POST`);
  if (!/^application\/json(;|$)/i.test(headers.get("content-type") ?? "")) {
    return no(415, "Cannot take this body: it must be application/json");
  }
  if (headers.get("x-taxi-token") !== token) {
    return no(403, "Cannot change anything: the page is older than this server (reload it)");
  }
  return undefined;
}

const no = (status: Refusal["status"], message: string): Refusal => ({ status, message });
