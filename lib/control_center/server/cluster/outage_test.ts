import assert from "node:assert/strict";
import { Outage } from "./outage.ts";

const AWAY = "Kafka at kafka:9092 does not answer";
const outage = () => new Outage(["kafka:9092"]);
const refused = new Error("Connection error: connect ECONNREFUSED 127.0.0.1:9092");

Deno.test("Outage tells at once of a Kafka that was never there", () => {
  const kafka = outage();
  assert.equal(kafka.words, null);
  kafka.failed(0, refused);
  assert.equal(kafka.words, AWAY);
});

Deno.test("Outage says nothing while a leader that is lost becomes another's", () => {
  const kafka = outage();
  kafka.answered();
  for (const atMs of [1_000, 2_000, 5_999]) kafka.failed(atMs, refused);
  assert.equal(kafka.words, null);
  kafka.answered();
  kafka.failed(60_000, new Error("This server is not the leader for that topic-partition"));
  assert.equal(kafka.words, null);
});

Deno.test("Outage tells of a Kafka that has answered nothing for five seconds, until it answers", () => {
  const kafka = outage();
  kafka.answered();
  kafka.failed(1_000);
  kafka.failed(6_000);
  assert.equal(kafka.words, AWAY);
  kafka.failed(6_100, refused);
  assert.equal(kafka.words, AWAY);
  kafka.answered();
  assert.equal(kafka.words, null);
});

Deno.test("Outage passes on words that say what to do, the newest of them, and no socket's", () => {
  const kafka = outage();
  const words = 'Cannot reach Kafka at "kafka:9092": connection refused (run "deno task up")';
  kafka.failed(0, refused);
  kafka.failed(1, new Error(words));
  assert.equal(kafka.words, words);
  kafka.failed(2, refused);
  assert.equal(kafka.words, words);
});
