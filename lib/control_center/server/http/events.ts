import type { Context } from "hono";
import { streamSSE } from "hono/streaming";

/** Sends one event to a page; resolves when the page has room for the next. */
export type SendEvent = (event: string, data: unknown, id?: string) => Promise<void>;

/** A page that went away without a word is noticed by writing to it. */
const BEAT_EVERY_MS = 10_000;

/**
 * Answers with server-sent events until `follow` ends.
 *
 * @param follow Its error becomes an event `failed`. `gone` aborts when the page has gone, or the server ends.
 */
export function events(
  c: Context,
  ended: AbortSignal,
  follow: (send: SendEvent, gone: AbortSignal) => Promise<void>,
): Response {
  return streamSSE(c, async (stream) => {
    const left = new AbortController();
    stream.onAbort(() => left.abort());
    const beat = setInterval(() => void stream.write(": beat\n\n"), BEAT_EVERY_MS);
    const send: SendEvent = (event, data, id) =>
      stream.writeSSE({ event, data: JSON.stringify(data), ...(id === undefined ? {} : { id }) });
    try {
      await follow(send, AbortSignal.any([left.signal, ended]));
    } catch (error) {
      await send("failed", { message: error instanceof Error ? error.message : "failed" });
    } finally {
      clearInterval(beat);
    }
  });
}
