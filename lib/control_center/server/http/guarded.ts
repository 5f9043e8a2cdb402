import type { MiddlewareHandler } from "hono";
import { secureHeaders } from "hono/secure-headers";
import { type GuardOptions, refusal } from "./guard.ts";

/** Turns away what the guard refuses, and gives every answer the headers that keep a page safe. */
export function guarded(
  { framedBy, ...guard }: GuardOptions & { readonly framedBy: readonly string[] },
): MiddlewareHandler {
  const page = safeHeaders(), embedded = safeHeaders(framedBy);
  return (c, next) =>
    (c.req.path.startsWith("/embed/") ? embedded : page)(c, async () => {
      const no = refusal(c.req.raw, guard);
      if (no) c.res = c.json({ message: no.message }, no.status);
      else await next();
      c.header("cache-control", "no-store");
    });
}

/** Nothing from elsewhere runs, nothing is sent elsewhere, and only these origins may show the page in a frame. */
function safeHeaders(framedBy: readonly string[] = []): MiddlewareHandler {
  return secureHeaders({
    contentSecurityPolicy: {
      defaultSrc: ["'none'"],
      scriptSrc: ["'self'"],
      styleSrc: ["'self'"],
      imgSrc: ["'self'", "data:"],
      connectSrc: ["'self'"],
      baseUri: ["'none'"],
      formAction: ["'none'"],
      frameAncestors: framedBy.length === 0 ? ["'none'"] : ["'self'", ...framedBy],
    },
    xFrameOptions: framedBy.length === 0 ? "DENY" : false,
    // The page has no certificate: there is nothing to be strict about.
    strictTransportSecurity: false,
  });
}
