/** What the Control Center shows of bytes and texts that anybody may have written. */
import {
  fieldFilter,
  fieldMatches,
} from "../../../lib/control_center/server/records/field_filter.ts";
import { layOut, visible } from "../../../lib/control_center/server/records/visible.ts";
import { payload } from "../../../lib/control_center/server/records/payload.ts";
import { readView } from "../../../lib/control_center/server/records/place.ts";
import {
  descriptorJson,
  isDescriptor,
  protobufReader,
} from "../../../lib/control_center/server/records/protobuf.ts";
import { contains, recordLine } from "../../../lib/control_center/server/records/record_line.ts";
import { KnownApp } from "../../../lib/control_center/server/apps/known_app.ts";
import { appPage } from "../../../lib/control_center/server/apps/app_page.ts";
import {
  overlaid,
  readShareState,
} from "../../../lib/control_center/server/cluster/share_state.ts";
import { layout } from "../../../lib/control_center/page/topology_layout.ts";
import { lineDifference } from "../../../lib/control_center/page/line_difference.ts";
import { partsOf, text, textOf } from "../parts.ts";
import type { Target } from "../target.ts";

const PROTO = `syntax = "proto3"; package taxi;
message Ride { int32 vendor_id = 1; double total = 2; repeated sint64 legs = 4; map<string, uint32> tags = 5;
  Kind kind = 6; bytes raw = 7; oneof place { string address = 8; Zone zone = 9; } Ride before = 11;
  message Zone { int32 id = 1; } enum Kind { UNKNOWN = 0; STREET = 1; } fixed64 big = 10; }`;
const DESCRIPTOR = "CgphLnByb3RvEgF0IhkKBFJpZGUSEQoJdmVuZG9yX2lkGAEgASgFYgZwcm90bzM=";
const RIDE = Uint8Array.fromHex(
  "000802113d0ad7a370bd4d40220301d8042a050a0161100130013a0200ff4a03088401510000000000000080",
);

const WORKER = {
  ...{ kind: "worker", app: "a", worker: "w", name: "w", host: "h", process: 1, memberId: null },
  ...{ guarantee: "at-least-once", state: "running", startedMs: 0, atMs: 1 },
  tasks: [{
    ...{ task: "0_0", state: "running", processed: 1, errors: 0, streamTimeMs: 0, rows: { s: 1 } },
    inputs: [{ topic: "t", partition: 0, lag: 1 }],
    nodes: { n: { received: 1, emitted: 1, dropped: { late: 1 } } },
  }],
};
const TOPOLOGY = {
  kind: "topology",
  atMs: 1,
  topology: {
    app: "a",
    boxes: ["a", "b", "c"].map((id) => ({ id, kind: "step", label: id, subTopology: 0 })),
    arrows: [["a", "b"], ["b", "c"], ["c", "a"]].map(([from, to]) => ({ from, to, kind: "flow" })),
    stores: [{ name: "s", changelog: null, layout: "key" }],
    partitions: { t: 1 },
  },
};
const STATUSES = [WORKER, TOPOLOGY].map((one) => text(JSON.stringify(one)));
const STATUS_WORDS = [
  ...["kind", "worker", "topology", "tasks", "nodes", "inputs", "rows", "boxes", "arrows", "flow"],
  ...["state", "received", "dropped", "from", "to", "stores", "subTopology", "restored", "a", "b"],
].map((one) => `"${one}"`);

const record = (value: Uint8Array) => ({
  ...{ topic: "t", partition: 0, offset: 0, timestamp: 0, key: value.subarray(0, 9), value },
  headers: [["h", value.subarray(0, 20)]] as [string, Uint8Array][],
});
const reader = protobufReader({ text: PROTO });

/** An update of what a share group has done with two batches of records. */
const SHARE_KEY = Uint8Array.fromHex(`0001000167${"00".repeat(16)}00000002`);
const SHARE_STATE = Uint8Array.fromHex(
  "0000" + "0000000100000002" + "0000000000000005" +
    "03" + "0000000000000005" + "0000000000000007" + "00" + "0002" + "00" +
    "0000000000000008" + "0000000000000008" + "02" + "0001" + "00" + "00",
);

