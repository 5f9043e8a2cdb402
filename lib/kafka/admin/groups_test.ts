import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import type { Kafka } from "../client/connect.ts";
import { FakeCluster } from "../transport/fake_cluster.ts";
import type { Broker } from "../transport/broker.ts";
import { Groups } from "./groups.ts";

const GROUP_ID_NOT_FOUND = 69, UNSUPPORTED_VERSION = 35, GROUP_AUTHORIZATION_FAILED = 30;

/** Groups that a fake coordinator keeps. */
function fakeGroups(): { readonly groups: Groups; readonly cluster: FakeCluster } {
  const cluster = new FakeCluster();
  const askCoordinator = async (_: string, question: (one: Broker) => Promise<unknown>) =>
    await question(await cluster.coordinatorOf());
  const closeConsumers = () => Promise.resolve();
  return { cluster, groups: new Groups({ askCoordinator, closeConsumers } as unknown as Kafka) };
}

/** One topic "t" with partition 0, as consumers write it. */
const OWNS_T0 = Buffer.from("00000000000100017400000001" + "00000000" + "00000000", "hex");
/** What a worker of Kafka Connect is given begins with a version and an error code. */
const CONNECT = Buffer.from("00010000" + "0009636f6e6e6563742d31" + "00".repeat(12), "hex");

Deno.test("groups.describe() names members of a group that shares out something else than partitions", async () => {
  const owned = async (protocolType: string, assignment: Buffer) => {
    const { groups, cluster } = fakeGroups(), described = groups.describe("g");
    const members = [{ clientId: "c", memberId: "c-1", assignment }];
    const asked = await cluster.next("DescribeGroups");
    asked.respond([{ group: "g", errorCode: 0, state: "Stable", protocolType, members }]);
    return (await described).members.map(({ partitions }) => partitions);
  };
  assert.deepEqual(await owned("consumer", OWNS_T0), [[{ topic: "t", partition: 0 }]]);
  assert.deepEqual(await owned("connect", CONNECT), [[]]);
  assert.deepEqual(await owned("connect", OWNS_T0), [[]]);
  // An assignor of its own may write what it likes.
  assert.deepEqual(await owned("consumer", Buffer.from("7fffffff7fffffff", "hex")), [[]]);
});

Deno.test("groups.describe() knows that a broker which has not switched on a kind of groups has none of it", async () => {
  const described = async (errorCode: number) => {
    const { groups, cluster } = fakeGroups(), described = groups.describe("g");
    const dead = { group: "g", errorCode: 0, state: "Dead", protocolType: "", members: [] };
    (await cluster.next("DescribeGroups")).respond([dead]);
    for (const kind of ["Consumer", "Share", "Streams"]) {
      const asked = cluster.next(`${kind}GroupDescribe`);
      void asked.then((one) => one.respond([{ group: "g", errorCode }]));
    }
    return (await described).state;
  };
  assert.equal(await described(GROUP_ID_NOT_FOUND), "Dead");
  // Kafka 3.7 to 3.9 offer the request.
  assert.equal(await described(UNSUPPORTED_VERSION), "Dead");
  await assert.rejects(described(GROUP_AUTHORIZATION_FAILED), {
    type: "GROUP_AUTHORIZATION_FAILED",
  });
});

Deno.test("groups.delete() is false for a group that is not there, and names members in other programs", async () => {
  const deleted = async (errorCode: number) => {
    const { groups, cluster } = fakeGroups(), deleted = groups.delete("g");
    (await cluster.next("DeleteGroups")).respond([{ group: "g", errorCode }]);
    return await deleted;
  };
  assert.equal(await deleted(0), true);
  assert.equal(await deleted(GROUP_ID_NOT_FOUND), false);
  const NON_EMPTY_GROUP = 68;
  await assert.rejects(deleted(NON_EMPTY_GROUP), {
    message: 'Cannot delete group "g": it still has members in other programs (close them first)',
  });
});
