/** Writes server-sent events to one page. */
export interface EventWriter {
  /** Whether the page has taken what was sent so far. */
  readonly isReady: boolean;
  send(event: string, data: unknown, id?: string): void;
  close(): void;
}

/**
 * Answers with server-sent events.
 *
 * @param begin Gets the writer, and a signal that the page has gone. Its failure becomes an event `failed`.
 */
export function events(
  begin: (writer: EventWriter, gone: AbortSignal) => void | Promise<void>,
): Response {
  const gone = new AbortController();
  const encoder = new TextEncoder();
  let beat: ReturnType<typeof setInterval> | undefined;
  const end = () => {
    clearInterval(beat);
    gone.abort();
  };
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      const write = (text: string) => {
        if (!gone.signal.aborted) controller.enqueue(encoder.encode(text));
      };
      const writer: EventWriter = {
        get isReady() {
          return (controller.desiredSize ?? 0) > 0;
        },
        send: (event, data, id) =>
          write(
            `${id === undefined ? "" : `id: ${id}\n`}event: ${event}\ndata: ${
              JSON.stringify(data)
            }\n\n`,
          ),
        close() {
          if (gone.signal.aborted) return;
          end();
          controller.close();
        },
      };
      // A page that went away without a word is noticed by writing to it.
      beat = setInterval(() => write(": beat\n\n"), 10_000);
      void (async () => {
        try {
          await begin(writer, gone.signal);
        } catch (error) {
          writer.send("failed", { message: error instanceof Error ? error.message : "failed" });
          writer.close();
        }
      })();
    },
    cancel: end,
  }, { highWaterMark: 4 });
  return new Response(body, { headers: { "content-type": "text/event-stream; charset=utf-8" } });
}
