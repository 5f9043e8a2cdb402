import { Hono } from "hono";
import * as changes from "./changes.ts";
import { readJson } from "./guard.ts";
import type { Link } from "../cluster/link.ts";
import { verdictInWords } from "../schemas/schemas.ts";

/** Routes that change something: JSON posts only, let in by the guard. */
export function changing(link: Link): Hono {
  const app = new Hono();
  const on = (path: string, change: (wish: changes.Wish) => unknown) =>
    app.post(path, async (c) => {
      const done = await change(await readJson(c.req.raw));
      await link.look();
      return c.json(done ?? {});
    });
  on("/topics/create", async (wish) => await changes.createTopic(await link.kafka(), wish));
  on("/topics/change", async (wish) => await changes.changeTopic(await link.kafka(), wish));
  on("/topics/delete", async (wish) => await changes.deleteTopic(await link.kafka(), wish));
  on("/topics/empty", async (wish) => await changes.clearTopic(await link.kafka(), wish));
  on(
    "/topics/produce",
    async (wish) => await changes.produce(await link.kafka(), link.registry, wish),
  );
  on("/groups/reset", async (wish) => await changes.resetGroup(await link.kafka(), wish));
  on("/groups/delete", async (wish) => await changes.deleteGroup(await link.kafka(), wish));
  on("/schemas/mode", (wish) => changes.setMode(link.registry, wish));
  on(
    "/schemas/check",
    async (wish) => verdictInWords(await changes.checkSchema(link.registry, wish)),
  );
  return app;
}
