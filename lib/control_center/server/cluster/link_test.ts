import assert from "node:assert/strict";
import { schemaRegistry } from "../../../avro/mod.ts";
import { Link } from "./link.ts";

Deno.test("Link says that the registry is away to all who look at the same time", async () => {
  const link = new Link({
    kafka: { brokers: ["localhost:1"], local: true, ssl: false },
    registry: schemaRegistry({ url: "http://localhost:1", retryForMs: 1 }),
  });
  const said = await Promise.all([1, 2, 3].map(async () => {
    await link.look();
    return (await link.now()).registryTrouble;
  }));
  await link.close();
  for (const one of said) assert.match(one ?? "nothing", /does not answer$/);
});
