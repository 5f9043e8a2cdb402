import { type Context, Hono } from "hono";
import type { JourneyPart } from "../../contract.ts";
import { SchemaReaders } from "../records/schema_readers.ts";
import { topicName } from "../http/changes.ts";
import { events, type SendEvent } from "../http/events.ts";
import type { Link } from "../cluster/link.ts";
import { journey, topicsInOrder } from "./journey.ts";
import { tableRows } from "./table_rows.ts";

/** Pages that may follow a table or a key at the same time. */
const FOLLOWERS = 8;

/** Routes to the streams applications: one with everything about it, and the rows of its tables. */
export function appRoutes(link: Link): Hono {
  const app = new Hono();
  const readers = new SchemaReaders(link.registry);
  let followers = 0;
  const follow = (c: Context, to: (send: SendEvent, signal: AbortSignal) => Promise<void>) => {
    if (followers >= FOLLOWERS) {
      throw new Error(`Cannot follow more than ${FOLLOWERS} tables and keys at once`);
    }
    return events(c, link.closed, async (send, signal) => {
      followers++;
      await to(send, signal).finally(() => followers--);
    });
  };
  app.get("/apps/:app", async (c) => {
    const name = c.req.param("app");
    // A page opened by its address asks before the first look has found the application: that is no error.
    return c.json(await link.app(name) ?? null);
  });
  app.get("/apps/:app/journey", async (c) => {
    const key = (c.req.query("key") ?? "").slice(0, 300);
    const topology = await link.topology(c.req.param("app"));
    if (!topology || key === "") return c.json({ message: "There is no such journey" }, 404);
    return follow(c, async (send, signal) => {
      const bySchema = (topic: string) => readers.of(topic);
      const topics = topicsInOrder(topology);
      const onPart = (part: JourneyPart) => send("journey", part);
      await journey(await link.kafka(), { key, topics, bySchema, onPart, signal });
    });
  });
  app.get("/apps/:app/tables/:table", async (c) => {
    const { app: name, table } = c.req.param();
    const find = (c.req.query("find") ?? "").slice(0, 200);
    const store = (await link.topology(name))?.stores.find((one) => one.name === table);
    if (!store?.changelog) return c.json({ message: "There is no such table" }, 404);
    const changelog = topicName({ topic: store.changelog });
    return follow(c, async (send, signal) => {
      await tableRows(await link.kafka(), {
        changelog,
        find,
        signal,
        bySchema: readers.of(changelog),
        onPart: (part) => send("rows", part),
      });
    });
  });
  return app;
}
