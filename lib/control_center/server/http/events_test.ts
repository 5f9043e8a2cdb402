import assert from "node:assert/strict";
import { Hono } from "hono";
import { events, type SendEvent } from "./events.ts";

/** A server of one stream, and what its follower does until it ends. */
function streaming(
  follow: (send: SendEvent, gone: AbortSignal) => Promise<void>,
  options: { readonly takesWithinMs?: number } = {},
) {
  const app = new Hono(), ended = new AbortController(), over = Promise.withResolvers<unknown>();
  let begun = 0;
  app.get("/live", (c) =>
    events(c, ended.signal, async (send, gone) => {
      begun++;
      await follow(send, gone).then(over.resolve, (error) => {
        over.resolve(error);
        throw error;
      });
    }, options));
  return { app, over: over.promise, begun: () => begun };
}

Deno.test("events() begins nothing for a HEAD, however often it is asked", async () => {
  const { app, begun } = streaming(() => new Promise(() => {}));
  for (let i = 0; i < 20; i++) {
    const { status, headers, body } = await app.request("/live", { method: "HEAD" });
    assert.deepEqual([status, headers.get("content-type"), body], [200, "text/event-stream", null]);
  }
  assert.equal(begun(), 0);
});

Deno.test("events() sends what a page reads, and tells of an error", async () => {
  const { app } = streaming(async (send) => {
    await send("now", { a: 1 });
    throw new Error("no Kafka");
  });
  const text = await (await app.request("/live")).text();
  assert.match(text, /^event: now\ndata: {"a":1}\n\nevent: failed\ndata: {"message":"no Kafka"}/);
});

Deno.test("events() takes the place of a page that takes nothing for another", async () => {
  const { app, over } = streaming(async (send) => {
    for (;;) await send("now", "x".repeat(1_000));
  }, { takesWithinMs: 1 });
  const { body } = await app.request("/live");
  assert.match(String(await over), /The page takes nothing/);
  await body!.cancel();
});

Deno.test("events() ends with the page", async () => {
  const { app, over } = streaming((_, gone) =>
    new Promise((resolve) => gone.addEventListener("abort", () => resolve()))
  );
  const { body } = await app.request("/live");
  await body!.cancel();
  assert.equal(await over, undefined);
});
