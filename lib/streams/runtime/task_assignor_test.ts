import assert from "node:assert/strict";
import type { Candidate } from "../../kafka/engine.ts";
import { announcement, informationOf } from "./group_protocol.ts";
import { eagerTaskAssignor, isPartial, taskAssignor } from "./task_assignor.ts";

const TASKS = ["0_0", "0_1"];
const partitionsOf = (names: readonly string[]) =>
  names.map((name) => ({ topic: "t", partition: Number(name.slice(2)) }));

/** The leader, as far as it assigns. */
const leader = {
  tasks: {
    all: TASKS,
    names: () => ["0_0"],
    partitionsOf,
    namesOf: (partitions: readonly { readonly partition: number }[]) =>
      new Set(partitions.map(({ partition }) => `0_${partition}`)),
  },
  standbys: { candidates: TASKS, upToDate: () => ["0_1"] },
  server: undefined,
  context: { options: { standbys: 1 } },
};

const candidate = (
  memberId: string,
  { owned = [], standbys = [] }: { owned?: readonly string[]; standbys?: readonly string[] } = {},
): Candidate => ({
  ...{ memberId, topics: ["t"], owned: partitionsOf(owned) },
  announced: announcement({ tasks: owned, standbys, server: null }),
});

/** What the leader gives each member, and tells it to keep a copy of. */
function given(...candidates: readonly Candidate[]) {
  const assignor = taskAssignor(leader), assigned = assignor.assign(candidates, new Map());
  const informed = assignor.inform!(candidates, assigned);
  return candidates.map(({ memberId }) => ({
    runs: assigned.get(memberId)!.map(({ partition }) => `0_${partition}`),
    copies: informationOf(informed.get(memberId)!).standbys,
    isPartial: assignor.isPartial!(informed.get(memberId)!),
  }));
}

Deno.test("taskAssignor() leaves the copy of a task where the task is on its way to", () => {
  const before = candidate("a", { owned: ["0_0", "0_1"] });
  assert.deepEqual(given(before, candidate("b", { standbys: ["0_0", "0_1"] })), [
    { runs: ["0_0"], copies: ["0_1"], isPartial: true },
    { runs: [], copies: ["0_0", "0_1"], isPartial: true },
  ]);
  const after = candidate("a", { owned: ["0_0"], standbys: ["0_1"] });
  assert.deepEqual(given(after, candidate("b", { standbys: ["0_0", "0_1"] })), [
    { runs: ["0_0"], copies: ["0_1"], isPartial: false },
    { runs: ["0_1"], copies: ["0_0"], isPartial: false },
  ]);
});

Deno.test("isPartial() tells nothing of a leader that does not say who runs what", () => {
  assert.equal(isPartial("", TASKS), false);
  assert.equal(isPartial(JSON.stringify({ standbys: ["0_0"] }), TASKS), false);
});

Deno.test("eagerTaskAssignor() has the name that workers of older versions know", () => {
  const { name, cooperative } = eagerTaskAssignor(leader);
  assert.deepEqual([name, cooperative], ["taxi-streams-sticky", false]);
});
