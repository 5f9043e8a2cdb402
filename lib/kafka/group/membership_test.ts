import assert from "node:assert/strict";
import {
  FENCED_INSTANCE_ID,
  GROUP_AUTHORIZATION_FAILED,
  ILLEGAL_GENERATION,
  joinResponse,
  keys,
  MEMBER_ID_REQUIRED,
  membershipOf,
  NOT_COORDINATOR,
  OK,
  ownedIn,
  REBALANCE_IN_PROGRESS,
  t,
  UNKNOWN_MEMBER_ID,
} from "../../../tests/testkit/membership.ts";
import { errorOfCode } from "../transport/patches.ts";
import {
  decodeAssignment,
  encodeAssignment,
  encodeSubscription,
} from "../wire/consumer_protocol.ts";
import { type Assignor, cooperativeStickyAssignor, roundRobinAssignor } from "./assignor.ts";

Deno.test("GroupMembership joins under the name that it gets, and sends heartbeats as that generation", async () => {
  const { cluster, membership, joined, letJoin, answerHeartbeat, told, leave } = membershipOf();
  const first = await cluster.next("JoinGroup");
  assert.equal(first.request.memberId, "");
  first.respond(joinResponse({ errorCode: MEMBER_ID_REQUIRED, memberId: "m-1" }));
  const join = await letJoin(4, t(1));
  assert.equal(join.request.memberId, "m-1");
  await joined;
  assert.deepEqual(told, ["assign t-1"]);
  const identity = { group: "g", memberId: "m-1", generation: 4, instanceId: null };
  assert.deepEqual(membership.identity, identity);
  assert.deepEqual((await answerHeartbeat(OK)).request, identity);
  await leave();
  assert.equal(cluster.closed, true);
});

Deno.test("GroupMembership assigns for everybody when it leads", async () => {
  const { cluster, leave } = membershipOf();
  const metadata = encodeSubscription({ topics: ["t"], userData: new Uint8Array(), owned: [] });
  (await cluster.next("JoinGroup")).respond(joinResponse({
    leader: "m",
    members: [{ memberId: "n", metadata }, { memberId: "m", metadata }],
  }));
  const { request, respond } = await cluster.next("SyncGroup");
  const assignments = request.assignments as { memberId: string; assignment: Uint8Array }[];
  assert.deepEqual(
    assignments.map(({ memberId, assignment }) => [memberId, keys(decodeAssignment(assignment))]),
    [["n", "t-1"], ["m", "t-0"]],
  );
  respond({ errorCode: OK, assignment: encodeAssignment(t(0)) });
  await leave();
});

Deno.test("GroupMembership hands its assignor's text out with the partitions, and gets its own", async () => {
  const informed: string[] = [];
  const { cluster, leave, joined } = membershipOf({
    assignors: [{
      ...roundRobinAssignor,
      inform: (candidates, assigned) =>
        new Map(candidates.map(({ memberId: m }) => [m, `${m} of ${assigned.size}: ä`])),
    }],
    onAssign: (assignment) => Promise.resolve(void informed.push(assignment.informed)),
  });
  const metadata = encodeSubscription({ topics: ["t"], userData: new Uint8Array(), owned: [] });
  (await cluster.next("JoinGroup")).respond(joinResponse({
    leader: "m",
    members: [{ memberId: "n", metadata }, { memberId: "m", metadata }],
  }));
  const { request, respond } = await cluster.next("SyncGroup");
  const sent = request.assignments as { memberId: string; assignment: Uint8Array }[];
  respond({ errorCode: OK, assignment: sent.find(({ memberId }) => memberId === "m")!.assignment });
  await joined;
  assert.deepEqual(informed, ["m of 2: ä"]);
  await leave();
});

Deno.test("GroupMembership gives everything back before it joins a rebalance", async () => {
  const { told, letJoin, answerHeartbeat, leave, cluster } = membershipOf();
  await letJoin(1, t(0, 1));
  await answerHeartbeat(REBALANCE_IN_PROGRESS);
  const join = await letJoin(2, t(0));
  assert.equal(join.request.memberId, "m");
  assert.equal(ownedIn(join), "nothing");
  await cluster.next("Heartbeat");
  assert.deepEqual(told, ["assign t-0 t-1", "revoke t-0 t-1", "assign t-0, kept"]);
  await leave();
});

