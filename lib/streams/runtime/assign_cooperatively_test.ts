import assert from "node:assert/strict";
import { assignCooperatively } from "./assign_cooperatively.ts";
import { assignTasks } from "./assign_tasks.ts";

const FOUR = ["0_0", "0_1", "1_0", "1_1"];
const owner = (member: string, ...owned: string[]) => ({ member, tasks: owned, owned });
const lists = (given: ReadonlyMap<string, readonly string[]>) => Object.fromEntries(given);

Deno.test("assignCooperatively() has what moves given up first: nobody has it in that round", () => {
  const first = assignCooperatively(FOUR, [owner("a", ...FOUR), owner("b")]);
  assert.deepEqual(lists(first.now), { a: ["0_0", "1_0"], b: [] });
  assert.deepEqual(lists(first.target), { a: ["0_0", "1_0"], b: ["0_1", "1_1"] });
  const second = assignCooperatively(FOUR, [owner("a", "0_0", "1_0"), owner("b")]);
  assert.deepEqual(second.now, first.target);
});

Deno.test("assignCooperatively() gives tasks of a member that is gone away at once", () => {
  const { now } = assignCooperatively(FOUR, [owner("a", "0_0"), owner("b", "1_0")]);
  assert.deepEqual(lists(now), { a: ["0_0", "1_1"], b: ["0_1", "1_0"] });
});

Deno.test("assignCooperatively() believes the owner, not a member that tells what it had before it was frozen", () => {
  const frozen = { member: "a", tasks: ["0_0", "0_1"], owned: [] };
  const { now } = assignCooperatively(["0_0", "0_1"], [frozen, owner("b", "0_1")]);
  assert.deepEqual(lists(now), { a: ["0_0"], b: ["0_1"] });
});

Deno.test("assignCooperatively() takes a task from all who own it where that are several", () => {
  const { now } = assignCooperatively(["0_0"], [owner("a", "0_0"), owner("b", "0_0")]);
  assert.deepEqual(lists(now), { a: [], b: [] });
});

Deno.test("assignCooperatively() is assignTasks() where everybody has given everything back", () => {
  const members = [owner("a"), { member: "b", tasks: ["1_0"], owned: [] }];
  const { now, target } = assignCooperatively(FOUR, members);
  assert.deepEqual(now, target);
  assert.deepEqual(target, assignTasks(FOUR, members));
});

Deno.test("assignCooperatively() never shares a task, never stops one that stays, and is done in two rounds, over random changes", () => {
  let seed = 42;
  const random = (below: number) => (seed = (seed * 1103515245 + 12345) % 2 ** 31) % below;
  const tasks = Array.from({ length: 12 }, (_, i) => `${i % 2}_${i >> 1}`);
  let owned = new Map<string, readonly string[]>();
  let midway = 0;
  for (let change = 0; change < 300; change++) {
    const names = new Set(owned.keys());
    for (let n = random(3); n >= 0; n--) {
      const name = `w${random(8)}`;
      if (!names.delete(name) || names.size === 0) names.add(name);
    }
    owned = new Map([...names].map((name) => [name, owned.get(name) ?? []]));
    // Sometimes members come and go before everybody has what it is to have.
    const rounds = random(3) === 0 ? 1 : 3;
    for (let round = 1; round <= rounds; round++) {
      const copies = tasks.filter(() => random(4) === 0);
      const { now, target } = assignCooperatively(
        tasks,
        [...owned].map(([member, its]) => ({ ...owner(member, ...its), standbys: copies })),
      );
      assert.deepEqual([...target.values()].flat().sort(), [...tasks].sort());
      for (const [member, its] of now) {
        const others = [...owned].flatMap(([one, theirs]) => one === member ? [] : theirs);
        assert.deepEqual(its.filter((task) => others.includes(task)), [], "two have it");
        const staying = owned.get(member)!.filter((task) => target.get(member)!.includes(task));
        assert.deepEqual(staying.filter((task) => !its.includes(task)), [], "it stops");
      }
      const given = [...now.values()].flat().length;
      if (given < tasks.length) midway++;
      assert.ok(round === 1 || given === tasks.length, "a third round");
      if (round === 3) assert.deepEqual(now, owned, "it moves once more for nothing");
      owned = new Map(now);
    }
    if (rounds === 1) continue;
    const sizes = [...owned.values()].map(({ length }) => length);
    assert.ok(Math.max(...sizes) - Math.min(...sizes) <= 1, `${sizes}`);
  }
  assert.ok(midway > 30, "tasks did move");
});
