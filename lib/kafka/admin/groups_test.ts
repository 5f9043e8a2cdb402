import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import type { Kafka } from "../client/connect.ts";
import { Groups } from "./groups.ts";

/** Answers DescribeGroups with one member that was given these bytes. */
function groupsWith(protocolType: string, memberAssignment: Buffer): Groups {
  const members = [{ clientId: "c", memberId: "c-1", memberAssignment }];
  const groups = [{ groupId: "g", state: "Stable", protocolType, members }];
  const admin = { describeGroups: () => Promise.resolve({ groups }) };
  const ask = (_: string, question: (it: unknown) => unknown) => question(admin);
  return new Groups({ ask } as unknown as Kafka);
}

/** One topic "t" with partition 0, as consumers write it. */
const OWNS_T0 = Buffer.from("00000000000100017400000001" + "00000000" + "00000000", "hex");
/** What a worker of Kafka Connect is given begins with a version and an error code. */
const CONNECT = Buffer.from("00010000" + "0009636f6e6e6563742d31" + "00".repeat(12), "hex");

Deno.test("groups.describe() names members of a group that shares out something else than partitions", async () => {
  const owned = async (type: string, bytes: Buffer) =>
    (await groupsWith(type, bytes).describe("g")).members.map(({ partitions }) => partitions);
  assert.deepEqual(await owned("consumer", OWNS_T0), [[{ topic: "t", partition: 0 }]]);
  assert.deepEqual(await owned("connect", CONNECT), [[]]);
  assert.deepEqual(await owned("connect", OWNS_T0), [[]]);
  // An assignor of its own may write what it likes.
  assert.deepEqual(await owned("consumer", Buffer.from("7fffffff7fffffff", "hex")), [[]]);
});

Deno.test("groups.describe() knows that a broker which has not switched on a kind of groups has none of it", async () => {
  const GROUP_ID_NOT_FOUND = 69, UNSUPPORTED_VERSION = 35, GROUP_AUTHORIZATION_FAILED = 30;
  const described = (errorCode: number) => {
    const groups = [{ groupId: "g", state: "Dead", protocolType: "", members: [] }];
    const admin = { describeGroups: () => Promise.resolve({ groups }) };
    const send = () => Promise.resolve([{ group: "g", errorCode }]);
    const ask = (_: string, question: (it: unknown) => unknown) => question(admin);
    const askCoordinator = (_: string, question: (it: unknown) => unknown) =>
      question({ versionOf: () => 0, send });
    return new Groups({ ask, askCoordinator } as unknown as Kafka).describe("g");
  };
  assert.equal((await described(GROUP_ID_NOT_FOUND)).state, "Dead");
  // Kafka 3.7 to 3.9 offer the request.
  assert.equal((await described(UNSUPPORTED_VERSION)).state, "Dead");
  await assert.rejects(described(GROUP_AUTHORIZATION_FAILED), {
    type: "GROUP_AUTHORIZATION_FAILED",
  });
});
