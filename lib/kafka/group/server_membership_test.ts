import assert from "node:assert/strict";
import { type TopicPartition, topicPartitionKey } from "../../serde/mod.ts";
import { FakeCluster, type FakeRequest } from "../transport/fake_cluster.ts";
import type { ConsumerGroupHeartbeat } from "../wire/api/consumer_group_heartbeat.ts";
import { ServerMembership, type ServerMembershipOptions } from "./server_membership.ts";

const GROUP_AUTHORIZATION_FAILED = 30, UNSUPPORTED_VERSION = 35, GROUP_ID_NOT_FOUND = 69;
const COORDINATOR_LOAD_IN_PROGRESS = 14, UNKNOWN_MEMBER_ID = 25, FENCED_MEMBER_EPOCH = 110;
const topicId = "0".repeat(31) + "1";

const keys = (partitions: readonly TopicPartition[]) =>
  partitions.map(topicPartitionKey).join(" ") || "nothing";

/** A membership over a fake cluster, and what it told. */
function membershipOf(options: Partial<ServerMembershipOptions> = {}) {
  const cluster = new FakeCluster(), told: string[] = [], lost = Promise.withResolvers<void>();
  cluster.topicIds.set("t", topicId);
  const name = options.kind === "share" ? "ShareGroupHeartbeat" : "ConsumerGroupHeartbeat";
  const membership = new ServerMembership(cluster, {
    kind: "consumer",
    group: "g",
    topics: ["t"],
    onRevoke: (partitions) => Promise.resolve(void told.push(`revoke ${keys(partitions)}`)),
    onAssign: ({ partitions, retained }) => {
      told.push(`assign ${keys(partitions)}, retained ${keys(retained)}`);
      return Promise.resolve();
    },
    onLost: ({ message }) => {
      told.push(message);
      lost.resolve();
    },
    ...options,
  });
  const joined = membership.join();
  joined.catch(() => {});
  const next = () => cluster.next(name);
  /** Answers the next heartbeat: the epoch that the member is in, and what it is to own. */
  const answer = async (memberEpoch: number, partitions: readonly number[] | null) => {
    const heartbeat = await next();
    heartbeat.respond(response({
      memberEpoch,
      assignment: partitions && (partitions.length > 0 ? [{ topicId, partitions }] : []),
    }));
    return asked(heartbeat);
  };
  const refuse = async (errorCode: number, said: string | null = null) => {
    const heartbeat = await next();
    heartbeat.respond(response({ errorCode, said }));
    return asked(heartbeat);
  };
  const leave = async () => {
    const left = membership.leave();
    let last: string;
    do last = await answer(-1, null); while (!/^epoch -/.test(last));
    await left;
    return last;
  };
  return { cluster, told, membership, joined, lost: lost.promise, next, answer, refuse, leave };
}

function response(of: Record<string, unknown>): object {
  const nothing = { errorCode: 0, said: null, memberId: null, memberEpoch: 0, heartbeatMs: 1 };
  return { ...nothing, assignment: null, ...of };
}

/** `epoch 3 owns t-0`, of a heartbeat. */
function asked({ request }: FakeRequest): string {
  const { memberEpoch, owned } = request as unknown as ConsumerGroupHeartbeat;
  const its = owned?.flatMap(({ partitions }) => partitions) ?? [];
  return `epoch ${memberEpoch} owns ${its.join(" ") || "nothing"}`;
}

Deno.test("ServerMembership owns what the answer to its heartbeat says, and says so in the next", async () => {
  const { answer, joined, told, membership, leave } = membershipOf();
  assert.equal(await answer(1, [0, 1]), "epoch 0 owns nothing");
  await joined;
  assert.equal(await answer(1, [0, 1]), "epoch 1 owns 0 1");
  assert.deepEqual(told, ["assign t-0 t-1, retained nothing"]);
  assert.equal(membership.identity.generation, 1);
  assert.equal(await leave(), "epoch -1 owns 0 1");
});

Deno.test("ServerMembership tells that it owns nothing only when a second heartbeat says so", async () => {
  const { answer, joined, told, leave } = membershipOf();
  await answer(1, []);
  await answer(1, []);
  await joined;
  assert.deepEqual(told, ["assign nothing, retained nothing"]);
  await leave();
});

Deno.test("ServerMembership gives back only what must move, and says so at once", async () => {
  const { answer, told, leave } = membershipOf();
  await answer(1, [0, 1, 2]);
  await answer(2, [0]);
  assert.equal(await answer(3, [0]), "epoch 2 owns 0");
  await answer(4, [0, 2]);
  assert.equal(await answer(4, [0, 2]), "epoch 4 owns 0 2");
  assert.deepEqual(told, [
    "assign t-0 t-1 t-2, retained nothing",
    "revoke t-1 t-2",
    "assign t-0, retained t-0",
    "assign t-0 t-2, retained t-0",
  ]);
  await leave();
});

