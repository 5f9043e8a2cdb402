import assert from "node:assert/strict";
import {
  inPlainWords,
  isConnectionTrouble,
  isLoginRefused,
  KafkaError,
  refusal,
} from "./errors.ts";

function kafkajsError(fields: Record<string, unknown>): Error {
  return Object.assign(new Error(String(fields.message ?? "boom")), fields);
}

Deno.test("inPlainWords() looks behind the wrapping of kafkajs", () => {
  const cause = kafkajsError({ type: "MESSAGE_TOO_LARGE" });
  const outer = kafkajsError({ name: "KafkaJSNumberOfRetriesExceeded", cause });
  const plain = inPlainWords(outer, 'write to topic "t"', { topic: "t", partition: 1 });
  assert.equal(
    plain.message,
    'Cannot write to topic "t": a record is larger than the topic takes (raise its max.message.bytes)',
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
    'Cannot list the topics: Kafka at "localhost:9092" refuses the connection (is it running?)',
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

Deno.test("inPlainWords() names the right that is missing: operation, resource, name", () => {
  const words = (type: string, place: Parameters<typeof inPlainWords>[2]) =>
    inPlainWords(kafkajsError({ type }), "go on", place).message;
  const topic = { topic: "t", operation: "Write" } as const;
  assert.equal(
    words("TOPIC_AUTHORIZATION_FAILED", topic),
    'Cannot go on: this user needs Write on topic "t" (grant it)',
  );
  assert.match(words("GROUP_AUTHORIZATION_FAILED", { group: "g" }), /needs Read on group "g"/);
  assert.match(
    words("TRANSACTIONAL_ID_AUTHORIZATION_FAILED", { transactionalId: "x" }),
    /needs Write on transactional id "x"/,
  );
});

Deno.test("inPlainWords() passes the broker's sentence on, in the house's words where it has some", () => {
  const words = (type: string, said: string) =>
    inPlainWords(kafkajsError({ type, said }), "create it", { topic: "my_topic" }).message;
  assert.equal(
    words("INVALID_CONFIG", "Unknown topic config name: shape"),
    "Cannot create it: Kafka refuses a setting: Unknown topic config name: shape",
  );
  assert.match(
    words("POLICY_VIOLATION", "Config property 'segment.bytes' is not allowed"),
    /segment/,
  );
  assert.equal(
    words("INVALID_TOPIC_EXCEPTION", "Topic 'my_topic' collides with existing topics: my.topic"),
    'Cannot create it: "my_topic" counts as the same name as the topic "my.topic", as dots and ' +
      "underscores are one to Kafka's metrics (choose another name)",
  );
  assert.match(
    words("INVALID_TOPIC_EXCEPTION", "Topic name is invalid"),
    /the name is not allowed/,
  );
  assert.match(
    words(
      "INVALID_RECORD",
      "Compacted topic cannot accept message without key in topic partition t-0.",
    ),
    /a compacted topic takes no record without a key/,
  );
  assert.equal(words("SOMETHING_NEW", "It is so."), "Cannot create it: It is so");
});

Deno.test("isLoginRefused() is false where the connection broke while the user logged in", () => {
  const sasl = (message: string) =>
    Object.assign(new Error(`SASL PLAIN authentication failed: ${message}`), {
      name: "KafkaJSSASLAuthenticationError",
    });
  const refused = sasl("Authentication failed: Invalid username or password");
  const broken = sasl("Connection closed by the server");
  assert.deepEqual([refused, broken].map(isLoginRefused), [true, false]);
  assert.deepEqual([refused, broken].map(isConnectionTrouble), [false, true]);
  assert.match(inPlainWords(refused, "write").message, /the password is wrong/);
  assert.match(
    inPlainWords(broken, "write").message,
    /^Cannot write: Kafka closed the connection$/,
  );
});
