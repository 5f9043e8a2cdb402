/** What notebook 24 says of members that stop and of mails, computed without a broker. */
import assert from "node:assert/strict";
import { lectures } from "../lib/course/mod.ts";
import { type Assignor, cooperativeStickyAssignor, roundRobinAssignor } from "../lib/kafka/mod.ts";

/** The prose of a cell of notebook 24. */
async function said(cell: string): Promise<string> {
  const [lecture] = await lectures(["24"]);
  return lecture!.notebook.cells.find(({ id }) => id === cell)!.source;
}

type Owned = ReadonlyMap<string, readonly number[]>;

/** What each of `names` owns after one round, if `owned` is what they own when they join. */
function round(assignor: Assignor, names: string, owned: Owned): Owned {
  const named = (partition: number) => ({ topic: "rides", partition });
  const candidates = [...names].map((name) => (
    { memberId: name, topics: ["rides"], owned: (owned.get(name) ?? []).map(named), announced: "" }
  ));
  const assigned = assignor.assign(candidates, new Map([["rides", 12]]));
  return new Map([...assigned].map((
    [name, its],
  ) => [name, its.map(({ partition }) => partition)]));
}

const ELEVEN = "abcdefghijk", TWELVE = `${ELEVEN}l`;

/** Members that own less than before, and partitions that have another owner. */
function changes(before: Owned, after: Owned): readonly [members: number, partitions: number] {
  const lost = [...before].map(([name, its]) =>
    its.filter((one) => !after.get(name)!.includes(one))
  );
  return [lost.filter(({ length }) => length > 0).length, lost.flat().length];
}

Deno.test("notebook 24 says how many of the eleven stop, and how many partitions move: eager", async () => {
  const before = round(roundRobinAssignor, ELEVEN, new Map());
  const given = new Map([...before.keys()].map((name) => [name, []]));
  const after = round(roundRobinAssignor, TWELVE, given);
  assert.deepEqual(changes(before, new Map([...given, ["l", []]])), [11, 12]);
  const [, moved] = changes(before, after);
  assert.match(await said("eager-observe"), new RegExp(`^${ELEVEN.length}, and ${moved}\\. One`));
});

Deno.test("notebook 24 says how many of the eleven stop, and how many partitions move: cooperative", async () => {
  const before = round(cooperativeStickyAssignor, ELEVEN, new Map());
  const first = round(cooperativeStickyAssignor, TWELVE, before);
  const [members, partitions] = changes(before, first);
  assert.match(await said("cooperative-observe"), new RegExp(`^${members}, and ${partitions}\\. `));
  // A partition that was given back has no owner after the first round; the newcomer owns it after the second.
  assert.equal([...first.values()].flat().length, 12 - partitions);
  const second = round(cooperativeStickyAssignor, TWELVE, first);
  assert.deepEqual([second.get("l")!.length, changes(first, second)], [1, [0, 0]]);
});

Deno.test("notebook 24 says in which order the mails are printed", async () => {
  const printed = [0, 1, 2], waiting: number[] = [];
  // b releases its first, rejects its second and prints its third; c returns all.
  const [released, , third] = [3, 4, 5], ofC = [6, 7, 8];
  waiting.push(released!, ...ofC);
  printed.push(third!, ...waiting.toSorted());
  const order = printed.join(" "), [lecture] = await lectures(["24"]);
  assert.ok((await said("order-observe")).startsWith(`${order}. `));
  const options = lecture!.notebook.cells.find(({ id }) => id === "order-guess")!.source;
  assert.ok(options.includes(`b: "${order}"`));
});
