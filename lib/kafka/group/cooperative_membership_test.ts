/** Memberships that keep what they own during a rebalance. */
import assert from "node:assert/strict";
import {
  ILLEGAL_GENERATION,
  INCONSISTENT_GROUP_PROTOCOL,
  joinResponse,
  membershipOf,
  offeredIn,
  OK,
  ownedIn,
  REBALANCE_IN_PROGRESS,
  t,
} from "../../../tests/testkit/membership.ts";
import { encodeAssignment } from "../wire/consumer_protocol.ts";
import { type Assignor, cooperativeStickyAssignor, roundRobinAssignor } from "./assignor.ts";
import type { MembershipOptions } from "./membership_options.ts";

const cooperative = { assignors: [cooperativeStickyAssignor] };

Deno.test("GroupMembership gives back only what moves under a cooperative assignor, and joins once more at once", async () => {
  const { told, letJoin, answerHeartbeat, cluster, leave } = membershipOf(cooperative);
  await letJoin(1, t(0, 1));
  await answerHeartbeat(REBALANCE_IN_PROGRESS);
  const second = await letJoin(2, t(0));
  assert.equal(ownedIn(second), "t-0 t-1", "nothing was given back before the join");
  const third = await letJoin(3, t(0));
  assert.equal(ownedIn(third), "t-0", "the lost partition is not claimed again");
  await cluster.next("Heartbeat");
  assert.deepEqual(told, [
    "assign t-0 t-1",
    "generation 2",
    "revoke t-1",
    "assign t-0, kept",
    "retained t-0",
    "generation 3",
    "assign t-0, kept",
    "retained t-0",
  ]);
  await leave();
});

Deno.test("GroupMembership is its next generation as soon as the group has counted it in, before it is assigned anything", async () => {
  const { membership, letJoin, answerHeartbeat, cluster, leave } = membershipOf(cooperative);
  await letJoin(1, t(0));
  await answerHeartbeat(REBALANCE_IN_PROGRESS);
  const join = await cluster.next("JoinGroup");
  assert.deepEqual([membership.identity.generation, membership.isRejoining], [1, true]);
  join.respond(joinResponse({ generation: 2, memberId: "m" }));
  const sync = await cluster.next("SyncGroup");
  assert.deepEqual([membership.identity.generation, membership.isRejoining], [2, true]);
  const { syncs } = membership;
  sync.respond({ errorCode: OK, assignment: encodeAssignment(t(0)) });
  await cluster.next("Heartbeat");
  assert.deepEqual([membership.isRejoining, membership.syncs - syncs], [false, 1]);
  await leave();
});

Deno.test("GroupMembership retains what it claimed in each join, however many there are before it is assigned anything", async () => {
  const { told, letJoin, answerHeartbeat, cluster, leave } = membershipOf(cooperative);
  await letJoin(1, t(0));
  await answerHeartbeat(REBALANCE_IN_PROGRESS);
  (await cluster.next("JoinGroup")).respond(joinResponse({ generation: 2, memberId: "m" }));
  (await cluster.next("SyncGroup")).respond({
    errorCode: REBALANCE_IN_PROGRESS,
    assignment: new Uint8Array(),
  });
  assert.equal(ownedIn(await letJoin(3, t(0))), "t-0");
  await cluster.next("Heartbeat");
  const expected = ["generation 2", "generation 3", "assign t-0, kept", "retained t-0"];
  assert.deepEqual(told, ["assign t-0", ...expected]);
  await leave();
});

Deno.test("GroupMembership retains nothing when a generation passed without its claim", async () => {
  const { told, membership, letJoin, answerHeartbeat, cluster, leave } = membershipOf(cooperative);
  await letJoin(1, t(0));
  await answerHeartbeat(REBALANCE_IN_PROGRESS);
  (await cluster.next("JoinGroup")).respond(joinResponse({ generation: 3, memberId: "m" }));
  const sync = await cluster.next("SyncGroup");
  assert.equal(membership.isRejoining, false, "what it does as the member it was is not its own");
  sync.respond({ errorCode: OK, assignment: encodeAssignment(t(0)) });
  await cluster.next("Heartbeat");
  assert.deepEqual(told, ["assign t-0", "assign t-0"]);
  await leave();
});

/** A cooperative way, and an eager one for members of an older version. */
const withFallback: Partial<MembershipOptions> = {
  assignors: [{ ...cooperativeStickyAssignor, name: "new" }],
  fallback: { ...roundRobinAssignor, name: "old" },
};

