import assert from "node:assert/strict";
import { app, json, string, topic } from "../mod.ts";
import { planTopics } from "./plan.ts";

const a = topic("a", { key: string, value: json<string>() });
const b = topic("b", { key: string, value: json<string>() });
const join = (left: string, right: string) => left + right;

Deno.test("planTopics() gives a repartition topic the partitions of the greatest source before it", () => {
  const counts = app("x");
  counts.stream(a).merge(counts.stream(b)).groupBy("g", (value) => value).count("c");
  const plan = planTopics(counts.topology(), { a: 6, b: 4 });
  assert.deepEqual(plan.topics.map(({ name, partitions }) => [name, partitions]), [
    ["x-g-repartition", 6],
    ["x-c-changelog", 6],
  ]);
  assert.equal(plan.tasks.length, 12);
});

Deno.test("planTopics() gives internal topics the settings that Kafka Streams gives them, and any time", () => {
  const counts = app("x");
  counts.stream(a).groupBy("g", (value) => value).count("c");
  const [repartition, changelog] = planTopics(counts.topology(), { a: 1 }).topics;
  assert.deepEqual(repartition!.config, {
    "cleanup.policy": "delete",
    "retention.ms": "-1",
    "segment.bytes": "52428800",
    "message.timestamp.type": "CreateTime",
    "message.timestamp.after.max.ms": "9223372036854775807",
  });
  assert.equal(changelog!.config["cleanup.policy"], "compact");
});

Deno.test("planTopics() refuses to join topics of different partition counts, and says how to mend it", () => {
  const joins = app("x");
  joins.table(a).join(joins.table(b), join);
  assert.throws(() => planTopics(joins.topology(), { a: 3, b: 4 }), {
    name: "RangeError",
    message:
      /^Cannot join in ".*": topic "a" has 3 partitions and "b" has 4 \(put \.repartition\("name", { partitions: 3 }\) before/,
  });
});

Deno.test("planTopics() gives a repartition topic the partitions of the table it is joined with", () => {
  const joins = app("x");
  joins.stream(a).selectKey((value) => value).join(joins.table(b), join, { name: "j" } as never);
  assert.equal(planTopics(joins.topology(), { a: 3, b: 4 }).partitions["x-j-repartition"], 4);
});

Deno.test("planTopics() names a topic that does not exist", () => {
  const reads = app("x");
  reads.stream(a).to("out");
  assert.throws(() => planTopics(reads.topology(), {}), {
    name: "RangeError",
    message: 'Cannot plan "x": topic "a" does not exist (create it first)',
  });
});
