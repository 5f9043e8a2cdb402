import assert from "node:assert/strict";
import { Kafka } from "../client/connect.ts";
import { KafkaError } from "../client/errors.ts";
import { TransactionSession } from "./transaction_session.ts";

Deno.test("TransactionSession waits for a broker that is away when it begins, until it is closed", async () => {
  const listener = Deno.listen({ hostname: "localhost", port: 0 });
  const sixth = Promise.withResolvers<void>();
  const turnsAway = (async () => {
    let tries = 0;
    for await (const caller of listener) {
      caller.close();
      if (++tries === 6) sixth.resolve();
    }
  })();
  const brokers = [`localhost:${listener.addr.port}`];
  const kafka = new Kafka({ brokers, local: false, ssl: false }, { onNotice: () => {} });
  const session = new TransactionSession(kafka, "t");
  const begun = session.begin();
  await Promise.race([sixth.promise, begun]);
  await session.close();
  await assert.rejects(begun, (error) => error instanceof KafkaError && error.retriable);
  listener.close();
  await turnsAway;
});