Deno.test("GroupMembership joins as a stranger when the group has forgotten it, and owns nothing meanwhile", async () => {
  const { told, membership, letJoin, answerHeartbeat, cluster, leave } = membershipOf();
  await letJoin(1, t(0));
  await answerHeartbeat(UNKNOWN_MEMBER_ID);
  const join = await cluster.next("JoinGroup");
  assert.equal(join.request.memberId, "");
  assert.throws(() => membership.identity, { retriable: true });
  join.respond(joinResponse({ memberId: "m-2", generation: 2 }));
  (await cluster.next("SyncGroup")).respond({
    errorCode: OK,
    assignment: encodeAssignment(t(0)),
  });
  await cluster.next("Heartbeat");
  assert.deepEqual(told, ["assign t-0", "assign t-0"], "not kept, and nothing to commit");
  await leave();
});

Deno.test("GroupMembership counts nothing as kept when a generation passed without it", async () => {
  const { told, letJoin, answerHeartbeat, cluster, leave } = membershipOf();
  await letJoin(1, t(0));
  await answerHeartbeat(ILLEGAL_GENERATION);
  await letJoin(2, t(0));
  await answerHeartbeat(REBALANCE_IN_PROGRESS);
  await letJoin(4, t(0));
  await cluster.next("Heartbeat");
  assert.deepEqual(told, ["assign t-0", "assign t-0", "revoke t-0", "assign t-0"]);
  await leave();
});

Deno.test("GroupMembership joins again under its name when the group rebalances before it was assigned anything", async () => {
  const { told, cluster, letJoin, leave } = membershipOf();
  (await cluster.next("JoinGroup")).respond(joinResponse({ generation: 1 }));
  const sync = await cluster.next("SyncGroup");
  sync.respond({ errorCode: REBALANCE_IN_PROGRESS, assignment: new Uint8Array() });
  assert.equal((await letJoin(2, t(1))).request.memberId, "m");
  await cluster.next("Heartbeat");
  assert.deepEqual(told, ["assign t-1"]);
  await leave();
});

Deno.test("GroupMembership looks for its coordinator until one is there", async () => {
  const { cluster, membership, letJoin, answerHeartbeat, joined, told, leave } = membershipOf();
  cluster.coordinatorErrors.push(
    errorOfCode(15),
    Object.assign(new Error("Connection error"), { name: "KafkaJSConnectionError" }),
  );
  (await cluster.next("JoinGroup")).respond(joinResponse({ errorCode: NOT_COORDINATOR }));
  await letJoin(1, t(0));
  await joined;
  assert.equal(cluster.coordinatorSearches, 4);
  await answerHeartbeat(NOT_COORDINATOR);
  assert.equal((await answerHeartbeat(OK)).request.generation, 1, "still a member");
  assert.equal(cluster.coordinatorSearches, 5);
  assert.equal(membership.identity.generation, 1);
  assert.deepEqual(told, ["assign t-0"]);
  await leave();
});

Deno.test("GroupMembership ends at once where a right is missing, and names it", async () => {
  const { cluster, joined, told } = membershipOf();
  const join = await cluster.next("JoinGroup");
  join.respond(joinResponse({ errorCode: GROUP_AUTHORIZATION_FAILED, memberId: "" }));
  await assert.rejects(joined, {
    name: "KafkaError",
    message: 'Cannot join group "g": this user needs Read on group "g" (grant it)',
  });
  assert.deepEqual([told, cluster.waiting], [["lost: GROUP_AUTHORIZATION_FAILED"], []]);
});

Deno.test("GroupMembership ends when another member took its instance id", async () => {
  const { told, letJoin, answerHeartbeat, lost } = membershipOf({ instanceId: "i" });
  const join = await letJoin(1, t(0));
  assert.equal(join.request.instanceId, "i");
  const heartbeat = await answerHeartbeat(FENCED_INSTANCE_ID);
  assert.equal(heartbeat.request.instanceId, "i");
  assert.equal(
    (await lost).message,
    'Cannot stay in group "g": another member has joined under its instance id "i" ' +
      "(give each member an id of its own)",
  );
  assert.deepEqual(told, ["assign t-0", "lost: FENCED_INSTANCE_ID"]);
});

