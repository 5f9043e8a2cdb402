import assert from "node:assert/strict";
import type { BadRecord, Kafka } from "../lib/kafka/mod.ts";
import { DecodeErrors } from "./_decode_errors.ts";

Deno.test("DecodeErrors lets no record that it left out write to the terminal", async () => {
  const lines: string[] = [];
  const unread = new DecodeErrors({} as Kafka, "skip", (line) => lines.push(line));
  const cause = new SyntaxError("Unexpected token '\u009b', \"\u001b[2J\" is not valid JSON");
  const record = { topic: "t", partition: 0, offset: 7 };
  await unread.handle({ record, error: new Error("no value", { cause }) } as unknown as BadRecord);
  assert.deepEqual(lines, [
    "the record at t-0-7 is left out: Unexpected token '\\u009b', \"\\u001b[2J\" is not valid JSON",
  ]);
  assert.equal(unread.count, 1);
});
