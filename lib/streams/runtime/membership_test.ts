import assert from "node:assert/strict";
import { sleep } from "../../async/mod.ts";
import { isOutOfGroup } from "../../kafka/engine.ts";
import type { WorkerOptions } from "./context.ts";
import { awaitMembership, Membership } from "./membership.ts";

/** A worker whose group answers so. */
function membershipOf(belongs: () => boolean, options: WorkerOptions = {}): Membership {
  return new Membership({
    member: { coordinator: { belongs: () => Promise.resolve(belongs()) } },
    identity: () => ({ group: "g", memberId: "m", generation: 1 }),
    options: { sessionTimeoutMs: 60_000, ...options },
  });
}

Deno.test("Membership asks the group once a session", async () => {
  let asked = 0;
  const membership = membershipOf(() => ++asked > 0);
  await membership.confirm();
  assert.equal(membership.confirm(), undefined, "known: no promise, no question");
  assert.equal(asked, 1);
});

Deno.test("Membership with an instance id asks again and again: another worker may have taken it", async () => {
  const answers = [true, false];
  const membership = membershipOf(() => answers.shift()!, { instanceId: "i" });
  await membership.confirm();
  assert.equal(membership.confirm(), undefined, "known a moment ago");
  let asking: void | Promise<void>;
  while (!(asking = membership.confirm())) await sleep(1);
  await assert.rejects(asking, isOutOfGroup);
});

Deno.test("Membership asks once more when the answer took a session: the worker may have been frozen meanwhile", async () => {
  const answers = [true, false];
  const membership = new Membership({
    member: {
      coordinator: {
        belongs: async () => {
          await sleep(15);
          return answers.shift()!;
        },
      },
    },
    identity: () => ({ group: "g", memberId: "m", generation: 1 }),
    options: { sessionTimeoutMs: 10 },
  });
  await assert.rejects(async () => await membership.confirm(), isOutOfGroup);
  assert.deepEqual(answers, []);
});

Deno.test("Membership refuses to write until the next join when the group has gone on", async () => {
  const membership = membershipOf(() => false);
  await assert.rejects(async () => await membership.confirm(), isOutOfGroup);
  await assert.rejects(async () => await membership.confirm(), isOutOfGroup);
  assert.equal(membership.renew(), false, "what was not written is lost: tasks are reopened");
  assert.equal(membership.confirm(), undefined);
  assert.equal(membership.renew(), true);
});

Deno.test("awaitMembership() asks once for each join: asking keeps a member id alive under which no member joins", async () => {
  const before = { group: "g", memberId: "old", generation: 1 };
  const after = { group: "g", memberId: "new", generation: 2 };
  const asked: string[] = [];
  let looks = 0;
  await awaitMembership({
    // The group goes on while the second look is made.
    identity: () => ++looks < 3 ? before : after,
    member: {
      coordinator: {
        belongs: ({ memberId } = before) => {
          asked.push(memberId);
          return Promise.resolve(memberId === "new");
        },
      },
    },
    options: {},
  }, new AbortController().signal);
  assert.deepEqual(asked, ["old", "new"]);
});

Deno.test("awaitMembership() asks again when a session has passed: a broker that died has forgotten the rebalance", async () => {
  const same = { group: "g", memberId: "m", generation: 1 };
  let asked = 0;
  await awaitMembership({
    identity: () => same,
    member: { coordinator: { belongs: () => Promise.resolve(++asked === 2) } },
    options: { sessionTimeoutMs: 10 },
  }, new AbortController().signal);
  assert.equal(asked, 2);
});
