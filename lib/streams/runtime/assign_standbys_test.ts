import assert from "node:assert/strict";
import { assignStandbys, type StandbyPlan } from "./assign_standbys.ts";
import { type Applicant, assignTasks } from "./assign_tasks.ts";

const member = (name: string, tasks: string[] = [], standbys: string[] = []): Applicant => ({
  member: name,
  tasks,
  standbys,
});
const plan = (active: Record<string, string[]>, copies = 1): StandbyPlan => ({
  tasks: Object.values(active).flat().sort(),
  active: new Map(Object.entries(active)),
  copies,
});

Deno.test("assignStandbys() gives a copy to a member that does not run the task", () => {
  const given = assignStandbys(plan({ a: ["0_0", "0_1"], b: ["1_0", "1_1"] }), [
    member("a"),
    member("b"),
  ]);
  assert.deepEqual(given, new Map([["a", ["1_0", "1_1"]], ["b", ["0_0", "0_1"]]]));
});

Deno.test("assignStandbys() gives none to the only member, and no more than there are others", () => {
  assert.deepEqual(assignStandbys(plan({ a: ["0_0"] }), [member("a")]), new Map([["a", []]]));
  const two = assignStandbys(plan({ a: ["0_0"], b: [] }, 5), [member("a"), member("b")]);
  assert.deepEqual(two, new Map([["a", []], ["b", ["0_0"]]]));
});

Deno.test("assignStandbys() leaves a copy where it is", () => {
  const given = assignStandbys(plan({ a: ["0_0"], b: ["0_1"], c: ["0_2"] }), [
    member("a", ["0_0"], ["0_2"]),
    member("b", ["0_1"], ["0_0"]),
    member("c", ["0_2"], ["0_1"]),
  ]);
  assert.deepEqual(given, new Map([["a", ["0_2"]], ["b", ["0_0"]], ["c", ["0_1"]]]));
});

Deno.test("assignStandbys() leaves the rows of a task that moved as a copy where they were", () => {
  const given = assignStandbys(plan({ a: ["0_0"], b: [], c: ["0_1"] }), [
    member("a", ["0_0", "0_1"]),
    member("b"),
    member("c"),
  ]);
  assert.deepEqual(given.get("a"), ["0_1"]);
});

Deno.test("assignStandbys() gives tasks without rows no copy", () => {
  const active = new Map([["a", ["0_0", "1_0"]], ["b", []]]);
  const given = assignStandbys({ tasks: ["1_0"], active, copies: 1 }, [member("a"), member("b")]);
  assert.deepEqual(given.get("b"), ["1_0"]);
});

Deno.test("assignStandbys() makes as many copies as asked, each on another member, evenly, over random changes", () => {
  let seed = 7;
  const random = (below: number) => (seed = (seed * 1103515245 + 12345) % 2 ** 31) % below;
  const tasks = Array.from({ length: 12 }, (_, i) => `${i % 2}_${i >> 1}`);
  let active: ReadonlyMap<string, readonly string[]> = new Map();
  let standbys: ReadonlyMap<string, readonly string[]> = new Map();
  for (let round = 0; round < 200; round++) {
    const names = new Set(Array.from({ length: 1 + random(5) }, () => `w${random(8)}`));
    const copies = random(3);
    const applicants = [...names].map((name): Applicant => ({
      member: name,
      tasks: active.get(name) ?? [],
      standbys: standbys.get(name) ?? [],
    }));
    active = assignTasks(tasks, applicants);
    standbys = assignStandbys({ tasks, active, copies }, applicants);
    const loads = [...names].map((name) => [...active.get(name)!, ...standbys.get(name)!]);
    for (const load of loads) {
      assert.equal(new Set(load).size, load.length, "never two of one task");
    }
    const each = 1 + Math.min(copies, names.size - 1);
    for (const task of tasks) {
      assert.equal(loads.filter((load) => load.includes(task)).length, each, task);
    }
    const sizes = loads.map(({ length }) => length);
    assert.ok(Math.max(...sizes) - Math.min(...sizes) <= 2, `${sizes}`);
  }
});
