/** Work grows with what came, not with its square: each input is doubled twice, and steps are counted, not time. */
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { decodeBinary, mismatches, parseSchema, typescriptOf } from "../../lib/avro/mod.ts";
import type { Json } from "../../lib/avro/schema.ts";
import { parseWriterSchema } from "../../lib/avro/writer_schema.ts";
import { layout } from "../../lib/control_center/page/topology_layout.ts";
import { lineDifference } from "../../lib/control_center/page/line_difference.ts";
import { appPage } from "../../lib/control_center/server/apps/app_page.ts";
import { KnownApp } from "../../lib/control_center/server/apps/known_app.ts";
import { History } from "../../lib/control_center/server/cluster/history.ts";
import { overlaid } from "../../lib/control_center/server/cluster/share_state.ts";
import { groupLine } from "../../lib/control_center/server/cluster/snapshot.ts";
import { TimeMerge } from "../../lib/control_center/server/records/merge.ts";
import { fieldFilter, fieldMatches } from "../../lib/control_center/server/records/field_filter.ts";
import { payload } from "../../lib/control_center/server/records/payload.ts";
import { lagOf } from "../../lib/kafka/admin/lag.ts";
import { openRecordSet } from "../../lib/kafka/wire/record_batch.ts";
import { findColumns } from "../../lib/rides/cells.ts";
import { readCsv } from "../../lib/rides/mod.ts";
import { assignTasks } from "../../lib/streams/runtime/assign_tasks.ts";
import { applicantsOf } from "../../lib/streams/runtime/group_protocol.ts";
import type {
  TopologyArrow,
  TopologyBox,
  TopologyView,
  WorkerStatus,
} from "../../lib/views/mod.ts";
import { rawBatch } from "../testkit/raw_batch.ts";
import { Steps } from "../testkit/steps.ts";

/** n log n grows by a factor of 2.3 and less from these sizes on; n² by 4. */
const MOST_FACTOR = 2.7, SIZE = 100;

/** Something a stranger writes in so many parts; what is done with it is counted, not the making of it. */
type Case = (n: number) => () => unknown;

const upTo = <T>(n: number, of: (i: number) => T): T[] =>
  Array.from({ length: n }, (_, i) => of(i));
const text = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));

// ── Avro ────────────────────────────────────────────────────────────────────────────────────────────

const recordOf = (fields: readonly Json[], name = "R"): Json => ({ type: "record", name, fields });
const enumOf = (symbols: readonly string[]): Json => ({ type: "enum", name: "E", symbols });
/** Each record is used twice in the next: 2ⁿ uses. */
const nested = (n: number, leaf: Json, of: (i: number) => object = () => ({})): Json =>
  n === 0 ? recordOf([{ name: "x", type: leaf, ...of(0) }], "A0") : recordOf([
    { name: "l", type: nested(n - 1, leaf, of), ...of(n) },
    { name: "r", type: `A${n - 1}`, ...of(n) },
  ], `A${n}`);
const unionOf = (n: number, change = "") => upTo(n, (i) => recordOf([], `${change}R${i}`));

function compare(reader: (n: number) => Json, writer: (n: number) => Json): Case {
  return (n) => {
    const one = parseSchema(reader(n)), other = parseSchema(writer(n));
    return () => mismatches(one, other);
  };
}

function read(reader: (n: number) => Json, writer: (n: number) => Json): Case {
  return (n) => {
    const one = parseSchema(reader(n)), other = parseSchema(writer(n));
    return () => {
      try {
        decodeBinary(other, new Uint8Array(), { reader: one });
      } catch {
        // There are no bytes: what counts is the way to the first.
      }
    };
  };
}

const field = (i: number, more: object = {}) => ({ name: `f${i}`, type: "int", ...more });
const fields = (n: number) => recordOf(upTo(n, (i) => field(i)));
const turned = (n: number) => recordOf(upTo(n, (i) => field(n - 1 - i)));
const aliased = (n: number) =>
  recordOf(upTo(n, (i) => ({ ...field(i), name: `g${i}`, aliases: [`f${i}`] })));
const manyAliases = (n: number) =>
  recordOf([{ name: "g", type: "int", aliases: upTo(n, (i) => `none${i}`), default: 1 }]);