Deno.test("leave() says goodbye for a dynamic member, and lets a static one's partitions wait for it", async () => {
  for (const [options, requests] of [[{}, 1], [{ instanceId: "i" }, 0]] as const) {
    const { cluster, letJoin, joined, membership } = membershipOf({
      ...options,
      heartbeatMs: 60_000,
    });
    await letJoin(1, t(0));
    await joined;
    const left = membership.leave();
    if (requests > 0) {
      const { request, respond } = await cluster.next("LeaveGroup");
      assert.equal(request.memberId, "m");
      respond({ errorCode: OK });
    }
    await left;
    assert.deepEqual(cluster.waiting, []);
  }
});

Deno.test("leave() ends a join that nobody answers", async () => {
  const { cluster, joined, membership } = membershipOf();
  await cluster.next("JoinGroup");
  await membership.leave();
  await assert.rejects(joined, { message: /the member was closed/ });
});

Deno.test("GroupMembership has its group rebalance when a topic has more partitions than it assigned", async () => {
  const { cluster, told, leave } = membershipOf({ topicCheckMs: 0 });
  const lead = async (generation: number, memberId: string) => {
    const metadata = encodeSubscription({ topics: ["t"], userData: new Uint8Array(), owned: [] });
    (await cluster.next("JoinGroup")).respond(
      joinResponse({ generation, leader: "m", memberId, members: [{ memberId: "m", metadata }] }),
    );
    const { request, respond } = await cluster.next("SyncGroup");
    const [mine] = request.assignments as { assignment: Uint8Array }[];
    respond({ errorCode: OK, assignment: mine!.assignment });
  };
  await lead(1, "m");
  (await cluster.next("Heartbeat")).respond({ errorCode: OK });
  // A topic that no broker shows for a moment is no reason.
  cluster.partitions.set("t", 0);
  (await cluster.next("Heartbeat")).respond({ errorCode: OK });
  const heartbeat = await cluster.next("Heartbeat");
  cluster.partitions.set("t", 3);
  heartbeat.respond({ errorCode: OK });
  await lead(2, "m");
  await cluster.next("Heartbeat");
  assert.deepEqual(told, ["assign t-0 t-1", "revoke t-0 t-1", "assign t-0 t-1 t-2, kept"]);
  await leave();
});

Deno.test("GroupMembership keeps its session alive while partitions are given back", async () => {
  const committed = Promise.withResolvers<void>();
  const { cluster, letJoin, answerHeartbeat, leave } = membershipOf({
    onRevoke: () => committed.promise,
  });
  await letJoin(1, t(0));
  await answerHeartbeat(REBALANCE_IN_PROGRESS);
  await answerHeartbeat(REBALANCE_IN_PROGRESS);
  assert.deepEqual(cluster.waiting.filter((name) => name === "JoinGroup"), []);
  committed.resolve();
  await letJoin(2, t(0));
  await leave();
});

Deno.test("GroupMembership starts from nothing after an assignment that could not be taken", async () => {
  const kept: boolean[] = [];
  const { cluster, letJoin, leave } = membershipOf({
    assignors: [cooperativeStickyAssignor],
    onAssign: ({ kept: its, retained }) => {
      kept.push(its || retained.length > 0);
      return kept.length === 1 ? Promise.reject(errorOfCode(NOT_COORDINATOR)) : Promise.resolve();
    },
  });
  await letJoin(1, t(0));
  assert.equal(ownedIn(await letJoin(2, t(0))), "nothing");
  await cluster.next("Heartbeat");
  assert.deepEqual(kept, [false, false]);
  await leave();
});

Deno.test("GroupMembership ends when its assignor fails, with the reason", async () => {
  const broken: Assignor = {
    ...roundRobinAssignor,
    assign() {
      throw new TypeError("no idea whose turn it is");
    },
  };
  const { cluster, joined } = membershipOf({ assignors: [broken] });
  (await cluster.next("JoinGroup")).respond(joinResponse({ leader: "m" }));
  await assert.rejects(joined, { message: /^Cannot join group "g": no idea whose turn it is$/ });
});
