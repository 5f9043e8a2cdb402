import assert from "node:assert/strict";
import { closeEarlier } from "./close_earlier.ts";

Deno.test("closeEarlier() closes what had the same group, topics and name, and nothing else", async () => {
  const closed: string[] = [], onConsumer = closeEarlier();
  const make = async (id: string, member: string, group = "g", topics = ["t"]) => {
    await onConsumer({ group, topics, member, close: async () => void await closed.push(id) });
  };
  await make("first", "a");
  await make("another name", "b");
  await make("another group", "a", "h");
  await make("another topic", "a", "g", ["t", "u"]);
  assert.deepEqual(closed, []);
  await make("second", "a");
  assert.deepEqual(closed, ["first"]);
  await make("third", "a");
  assert.deepEqual(closed, ["first", "second"]);
});
