import assert from "node:assert/strict";
import { type Child, platform, type SpawnOptions } from "../platform/mod.ts";
import { type LessonMemberOptions, type MemberWord, spawnMember } from "./lesson_member.ts";

/** A member whose process says what a test says, and writes down what it is told. */
async function fakeMember(options: Partial<LessonMemberOptions> = {}) {
  const told: string[] = [], started: SpawnOptions[] = [];
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  const output = writable.getWriter(), exited = Promise.withResolvers<void>();
  const kill = () => {
    told.push("kill");
    exited.resolve();
    void output.close().catch(() => {});
  };
  const child: Child = {
    ...{ pid: 7, stdout: readable, stderr: readable },
    exited: exited.promise.then(() => ({ code: null, signal: "SIGKILL" })),
    write: (bytes) => {
      told.push(new TextDecoder().decode(bytes));
      return Promise.resolve();
    },
    ...{ closeInput: kill, kill, unref: () => {} },
  };
  const member = await spawnMember(
    ["localhost:1"],
    { name: "z", group: "g", topics: "rides", ...options },
    platform("linux", {
      spawn: (_, options) => {
        started.push(options);
        return Promise.resolve(child);
      },
    }),
  );
  const write = (text: string) => output.write(new TextEncoder().encode(text));
  const say = (word: MemberWord) => write(`${JSON.stringify(word)}\n`);
  return { member, told, started, say, write, kill };
}

const OWNS = { member: "z", memberId: "z-1", group: "g", generation: 1, atMs: 5 };

Deno.test("spawnMember() hands over what can be written down, and a pipe whose end ends it", async () => {
  const { member, started } = await fakeMember({ sessionTimeoutMs: 3_000, onAssignment: () => {} });
  assert.deepEqual(JSON.parse(started[0]!.args.at(-1)!), {
    brokers: ["localhost:1"],
    reads: { name: "z", group: "g", topics: "rides", sessionTimeoutMs: 3_000 },
  });
  assert.deepEqual([started[0]!.input, started[0]!.output], ["piped", "piped"]);
  await member.close();
});

Deno.test("LessonMember tells what its process says, also where a line comes in two parts", async () => {
  const heard: string[] = [];
  const { member, say, write } = await fakeMember({
    onAssignment: ({ partitions }) => heard.push(`all: ${partitions.length}`),
    onRevocation: ({ partitions }) => heard.push(`left: ${partitions.length}`),
  });
  const record = { partition: 0, offset: 3, value: 20 };
  await say({ assigned: { ...OWNS, partitions: [{ topic: "rides", partition: 0 }] } });
  await write(JSON.stringify({ begun: record }).slice(0, 9));
  await write(`${JSON.stringify({ begun: record }).slice(9)}\n`);
  await say({ left: { ...OWNS, partitions: [] } });
  await say({ now: "working" });
  await member.joined();
  assert.deepEqual([member.begun, member.done], [[record], []]);
  assert.deepEqual(heard, ["all: 1", "left: 0"]);
  assert.deepEqual(member.assignment?.partitions, []);
  await member.close();
});

Deno.test("LessonMember.freeze() and thaw() wait until the process says that it is so", async () => {
  const { member, told, say } = await fakeMember();
  await say({ now: "working" });
  await member.joined();
  const freezing = member.freeze();
  await say({ now: "frozen" });
  await freezing;
  const thawing = member.thaw();
  await say({ now: "working" });
  await thawing;
  await member.close();
  assert.deepEqual(told.slice(0, 3), ["freeze\n", "thaw\n", "kill"]);
});

Deno.test("LessonMember says why it cannot be frozen: it has ended, and what it said before", async () => {
  const gone = await fakeMember();
  gone.kill();
  await assert.rejects(gone.member.freeze(), {
    message: "Cannot freeze member z: it has ended",
  });
  const refused = await fakeMember();
  await refused.say({ failed: 'Cannot read topic "rides": it does not exist' });
  await assert.rejects(refused.member.joined(), {
    message: 'Cannot start member z: Cannot read topic "rides": it does not exist',
  });
  assert.deepEqual(refused.told, ["kill"]);
});
