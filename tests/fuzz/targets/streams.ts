/** What streams applications read of their own topics and groups, to which others may write, too. */
import { json, string } from "../../../lib/serde/mod.ts";
import { EncodedValue } from "../../../lib/streams/state/encoded_value.ts";
import { bufferedSerde } from "../../../lib/streams/state/buffered_serde.ts";
import { answerSerde } from "../../../lib/streams/state/foreign_key_serde.ts";
import { pairSerde } from "../../../lib/streams/state/pair_serde.ts";
import { waitingSerde } from "../../../lib/streams/state/waiting_serde.ts";
import { assignTasks } from "../../../lib/streams/runtime/assign_tasks.ts";
import { applicantsOf } from "../../../lib/streams/runtime/group_protocol.ts";
import { fitMetadata, readMetadata } from "../../../lib/streams/runtime/offset_metadata.ts";
import { readTimes } from "../../../lib/streams/task/numbers.ts";
import { windowed } from "../../../lib/streams/topology/windowed_serde.ts";
import type { Serde } from "../../../lib/serde/mod.ts";
import { partsOf, text, textOf } from "../parts.ts";
import type { Target } from "../target.ts";

const TOPIC = "t";

/** A serde as a store's row, its parts decoded as well. */
// deno-lint-ignore no-explicit-any -- of any value.
function rows(name: string, serde: Serde<any>, ...values: unknown[]): Target {
  return {
    name,
    seeds: values.map((value) => serde.encode(value, TOPIC) as Uint8Array),
    decode: (bytes) => {
      // An application takes what its serde throws for a record that cannot be decoded.
      const row = EncodedValue.encoded(bytes, serde, TOPIC);
      return partsOf(all(row.value));
    },
    errors: /^DecodeError: Cannot decode a record of "t": /,
    words: ['"key"', '"start"', '"end"', "60000"],
  };
}

/** The parts of a row are decoded when they are looked at; they are near its top. */
function all(value: unknown, depth = 0): unknown {
  if (value instanceof EncodedValue) return value.value;
  const isFlat = typeof value !== "object" || value === null || value instanceof Uint8Array;
  if (isFlat || depth > 3) return value;
  if (Array.isArray(value)) return value.map((one) => all(one, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [name, all(one, depth + 1)]),
  );
}

const key = { key: "a", start: 0, end: 60_000 };
const value = EncodedValue.of({ a: 1 }), none = EncodedValue.null;
const origin = { topic: "t", partition: 0, offset: 7, headers: [["h", text("x")]] };

export const STREAMS: readonly Target[] = [
  rows("json", json(), { a: [1, null, "x"] }, 1, "text"),
  rows("windowed-json", windowed(string), key),
  rows("windowed-faust", windowed(string, { format: "faust" }), key),
  rows("windowed-java", windowed(string, { format: "java", sizeMs: 60_000 }), key),
  rows("windowed-session", windowed(string, { format: "java", session: true }), key),
  rows("pair", pairSerde(json()), [value, none], [value, value]),
  rows("waiting", waitingSerde(json(), json()), { side: "left", values: [value, value] }),
  rows("answer", answerSerde(json()), { version: "x", partition: 1, value }),
  rows("buffered", bufferedSerde(json()), { turn: 9, value, old: none, prior: value, origin }),
  {
    name: "offset-metadata",
    seeds: [
      text(
        fitMetadata(
          JSON.stringify({ numbers: { time: 1 }, partitions: { t: 2 }, incarnation: "x" }),
        ),
      ),
      text(fitMetadata(JSON.stringify({ numbers: {}, partitions: { ["a".repeat(5_000)]: 2 } }))),
    ],
    decode: (bytes) => partsOf(readTimes(readMetadata(textOf(bytes)))),
    errors: /^none$/,
    most: () => 1 << 20,
    words: ["deflate:", '"numbers"', '"partitions"', '"incarnation"'],
  },
  {
    name: "announced-tasks",
    seeds: ["", '["0_0","0_1"]', '["1_0"]'].map(text),
    decode: (bytes) => {
      const candidates = [
        { memberId: "a", announced: textOf(bytes), topics: [], owned: [] },
        { memberId: "b", announced: '{"tasks":["0_0"]}', topics: [], owned: [] },
      ];
      const given = assignTasks(["0_0", "0_1", "1_0"], applicantsOf(candidates));
      return given.values().reduce((sum, tasks) => sum + tasks.length, 0);
    },
    errors: /^none$/,
    words: ['"0_0"', '"0_1"', '"1_0"', '{"tasks":[', '"standbys":[', '"server":{"url":"http://h"'],
  },
];