const AVRO: Record<string, Case> = {
  "a schema of many fields": (n) => () => parseSchema(fields(n)),
  "a schema of many symbols": (n) => () => parseSchema(enumOf(upTo(n, (i) => `S${i}`))),
  "a schema of many branches": (n) => () => parseSchema(unionOf(n)),
  "a schema that is nested": (n) => () =>
    parseSchema(upTo(n, (i) => i).reduce<Json>((items) => ({ type: "array", items }), "int")),
  "a writer's schema with many bad defaults": (n) => () =>
    parseWriterSchema(JSON.stringify(recordOf(upTo(n, (i) => field(i, { default: "x" }))))),
  "a writer's schema with many bad aliases": (n) => () =>
    parseWriterSchema(JSON.stringify(recordOf(upTo(n, (i) => field(i, { aliases: ["1"] }))))),
  "references from one to the next": (n) => () =>
    parseWriterSchema(
      '"A0"',
      upTo(
        n / 2,
        (i) => recordOf(i < n / 2 - 1 ? [{ name: "n", type: `A${i + 1}` }] : [], `A${i}`),
      ),
    ),
  "TypeScript of nested records": (n) => {
    const schema = parseSchema(nested(n / 2, "int"));
    return () => typescriptOf(schema);
  },
  "comparing fields in the other order": compare(fields, turned),
  "comparing fields by aliases": compare(aliased, fields),
  "comparing a field of many aliases": compare(manyAliases, fields),
  "comparing symbols in the other order": compare(
    (n) => enumOf(upTo(n, (i) => `S${i}`)),
    (n) => enumOf(upTo(n, (i) => `S${n - 1 - i}`)),
  ),
  "comparing nested records, each used twice": compare(
    (n) => nested(n / 2, "int"),
    (n) => nested(n / 2, "long"),
  ),
  "comparing unions": compare(unionOf, unionOf),
  "comparing unions of other names": compare(unionOf, (n) => unionOf(n, "Other")),
  "reading fields in the other order": read(fields, turned),
  "reading fields by aliases": read(aliased, fields),
  "reading symbols in the other order": read(
    (n) => enumOf(upTo(n, (i) => `S${i}`)),
    (n) => enumOf(upTo(n, (i) => `S${n - 1 - i}`)),
  ),
  "reading nested records, each used twice": read(
    (n) => nested(n / 2, "long"),
    (n) => nested(n / 2, "int"),
  ),
  "reading unions": read(unionOf, unionOf),
  "reading unions of other names": read(unionOf, (n) => unionOf(n, "Other")),
};

// ── The Control Center ──────────────────────────────────────────────────────────────────────────────

const box = (id: string, kind: TopologyBox["kind"] = "step"): TopologyBox => ({
  id,
  kind,
  label: id,
  subTopology: 0,
});
const arrow = (from: string, to: string, kind: TopologyArrow["kind"] = "flow"): TopologyArrow => ({
  from,
  to,
  kind,
});

function drawn(of: (n: number) => { boxes: TopologyBox[]; arrows: TopologyArrow[] }): Case {
  return (n) => {
    const topology = of(n);
    return () => layout(topology, 900);
  };
}

const TOPOLOGIES: Record<string, Case> = {
  "a topology of pairs, each to each of the next": drawn((n) => ({
    boxes: upTo(n, (i) => ["a", "b"].map((c) => box(`${c}${i}`))).flat(),
    arrows: upTo(
      n - 1,
      (i) => ["a", "b"].flatMap((c) => ["a", "b"].map((d) => arrow(`${c}${i}`, `${d}${i + 1}`))),
    ).flat(),
  })),
  "a topology with many stores": drawn((n) => ({
    boxes: upTo(n, (i) => [box(`s${i}`), box(`t${i}`, "store")]).flat(),
    arrows: upTo(n, (i) => arrow(`s${i}`, `t${i}`, "state")),
  })),
  "a topology whose stores belong to one step": drawn((n) => ({
    boxes: [box("s"), ...upTo(n, (i) => box(`t${i}`, "store"))],
    arrows: upTo(n, (i) => arrow("s", `t${i}`, "state")),
  })),
  "a topology from one to many": drawn((n) => ({
    boxes: [box("s"), ...upTo(n, (i) => box(`t${i}`))],
    arrows: upTo(n, (i) => arrow("s", `t${i}`)),
  })),
  "a topology in a circle": drawn((n) => ({
    boxes: upTo(n, (i) => box(`s${i}`)),
    arrows: upTo(n, (i) => arrow(`s${i}`, `s${(i + 1) % n}`)),
  })),
  "arrows without boxes, and boxes of one name": drawn((n) => ({
    boxes: upTo(n, () => box("same")),
    arrows: upTo(n, (i) => arrow(`no${i}`, "same")),
  })),
};