Deno.test("ServerMembership owns a partition, and stays a member, until it has committed it", async () => {
  const committed = Promise.withResolvers<void>();
  const { answer, leave } = membershipOf({ onRevoke: () => committed.promise });
  await answer(1, [0, 1]);
  await answer(1, [0]);
  assert.equal(await answer(1, [0]), "epoch 1 owns 0 1");
  committed.resolve();
  while (await answer(1, [0]) !== "epoch 1 owns 0");
  await leave();
});

for (const code of [UNKNOWN_MEMBER_ID, FENCED_MEMBER_EPOCH]) {
  Deno.test(`ServerMembership joins again after ${code}, and keeps nothing that it owned`, async () => {
    const { answer, refuse, told, membership, leave } = membershipOf();
    await answer(5, [0, 1]);
    await refuse(code);
    assert.equal(await answer(7, [1]), "epoch 0 owns nothing");
    assert.equal(await answer(7, [1]), "epoch 7 owns 1");
    assert.deepEqual(told.at(-1), "assign t-1, retained nothing");
    assert.equal(membership.identity.generation, 7);
    await leave();
  });
}

Deno.test("ServerMembership says all once more when an answer is lost or its coordinator is away", async () => {
  const { answer, refuse, next, cluster, told, leave } = membershipOf();
  await answer(3, [0]);
  (await next()).fail(Object.assign(new Error("lost"), { name: "KafkaJSConnectionError" }));
  assert.equal(await refuse(COORDINATOR_LOAD_IN_PROGRESS), "epoch 3 owns 0");
  assert.equal(await answer(3, [0]), "epoch 3 owns 0");
  assert.equal(cluster.coordinatorSearches, 3);
  assert.deepEqual(told, ["assign t-0, retained nothing"]);
  await leave();
});

Deno.test("ServerMembership looks for the name of a topic that it does not know", async () => {
  const { cluster, answer, told, joined, leave } = membershipOf();
  cluster.missing.add("t");
  await answer(1, [0]);
  await answer(1, [0]);
  await joined;
  cluster.missing.delete("t");
  await answer(1, [0]);
  await answer(1, [0]);
  assert.deepEqual(told, [
    "assign nothing, retained nothing",
    "assign t-0, retained nothing",
  ]);
  await leave();
});

Deno.test("ServerMembership of a static member leaves for a while", async () => {
  const { answer, joined, leave } = membershipOf({ instanceId: "i" });
  await answer(1, [0]);
  await joined;
  assert.equal(await leave(), "epoch -2 owns 0");
});

Deno.test("ServerMembership leaves a group that it was about to join", async () => {
  const { membership, next, joined } = membershipOf();
  const joining = await next(), left = membership.leave(), leaving = await next();
  assert.equal(asked(leaving), "epoch -1 owns nothing");
  for (const heartbeat of [joining, leaving]) heartbeat.respond(response({ memberEpoch: 1 }));
  await left;
  await assert.rejects(joined, /the member was closed/);
});

Deno.test("ServerMembership of a share group tells no partitions", async () => {
  const { answer, told, next, leave } = membershipOf({ kind: "share" });
  await answer(1, [0]);
  const second = await next();
  assert.deepEqual(Object.keys(second.request), ["group", "memberId", "memberEpoch", "topics"]);
  second.respond(response({ memberEpoch: 1 }));
  assert.deepEqual(told, ["assign t-0, retained nothing"]);
  await leave();
});

for (
  const [kind, code, said, message] of [
    [
      "consumer",
      UNSUPPORTED_VERSION,
      null,
      'Cannot join group "g": its broker does not assign partitions itself ' +
      '(leave out groupProtocol: "consumer", or use Kafka 4.0 or newer)',
    ],
    [
      "share",
      UNSUPPORTED_VERSION,
      null,
      'Cannot join group "g": its broker has no share groups (use consumer(), or Kafka 4.2 or newer)',
    ],
    [
      "consumer",
      GROUP_ID_NOT_FOUND,
      "Group g is not a consumer group.",
      'Cannot join group "g": Group g is not a consumer group (choose another group)',
    ],
    [
      "consumer",
      GROUP_AUTHORIZATION_FAILED,
      null,
      'Cannot join group "g": this user needs Read on group "g" (grant it)',
    ],
  ] as const
) {
  Deno.test(`ServerMembership says: ${message}`, async () => {
    const { refuse, joined, lost, told, membership } = membershipOf({ kind });
    await refuse(code, said);
    await assert.rejects(joined, { name: "KafkaError", message });
    await lost;
    assert.deepEqual(told, [message]);
    await membership.leave();
  });
}

Deno.test("ServerMembership says that its broker cannot tell what to own where topics have no ids", async () => {
  const { answer, cluster, joined, told } = membershipOf();
  cluster.topicIds.clear();
  await answer(1, [0]);
  await assert.rejects(joined, { message: /^Cannot join group "g": .*\(leave out groupProtocol/ });
  assert.equal(told.length, 1);
});
