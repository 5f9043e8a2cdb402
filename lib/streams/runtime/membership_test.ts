import assert from "node:assert/strict";
import { isOutOfGroup } from "../../kafka/mod.ts";
import { Membership } from "./membership.ts";

/** A worker whose group answers so. */
function membershipOf(belongs: () => boolean): Membership {
  return new Membership({
    member: { belongs: () => Promise.resolve(belongs()) },
    identity: () => ({ group: "g", memberId: "m", generation: 1 }),
    options: { sessionTimeoutMs: 60_000 },
  });
}

Deno.test("Membership asks the group once a session", async () => {
  let asked = 0;
  const membership = membershipOf(() => ++asked > 0);
  await membership.confirm();
  assert.equal(membership.confirm(), undefined, "known: no promise, no question");
  assert.equal(asked, 1);
});

Deno.test("Membership refuses to write until the next join when the group has gone on", async () => {
  const membership = membershipOf(() => false);
  await assert.rejects(async () => await membership.confirm(), isOutOfGroup);
  await assert.rejects(async () => await membership.confirm(), isOutOfGroup);
  assert.equal(membership.renew(), false, "what was not written is lost: tasks begin anew");
  assert.equal(membership.confirm(), undefined);
  assert.equal(membership.renew(), true);
});