const worker = (n: number, atMs: number, more: Partial<WorkerStatus> = {}): WorkerStatus => ({
  ...{ kind: "worker", app: "a", worker: "w", name: "w", host: "", process: 1, memberId: null },
  ...{ guarantee: "", server: null, state: "running", startedMs: 0, atMs, standbys: [] },
  tasks: [{
    ...{ task: "0_0", state: "running", processed: atMs, errors: 0, streamTimeMs: 0, inputs: [] },
    rows: Object.fromEntries(upTo(n, (i) => [`s${i}`, 1])),
    nodes: Object.fromEntries(
      upTo(n, (i) => [`n${i}`, { received: atMs, emitted: atMs, dropped: { [`r${i}`]: 1 } }]),
    ),
  }],
  ...more,
});
const topology = (n: number): TopologyView => ({
  app: "a",
  boxes: upTo(n, (i) => box(`topic t${i}`, "topic")),
  arrows: upTo(n, (i) => arrow(`topic t${i}`, `topic t${(i + 1) % n}`)),
  stores: upTo(n, (i) => ({ name: `s${i}`, changelog: null, layout: "key" })),
  partitions: Object.fromEntries(upTo(n, (i) => [`t${i}`, 1])),
});

/** A group of one member that owns so many topics of a partition each. */
function bigGroup(n: number) {
  const partitions = upTo(n, (i) => ({ topic: `t${i}`, partition: 0 }));
  const members = [{ member: "m", memberId: "m", partitions }];
  const committed = partitions.map((one) => ({ ...one, offset: 1 }));
  const topics = partitions.map(({ topic }) => ({
    topic,
    partitions: [
      { partition: 0, leader: 1, replicas: [1], inSync: [1], begin: 0, end: 9, stable: 9 },
    ],
  }));
  return {
    ...{ group: "g", protocol: "classic" as const, state: "Stable" },
    ...{ members, committed, topics, lags: [] },
  };
}

const CENTER: Record<string, Case> = {
  "a status of one task with many steps": (n) => {
    const records = [1, 2].map((atMs) => text(worker(n, atMs))), app = new KnownApp();
    return () => records.forEach((one, i) => app.add("w", one, { nowMs: i, isNow: true }));
  },
  "a status of many tasks": (n) => {
    const [task] = worker(1, 1).tasks;
    const tasks = upTo(n, (i) => ({ ...task!, task: `0_${i}` }));
    const records = [1, 2].map((atMs) => text(worker(1, atMs, { tasks }))), app = new KnownApp();
    return () => records.forEach((one, i) => app.add("w", one, { nowMs: i, isNow: true }));
  },
  "the page of an application": (n) => {
    const app = new KnownApp(), moment = { nowMs: 3, isNow: true };
    app.add("topology", text({ kind: "topology", topology: topology(n), atMs: 1 }), moment);
    app.add("w", text(worker(n, 2)), moment);
    const { topics, ...group } = bigGroup(n);
    const line = { ...groupLine(group, topics), group: "a" };
    return () => appPage("a", app, { nowMs: 4, group: line });
  },
  "the line of a group": (n) => {
    const { topics, ...group } = bigGroup(n);
    return () => groupLine(group, topics);
  },
  "the history of a group": (n) => {
    const { topics, ...group } = bigGroup(n), groups = [groupLine(group, topics)];
    const history = new History();
    return () => [1, 2].forEach((atMs) => history.add({ topics: [], groups }, atMs));
  },
  "what a share group has done with many records": (n) => {
    const batches = (first: number) =>
      upTo(n, (i) => ({
        ...{ first: first + 4 * i, last: first + 4 * i + 1 },
        ...{ state: "available" as const, deliveries: 1 },
      }));
    const old = batches(0), fresh = batches(1);
    return () => overlaid(old, fresh);
  },
  "lag of many partitions": (n) => {
    const { members, committed } = bigGroup(n);
    const described = members.map((one) => ({ ...one, group: "g", generation: null, atMs: 0 }));
    return () => lagOf({ committed, begin: committed, end: committed, members: described });
  },
  "records of one partition in the order of their times": (n) => {
    const records = upTo(n, (offset) => ({
      ...{ topic: "t", partition: 0, offset, timestamp: offset, key: null, value: null },
      headers: [],
    }));
    return () => {
      const merge = new TimeMerge([0]);
      for (const one of records) merge.add(one);
      merge.isThere(0, true);
      while (merge.take(100).length > 0);
    };
  },
  "two versions of a schema's text": (n) => () =>
    lineDifference(
      upTo(20 * n, (i) => `a${i}`).join("\n"),
      upTo(20 * n, (i) => `b${i}`).join("\n"),
    ),
  "a value of many fields": (n) => {
    const value = text(Object.fromEntries(upTo(n, (i) => [`f${i}`, i])));
    return () => payload(value, { chars: 65_536 });
  },
  "a filter of many parts": (n) => {
    const value = JSON.parse(`${'{"a":'.repeat(n)}1${"}".repeat(n)}`);
    return () => fieldMatches(value, fieldFilter(`${upTo(n, () => "a").join(".")} = 1`)!);
  },
};

