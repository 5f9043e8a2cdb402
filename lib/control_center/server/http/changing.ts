import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import * as changes from "./changes.ts";
import type { Link } from "../cluster/link.ts";
import { verdictInWords } from "../schemas/schemas.ts";

/** Largest body of a request: room for a large schema. */
export const BODY_BYTES = 262_144;

/** Routes that change something: JSON posts only, let in by the guard. */
export function changing(link: Link): Hono {
  const app = new Hono();
  app.use(bodyLimit({
    maxSize: BODY_BYTES,
    onError: (c) =>
      c.json({ message: `Cannot take this body: it is larger than ${BODY_BYTES} bytes` }, 413),
  }));
  const on = (path: string, change: (wish: changes.Wish) => unknown) =>
    app.post(path, async (c) => {
      const done = await change(wishIn(await c.req.json()));
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
  on("/groups/forget", async (wish) => await changes.forgetOffsets(await link.kafka(), wish));
  on("/groups/delete", async (wish) => await changes.deleteGroup(await link.kafka(), wish));
  on("/schemas/register", (wish) => changes.registerSchema(link.registry, wish));
  on("/schemas/delete", (wish) => changes.deleteSchema(link.registry, wish));
  on("/schemas/mode", (wish) => changes.setMode(link.registry, wish));
  on(
    "/schemas/check",
    async (wish) => verdictInWords(await changes.checkSchema(link.registry, wish)),
  );
  return app;
}

/** The fields of a JSON object, and none that every object has. @throws {SyntaxError} If it is something else. */
function wishIn(body: unknown): changes.Wish {
  if (typeof body === "object" && body !== null && !Array.isArray(body)) {
    return Object.assign(Object.create(null), body);
  }
  throw new SyntaxError("Cannot take this body: it is not a JSON object");
}
