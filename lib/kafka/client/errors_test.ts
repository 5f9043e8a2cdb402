import assert from "node:assert/strict";
import { inPlainWords, isConnectionTrouble, KafkaError, refusal } from "./errors.ts";

function kafkajsError(fields: Record<string, unknown>): Error {
  return Object.assign(new Error(String(fields.message ?? "boom")), fields);
}

Deno.test("inPlainWords() looks behind the wrapping of kafkajs", () => {
  const cause = kafkajsError({ type: "MESSAGE_TOO_LARGE" });
  const outer = kafkajsError({ name: "KafkaJSNumberOfRetriesExceeded", cause });
  const plain = inPlainWords(outer, 'write to topic "t"', { topic: "t", partition: 1 });
  assert.equal(
    plain.message,
    'Cannot write to topic "t": a record is larger than the topic takes (max.message.bytes, 1 MB)',
  );
  assert.deepEqual([plain.code, plain.topic, plain.partition], ["MESSAGE_TOO_LARGE", "t", 1]);
});

Deno.test("inPlainWords() looks into a collection of errors", () => {
  const errors = [kafkajsError({ type: "INVALID_REPLICATION_FACTOR" })];
  const plain = inPlainWords(kafkajsError({ name: "KafkaJSAggregateError", errors }), "create it");
  assert.match(plain.message, /fewer brokers than replicas/);
});

Deno.test("inPlainWords() leaves an error that is plain already as it is", () => {
  const plain = new KafkaError("Cannot do this: that (do it so)");
  assert.equal(inPlainWords(plain, "do something else"), plain);
});

Deno.test("inPlainWords() names the broker that refuses the connection, and the fix", () => {
  const error = kafkajsError({
    name: "KafkaJSConnectionError",
    code: "ECONNREFUSED",
    broker: "localhost:9092",
  });
  assert.equal(
    inPlainWords(error, "list the topics").message,
    'Cannot list the topics: Kafka at "localhost:9092" refuses the connection (run "deno task up")',
  );
});

Deno.test("isConnectionTrouble() tells a broker that is gone from one that refuses", () => {
  assert.equal(isConnectionTrouble(kafkajsError({ name: "KafkaJSConnectionClosedError" })), true);
  assert.equal(isConnectionTrouble(kafkajsError({ name: "KafkaJSProtocolError" })), false);
});

Deno.test("refusal() is Kafka's word, and nothing where Kafka said nothing", () => {
  assert.equal(
    refusal(kafkajsError({ type: "NOT_COORDINATOR_FOR_GROUP" })),
    "NOT_COORDINATOR_FOR_GROUP",
  );
  assert.equal(refusal("text"), undefined);
});
