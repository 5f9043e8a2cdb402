import assert from "node:assert/strict";
import Batch from "kafkajs/src/consumer/batch.js";
import { markAborted, type TransactionalMessage } from "./aborted.ts";

const ABORT = new Uint8Array([0, 0, 0, 0]), COMMIT = new Uint8Array([0, 0, 0, 1]);

/** `a` and `b` are records of producers a and b; `a!` and `b!` abort, `a.` and `b.` commit what stands before. */
function log(text: string): TransactionalMessage[] {
  return text.split(" ").map((word, offset) => ({
    offset: `${offset}`,
    key: word[1] === "!" ? ABORT : word[1] === "." ? COMMIT : null,
    isControlRecord: word.length > 1,
    batchContext: { producerId: word[0]!, inTransaction: true },
  }));
}

/** Offsets that a read-committed consumer of kafkajs is given. */
function committed(text: string, { aborted, from = 0 }: {
  readonly aborted: readonly (readonly [producer: string, first: number])[];
  readonly from?: number;
}): number[] {
  const part = {
    messages: log(text),
    abortedTransactions: aborted.map(([producerId, first]) => ({
      producerId,
      firstOffset: `${first}`,
    })),
  };
  markAborted(part);
  const batch = new Batch("topic", `${from}`, part);
  return batch.messages.map(({ offset }: TransactionalMessage) => Number(offset));
}

Deno.test("markAborted() drops aborted records, whoever ended first", () => {
  // The broker tells of b first: its transaction ended first.
  const aborted = [["b", 1], ["a", 0]] as const;
  assert.deepEqual(committed("a b b! a a! a b a. b.", { aborted }), [5, 6]);
});

Deno.test("markAborted() drops aborted records that began before the first one read", () => {
  const aborted = [["a", 0], ["b", 1], ["a", 4]] as const;
  assert.deepEqual(committed("a b a! b a b! a! a a.", { aborted, from: 3 }), [7]);
});

Deno.test("markAborted() does not take a key of four zero bytes for the end of a transaction", () => {
  const part = {
    messages: log("a a a!"),
    abortedTransactions: [{ producerId: "a", firstOffset: "0" }],
  };
  part.messages[0]!.key = ABORT;
  markAborted(part);
  assert.deepEqual(new Batch("topic", "0", part).messages, []);
});

Deno.test("markAborted() keeps what a producer wrote outside transactions", () => {
  const part = {
    messages: log("a b a!"),
    abortedTransactions: [{ producerId: "a", firstOffset: "0" }],
  };
  part.messages[1]!.batchContext = { producerId: "-1", inTransaction: false };
  markAborted(part);
  assert.equal(new Batch("topic", "0", part).messages.length, 1);
});
