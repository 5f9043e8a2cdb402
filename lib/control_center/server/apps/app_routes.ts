import { Hono } from "hono";
import { SchemaReaders } from "../records/schema_readers.ts";
import { topicName } from "../http/changes.ts";
import { events } from "../http/events.ts";
import type { Link } from "../cluster/link.ts";
import { tableRows } from "./table_rows.ts";

/** Pages that may follow a table at the same time. */
const FOLLOWERS = 8;

/** Routes to the streams applications: one with everything about it, and the rows of its tables. */
export function appRoutes(link: Link): Hono {
  const app = new Hono();
  const readers = new SchemaReaders(link.registry);
  let followers = 0;
  app.get("/apps/:app", async (c) => {
    const name = c.req.param("app");
    const page = await link.app(name);
    return page ? c.json(page) : c.json({ message: "There is no application of this name" }, 404);
  });
  app.get("/apps/:app/tables/:table", async (c) => {
    const { app: name, table } = c.req.param();
    const find = (c.req.query("find") ?? "").slice(0, 200);
    const store = (await link.topology(name))?.stores.find((one) => one.name === table);
    if (!store?.changelog) return c.json({ message: "There is no such table" }, 404);
    const changelog = topicName({ topic: store.changelog });
    if (followers >= FOLLOWERS) {
      throw new Error(`Cannot follow more than ${FOLLOWERS} tables at once`);
    }
    return events(c, link.closed, async (send, signal) => {
      followers++;
      try {
        await tableRows(await link.kafka(), {
          changelog,
          find,
          signal,
          bySchema: readers.of(changelog),
          onPart: (part) => send("rows", part),
        });
      } finally {
        followers--;
      }
    });
  });
  return app;
}
