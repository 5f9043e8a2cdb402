import assert from "node:assert/strict";
import { topicName } from "./changes.ts";

Deno.test("topicName() takes what Kafka takes, and nothing else", () => {
  assert.equal(
    topicName({ topic: "datatalkclub.yellow_taxi-ride.1" }),
    "datatalkclub.yellow_taxi-ride.1",
  );
  for (
    const topic of ["", ".", "..", "a/b", "a b", "<img>", "x".repeat(250), 7, null, undefined, {}]
  ) {
    assert.throws(() => topicName({ topic }), { name: "TypeError", message: /as a topic name/ });
  }
});