Deno.test("GroupMembership with a fallback keeps what it owns where all know the cooperative way, and offers no other one then", async () => {
  const { told, membership, letJoin, answerHeartbeat, cluster, leave } = membershipOf(withFallback);
  assert.equal(offeredIn(await letJoin(1, [], { protocol: "new" })), "new old");
  await answerHeartbeat(REBALANCE_IN_PROGRESS);
  assert.equal(offeredIn(await letJoin(2, t(0), { protocol: "new" })), "new old", "owns nothing");
  await answerHeartbeat(REBALANCE_IN_PROGRESS);
  assert.equal(offeredIn(await letJoin(3, t(0), { protocol: "new" })), "new");
  await cluster.next("Heartbeat");
  assert.equal(membership.isCooperative, true);
  const expected = ["assign t-0, kept", "generation 3", "assign t-0, kept", "retained t-0"];
  assert.deepEqual(told, ["assign nothing", ...expected]);
  await leave();
});

Deno.test("GroupMembership with a fallback is eager beside members of an older version, and cooperative when the last is gone", async () => {
  const { told, membership, letJoin, answerHeartbeat, cluster, leave } = membershipOf(withFallback);
  await letJoin(1, t(0), { protocol: "old" });
  await answerHeartbeat(REBALANCE_IN_PROGRESS);
  const join = await cluster.next("JoinGroup");
  assert.deepEqual([offeredIn(join), ownedIn(join)], ["new old", "nothing"]);
  assert.deepEqual([membership.isCooperative, membership.isRejoining], [false, false]);
  join.respond(joinResponse({ generation: 2, memberId: "m", protocol: "new" }));
  (await cluster.next("SyncGroup")).respond({
    errorCode: OK,
    assignment: encodeAssignment(t(0, 1)),
  });
  await answerHeartbeat(REBALANCE_IN_PROGRESS);
  assert.equal(offeredIn(await letJoin(3, t(0, 1), { protocol: "new" })), "new");
  await cluster.next("Heartbeat");
  assert.deepEqual(told, [
    "assign t-0",
    "revoke t-0",
    "assign t-0 t-1, kept",
    "generation 3",
    "assign t-0 t-1, kept",
    "retained t-0 t-1",
  ]);
  await leave();
});

Deno.test("GroupMembership gives all back when a member of an older version was quicker than its own claim", async () => {
  const { told, membership, letJoin, answerHeartbeat, cluster, leave } = membershipOf(withFallback);
  await letJoin(1, t(0), { protocol: "new" });
  await answerHeartbeat(REBALANCE_IN_PROGRESS);
  const join = await cluster.next("JoinGroup");
  assert.equal(offeredIn(join), "new");
  join.respond(joinResponse({ errorCode: INCONSISTENT_GROUP_PROTOCOL, memberId: "m" }));
  const again = await letJoin(2, t(1), { protocol: "old" });
  assert.deepEqual([offeredIn(again), ownedIn(again)], ["new old", "nothing"]);
  await cluster.next("Heartbeat");
  assert.equal(membership.isCooperative, false);
  assert.deepEqual(told, ["assign t-0", "revoke t-0", "assign t-1, kept"]);
  await leave();
});

Deno.test("GroupMembership ends where it owns nothing and has no way in common with the others", async () => {
  const { cluster, told, lost } = membershipOf(withFallback);
  const join = await cluster.next("JoinGroup");
  join.respond(joinResponse({ errorCode: INCONSISTENT_GROUP_PROTOCOL, memberId: "" }));
  assert.equal((await lost).code, "INCONSISTENT_GROUP_PROTOCOL");
  assert.deepEqual(told, ["lost: INCONSISTENT_GROUP_PROTOCOL"]);
});

Deno.test("GroupMembership joins once more as the leader when nobody has taken for long what was given back", async () => {
  const partial: Assignor = { ...cooperativeStickyAssignor, isPartial: () => true };
  for (const leader of ["m", "another"]) {
    const { cluster, letJoin, leave } = membershipOf({ assignors: [partial], topicCheckMs: 0 });
    await letJoin(1, t(0), { leader, protocol: partial.name });
    (await cluster.next("Heartbeat")).respond({ errorCode: OK });
    const next = leader === "m" ? "JoinGroup" : "Heartbeat";
    assert.equal((await cluster.next(next)).name, next);
    await leave();
  }
});

Deno.test("GroupMembership retains nothing when a cooperative group has forgotten it", async () => {
  const { told, letJoin, answerHeartbeat, cluster, leave } = membershipOf(cooperative);
  await letJoin(1, t(0));
  await answerHeartbeat(ILLEGAL_GENERATION);
  assert.equal(ownedIn(await letJoin(2, t(0))), "nothing");
  await cluster.next("Heartbeat");
  assert.deepEqual(told, ["assign t-0", "assign t-0"]);
  await leave();
});
