import assert from "node:assert/strict";
import { type TopicPartition, topicPartitionKey } from "../../serde/mod.ts";
import {
  type Assignor,
  type Candidate,
  cooperativeStickyAssignor,
  roundRobinAssignor,
} from "./assignor.ts";

const member = (memberId: string, owned: readonly number[] = [], topics = ["t"]): Candidate => ({
  memberId,
  topics,
  owned: owned.map((partition) => ({ topic: "t", partition })),
  announced: "",
});

/** `a: t-0 t-1 | b: nothing` */
function assigned(assignor: Assignor, candidates: readonly Candidate[], counts = { t: 4 }): string {
  const partitions = assignor.assign(candidates, new Map(Object.entries(counts)));
  const shown = (its: readonly TopicPartition[]) => its.map(topicPartitionKey).join(" ");
  return [...partitions].map(([id, its]) => `${id}: ${shown(its) || "nothing"}`).join(" | ");
}

Deno.test("roundRobinAssignor deals to members in the order of their names", () => {
  const two = [member("b"), member("a")];
  assert.equal(assigned(roundRobinAssignor, two), "a: t-0 t-2 | b: t-1 t-3");
  assert.equal(assigned(roundRobinAssignor, two, { t: 1 }), "a: t-0 | b: nothing");
});

Deno.test("roundRobinAssignor gives a member only partitions of topics that it reads", () => {
  const both = [member("a", [], ["t", "u"]), member("b", [], ["u"])];
  const counts = { t: 2, u: 2 };
  assert.equal(assigned(roundRobinAssignor, both, counts), "a: t-0 t-1 u-0 | b: u-1");
});

Deno.test("cooperativeStickyAssignor moves only what must move, in two rounds", () => {
  const first = [member("a", [0, 1, 2, 3]), member("b")];
  assert.equal(assigned(cooperativeStickyAssignor, first), "a: t-0 t-1 | b: nothing");
  const second = [member("a", [0, 1]), member("b")];
  assert.equal(assigned(cooperativeStickyAssignor, second), "a: t-0 t-1 | b: t-2 t-3");
  const third = [member("a", [0, 1]), member("b", [2, 3]), member("c")];
  assert.equal(assigned(cooperativeStickyAssignor, third), "a: t-0 t-1 | b: t-2 | c: nothing");
  const fourth = [member("a", [0, 1]), member("b", [2]), member("c")];
  assert.equal(assigned(cooperativeStickyAssignor, fourth), "a: t-0 t-1 | b: t-2 | c: t-3");
});

Deno.test("cooperativeStickyAssignor gives a gone member's partitions to others at once", () => {
  const left = [member("b", [2]), member("c", [3])];
  assert.equal(assigned(cooperativeStickyAssignor, left), "b: t-2 t-0 | c: t-3 t-1");
});

Deno.test("cooperativeStickyAssignor leaves a balanced group alone", () => {
  const balanced = [member("a", [3]), member("b", [0, 2]), member("c", [1])];
  assert.equal(assigned(cooperativeStickyAssignor, balanced), "a: t-3 | b: t-0 t-2 | c: t-1");
});

Deno.test("cooperativeStickyAssignor assigns a partition that two members claim to one of them", () => {
  const claimed = [member("a", [0]), member("b", [0])];
  const counts = { t: 1 };
  assert.equal(assigned(cooperativeStickyAssignor, claimed, counts), "a: nothing | b: t-0");
});
