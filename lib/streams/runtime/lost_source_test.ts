import assert from "node:assert/strict";
import { KafkaError } from "../../kafka/mod.ts";
import { keepsProgress, replacedSource } from "./lost_source.ts";

Deno.test("keepsProgress() says what a worker commits when it ends", () => {
  const fenced = new KafkaError("Cannot stay in group", { code: "FENCED_INSTANCE_ID" });
  const cases = [
    ["it was stopped", undefined, true, true],
    ["a record cannot be processed", new Error("no"), true, false],
    ["the offsets are of a topic that is gone", replacedSource("app", "t"), false, false],
    ["another worker has the tasks", fenced, false, false],
  ] as const;
  for (const [why, failure, atLeastOnce, exactlyOnce] of cases) {
    assert.equal(keepsProgress(failure, "at-least-once"), atLeastOnce, why);
    assert.equal(keepsProgress(failure, "exactly-once"), exactlyOnce, why);
  }
});
