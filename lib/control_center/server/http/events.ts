import type { Context } from "hono";
import { streamSSE } from "hono/streaming";
import { deadline } from "../../../async/mod.ts";

/** Sends one event to a page; resolves when the page has room for the next. */
export type SendEvent = (event: string, data: unknown, id?: string) => Promise<void>;

/** A page that went away without a word is noticed by writing to it. */
const BEAT_EVERY_MS = 10_000;
/** After so long without taking what it is sent, a page has gone: its place is another's. */
const TAKES_WITHIN_MS = 60_000;

/**
 * Answers with server-sent events until `follow` ends. A HEAD request gets the headers alone, and nothing begins.
 *
 * @param follow Its error becomes an event `failed`. `gone` aborts when the page has gone, or the server ends.
 */
export function events(
  c: Context,
  ended: AbortSignal,
  follow: (send: SendEvent, gone: AbortSignal) => Promise<void>,
  { takesWithinMs = TAKES_WITHIN_MS } = {},
): Response {
  // hono runs the route of a GET, and would leave its stream unread for ever.
  if (c.req.raw.method === "HEAD") {
    return c.body(null, 200, { "content-type": "text/event-stream" });
  }
  return streamSSE(c, async (stream) => {
    const left = new AbortController();
    stream.onAbort(() => left.abort());
    const beat = setInterval(() => void stream.write(": beat\n\n"), BEAT_EVERY_MS);
    const send: SendEvent = async (event, data, id) => {
      const one = { event, data: JSON.stringify(data), ...(id === undefined ? {} : { id }) };
      try {
        await deadline(
          stream.writeSSE(one),
          takesWithinMs,
          () => new Error("The page takes nothing"),
        );
      } catch (error) {
        left.abort();
        throw error;
      }
    };
    try {
      await follow(send, AbortSignal.any([left.signal, ended]));
    } catch (error) {
      const message = error instanceof Error ? error.message : "failed";
      if (!left.signal.aborted) await send("failed", { message });
    } finally {
      clearInterval(beat);
    }
  });
}
