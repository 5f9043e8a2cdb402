import assert from "node:assert/strict";
import { assignTasks } from "./assign_tasks.ts";

const SIX = ["0_0", "0_1", "0_2", "1_0", "1_1", "1_2"];
const member = (name: string, ...tasks: string[]) => ({ member: name, tasks });
const sizes = (given: ReadonlyMap<string, readonly string[]>) =>
  [...given.values()].map((tasks) => tasks.length);

Deno.test("assignTasks() gives everything to a single member", () => {
  assert.deepEqual(assignTasks(SIX, [member("a")]).get("a"), SIX);
});

Deno.test("assignTasks() spreads the tasks of each sub-topology", () => {
  const given = assignTasks(SIX, [member("a"), member("b"), member("c")]);
  assert.deepEqual(sizes(given), [2, 2, 2]);
  for (const tasks of given.values()) assert.equal(new Set(tasks.map((t) => t[0])).size, 2);
});

Deno.test("assignTasks() leaves tasks where they are when that is even", () => {
  const given = assignTasks(SIX, [
    member("a", "0_1", "1_2", "0_0"),
    member("b", "0_2", "1_0", "1_1"),
  ]);
  assert.deepEqual([...given.get("a")!].sort(), ["0_0", "0_1", "1_2"]);
});

Deno.test("assignTasks() moves only what a newcomer needs", () => {
  const given = assignTasks(SIX, [
    member("a", "0_0", "0_1", "0_2"),
    member("b", "1_0", "1_1", "1_2"),
    member("c"),
  ]);
  assert.deepEqual(sizes(given), [2, 2, 2]);
  assert.ok(given.get("a")!.every((task) => task[0] === "0"));
});

Deno.test("assignTasks() leaves a member without tasks when there are too few", () => {
  assert.deepEqual(sizes(assignTasks(["0_0"], [member("b"), member("a")])), [1, 0]);
});

Deno.test("assignTasks() gives every task once, evenly, over a chain of random changes", () => {
  let seed = 42;
  const random = (below: number) => (seed = (seed * 1103515245 + 12345) % 2 ** 31) % below;
  const tasks = Array.from({ length: 12 }, (_, i) => `${i % 2}_${i >> 1}`);
  let given: ReadonlyMap<string, readonly string[]> = new Map();
  for (let round = 0; round < 200; round++) {
    const names = new Set(Array.from({ length: 1 + random(5) }, () => `w${random(8)}`));
    given = assignTasks(tasks, [...names].map((name) => member(name, ...given.get(name) ?? [])));
    assert.deepEqual([...given.values()].flat().sort(), [...tasks].sort());
    assert.ok(Math.max(...sizes(given)) - Math.min(...sizes(given)) <= 1);
  }
});

Deno.test("assignTasks() forgets tasks that are no more, and a task two members claim", () => {
  const given = assignTasks(["0_0", "0_1"], [member("a", "0_0", "9_9"), member("b", "0_0")]);
  assert.deepEqual([...given.values()].flat().sort(), ["0_0", "0_1"]);
});

Deno.test("assignTasks() gives the tasks of a member that is gone to those with a copy of their rows", () => {
  const given = assignTasks(SIX, [
    { member: "b", tasks: ["0_1", "1_1"], standbys: ["1_0"] },
    { member: "c", tasks: ["0_2", "1_2"], standbys: ["0_0"] },
  ]);
  assert.deepEqual(given, new Map([["b", ["0_1", "1_0", "1_1"]], ["c", ["0_0", "0_2", "1_2"]]]));
});

Deno.test("assignTasks() takes nothing from a member that lives because another has a copy", () => {
  const given = assignTasks(["0_0", "0_1"], [
    { member: "a", tasks: ["0_0"], standbys: ["0_1"] },
    { member: "b", tasks: ["0_1"], standbys: ["0_0"] },
  ]);
  assert.deepEqual(given, new Map([["a", ["0_0"]], ["b", ["0_1"]]]));
});

Deno.test("assignTasks() stays even when one member has all the copies", () => {
  const given = assignTasks(SIX, [
    { member: "a", tasks: [], standbys: SIX },
    { member: "b", tasks: [] },
  ]);
  assert.deepEqual(sizes(given), [3, 3]);
});