// ── Records, files, groups ──────────────────────────────────────────────────────────────────────────

const HEADER = "VendorID,passenger_count,trip_distance,payment_type,total_amount," +
  "tpep_pickup_datetime,tpep_dropoff_datetime";

const OTHERS: Record<string, Case> = {
  "many batches of aborted transactions": (n) => {
    const bytes = Buffer.concat(upTo(n, (i) => rawBatch({ firstOffset: i, values: ["x"] })));
    const aborted = upTo(n, (i) => ({ producerId: BigInt(i), firstOffset: i }));
    return () => openRecordSet(bytes, 0, aborted).unread.takeAll();
  },
  "many records of a batch": (n) => {
    const bytes = rawBatch({ values: upTo(n, () => "x") });
    return () => openRecordSet(bytes, n / 2).unread.takeAll();
  },
  "a header of many columns": (n) => {
    const names = [...upTo(n, (i) => `column${i}`), ...HEADER.split(",")];
    return () => findColumns(names, "f");
  },
  "a CSV file of odd lines": (n) => {
    const file = `${HEADER}\n${upTo(n, () => `1,"a",","`).join("\n")}`;
    return () => Array.fromAsync(readCsv(new Blob([file]).stream()));
  },
  "what members of a group announce": (n) => {
    const announced = JSON.stringify({ tasks: upTo(n, (i) => `0_${i}`) });
    const tasks = ["0_0", "0_1"];
    return () =>
      assignTasks(tasks, applicantsOf([{ memberId: "a", announced, topics: [], owned: [] }]));
  },
};

for (const [name, make] of Object.entries({ ...AVRO, ...TOPOLOGIES, ...CENTER, ...OTHERS })) {
  Deno.test(`twice as much takes twice the steps: ${name}`, async () => {
    await using steps = await Steps.begin();
    const counts: number[] = [];
    for (const n of [SIZE, 2 * SIZE, 4 * SIZE]) counts.push(await steps.of(make(n)));
    const [one, two, four] = counts as [number, number, number];
    assert.ok(one > SIZE / 10, `it is counted: ${counts}`);
    assert.ok(four / two < MOST_FACTOR && two / one < 2 * MOST_FACTOR, `${counts} steps`);
  });
}

Deno.test("steps that grow with the square are seen", async () => {
  await using steps = await Steps.begin();
  const all = (n: number) => upTo(n, (i) => i);
  const count = (n: number, run: (all: number[]) => unknown) => steps.of(() => run(all(n)));
  for (
    const run of [
      (all: number[]) => all.map((a) => all.find((b) => b === a)),
      (all: number[]) => all.filter((a) => all.includes(a)),
    ]
  ) {
    assert.ok(await count(4 * SIZE, run) / await count(2 * SIZE, run) > 3);
  }
});
