import type { Snapshot } from "../contract.ts";

/** More could not be read before the next ones come. */
const MOST = 3;

/**
 * What happened between two looks at the cluster, in a few words each, for somebody at the back of the room.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import type { Snapshot } from "../contract.ts";
 * import { newsBetween } from "./news.ts";
 * const at = (...names: string[]) => {
 *   const members = names.map((member) => ({ member, memberId: member, partitions: [] }));
 *   return { groups: [{ group: "g", members }], brokers: [], lost: [], apps: [] } as unknown as Snapshot;
 * };
 * assert.deepEqual(newsBetween(at("a"), at("a", "b")), ["b joined g"]);
 * assert.deepEqual(newsBetween(at("a", "b"), at("b")), ["a left g"]);
 * ```
 */
export function newsBetween(before: Snapshot, now: Snapshot): readonly string[] {
  const news: string[] = [];
  const others = <T>(these: readonly T[], those: readonly T[]) =>
    these.filter((one) => !those.includes(one));
  for (const broker of others(now.lost, before.lost)) news.push(`broker ${broker} is gone`);
  for (const broker of others(before.lost, now.lost)) news.push(`broker ${broker} is back`);
  const old = membersOf(before), fresh = membersOf(now);
  for (const [id, words] of fresh) {
    if (!old.has(id)) news.push(`${words.member} joined ${words.group}`);
  }
  for (const [id, words] of old) {
    if (!fresh.has(id)) news.push(`${words.member} left ${words.group}`);
  }
  for (const { app, state } of now.apps) {
    const was = before.apps.find((one) => one.app === app)?.state;
    if (was !== undefined && was !== state) news.push(`${app} is ${state}`);
  }
  return news.slice(0, MOST);
}

function membersOf({ groups }: Snapshot) {
  return new Map(
    groups.flatMap(({ group, members }) =>
      members.map(({ member, memberId }) => [`${group} ${memberId}`, { member, group }] as const)
    ),
  );
}
