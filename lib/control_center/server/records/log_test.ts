import assert from "node:assert/strict";
import type { BatchHeader, LogRecord } from "../../../kafka/engine.ts";
import { logEntries } from "./log.ts";

const record = (offset: number): LogRecord => ({
  offset,
  key: null,
  value: null,
  timestamp: offset,
});

const header = (
  firstOffset: number,
  lastOffset: number,
  producer = -1,
  marker: BatchHeader["marker"] = null,
): BatchHeader => ({
  ...{ firstOffset, lastOffset, timestamp: firstOffset, marker },
  ...{ producerId: BigInt(producer), isTransactional: producer >= 0 },
});

/** A line for each entry: `3 open of 7`, `◆4 aborted`, `5–6 gone`. */
const words = (entries: ReturnType<typeof logEntries>) =>
  entries.map((one) => {
    if (one.kind === "hole") return `${one.from}–${one.to} gone`;
    const { state = "", producer = "", first = null } = one.transaction ?? {};
    return one.kind === "marker"
      ? `◆${one.offset} ${state} of ${producer} since ${first}`
      : `${one.record.offset}${state && ` ${state} of ${producer}`}`;
  });

Deno.test("logEntries() says what each transaction came to, however they are interleaved", () => {
  const headers = [
    header(0, 0),
    header(1, 2, 7),
    header(3, 3, 8),
    header(4, 4, 7, "commit"),
    header(5, 5, 8, "abort"),
    header(6, 6, 7),
    header(7, 7, 9),
  ];
  const records = [0, 1, 2, 3, 6, 7].map(record);
  assert.deepEqual(words(logEntries(headers, records, { from: 0, to: 8 })), [
    "0",
    "1 committed of 7",
    "2 committed of 7",
    "3 aborted of 8",
    "◆4 committed of 7 since 1",
    "◆5 aborted of 8 since 3",
    "6 open of 7",
    "7 open of 9",
  ]);
  // As it was when the log ended at 5, one of them was still open.
  assert.deepEqual(words(logEntries(headers, records, { from: 2, to: 5 })), [
    "2 committed of 7",
    "3 open of 8",
    "◆4 committed of 7 since 2",
  ]);
});

Deno.test("logEntries() shows what compaction took, in batches, between them and at the ends", () => {
  const headers = [header(2, 6), header(9, 9, 7, "commit"), header(11, 12)];
  const records = [3, 4, 11].map(record);
  assert.deepEqual(words(logEntries(headers, records, { from: 0, to: 14 })), [
    ...["0–2 gone", "3", "4", "5–8 gone", "◆9 committed of 7 since null"],
    ...["10–10 gone", "11", "12–13 gone"],
  ]);
});
