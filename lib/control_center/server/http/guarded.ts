import type { MiddlewareHandler } from "hono";
import { type GuardOptions, refusal, safetyHeaders } from "./guard.ts";

/** Turns away what the guard refuses, and gives every answer the headers that keep a page safe. */
export function guarded(
  { framedBy, ...guard }: GuardOptions & { readonly framedBy: readonly string[] },
): MiddlewareHandler {
  const page = safetyHeaders(), embedded = safetyHeaders(framedBy);
  return async (c, next) => {
    const no = refusal(c.req.raw, guard);
    if (no) c.res = c.json({ message: no.message }, no.status);
    else await next();
    const headers = c.req.path.startsWith("/embed/") ? embedded : page;
    for (const [name, value] of Object.entries(headers)) c.header(name, value);
  };
}