export const CONTROL_CENTER: readonly Target[] = [
  {
    name: "status-record",
    seeds: STATUSES,
    decode: (bytes) => {
      const app = new KnownApp();
      for (const [at, one] of [...STATUSES, bytes, ...STATUSES].entries()) {
        app.add("w", one, { nowMs: at * 1_000, isNow: true });
      }
      const page = appPage("a", app, { nowMs: 9_000, group: undefined });
      return partsOf(page) + layout(page, 900).boxes.length;
    },
    errors: /^none$/,
    words: STATUS_WORDS,
  },
  {
    name: "payload",
    seeds: [...STATUSES, RIDE, text("text"), Uint8Array.of(0, 0, 0, 1), new Uint8Array(8).fill(1)],
    decode: async (bytes) => {
      const { text } = await payload(bytes, { chars: 65_536 }),
        line = await recordLine(record(bytes));
      await contains(record(bytes), "vendorId = 2");
      return (text.length + line.value.text.length) / 8;
    },
    errors: /^none$/,
    words: ['"key"', '"start"', '"end"', "\u202e", "\u200d", "1609459200000"],
  },
  {
    name: "protobuf",
    seeds: [RIDE, Uint8Array.fromHex("0400000807"), Uint8Array.of(0, 8, 2)],
    decode: (bytes) => partsOf(reader.read(bytes).value),
    errors: /^(Error|RangeError|TypeError|SyntaxError): /,
  },
  {
    name: "protobuf-schema",
    seeds: [text(PROTO), text(DESCRIPTOR)],
    decode: (bytes) => {
      const source = textOf(bytes);
      const parts = isDescriptor(source) ? descriptorJson(source).length : 0;
      protobufReader({ text: source });
      return parts;
    },
    errors: /^(Error|RangeError|TypeError|SyntaxError|ReferenceError): /,
    words: [
      "message",
      "enum",
      "oneof",
      "map<string,int32>",
      "repeated",
      "import",
      "option",
      "extend",
      "extensions 1 to max;",
      "reserved",
      "group",
      "{",
      "}",
      ";",
      "= 1",
    ],
  },
  {
    name: "share-state",
    seeds: [SHARE_STATE],
    decode: (bytes) => {
      const kept = readShareState(SHARE_KEY, SHARE_STATE), state = readShareState(SHARE_KEY, bytes);
      readShareState(bytes, SHARE_STATE);
      return partsOf(overlaid(kept!.batches, state?.batches ?? []));
    },
    errors: /^none$/,
  },
  {
    name: "field-filter",
    seeds: ["vendorId = 2", "ride.amount >= 12.5", 'a != "x"', "to the airport"].map(text),
    decode: (bytes) => {
      const filter = fieldFilter(textOf(bytes));
      return filter ? partsOf(filter) + Number(fieldMatches(TOPOLOGY, filter)) : 0;
    },
    errors: /^none$/,
    words: ["=", "!=", ">=", " ", "topology", ".", '"'],
  },
  {
    name: "view-query",
    seeds: [
      "from=offset:0&partition=1&max=100",
      "from=next:0.12_1.9&filter=a",
      "from=time:1&until=9",
    ].map(text),
    decode: (bytes) => partsOf(readView(new URLSearchParams(textOf(bytes)))),
    errors: /^SyntaxError: Cannot (read from|use) "/,
    words: ["from=", "next:", "newest:", "offset:", "valueAs=", "&", "max=", "_", "."],
  },
  {
    name: "json-laid-out",
    seeds: STATUSES,
    decode: (bytes) => {
      const source = textOf(bytes);
      return (visible(source).length + layOut(source).length) / 8;
    },
    errors: /^none$/,
    words: STATUS_WORDS,
  },
  {
    name: "schema-difference",
    seeds: [text('{\n"a": 1,\n"b": 2\n}\f{\n"a": 1,\n"c": 2\n}')],
    decode: (bytes) => {
      const [before = "", after = ""] = textOf(bytes).split("\f");
      return partsOf(lineDifference(before, after));
    },
    errors: /^none$/,
    words: ["\n", "\f", '"a": 1,', "{"],
  },
];
