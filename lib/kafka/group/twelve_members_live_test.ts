/** Who stops reading when a group of eleven gets a twelfth member, or one of twelve restarts; as the members tell it. */
import assert from "node:assert/strict";
import { onKafka } from "../../../tests/testkit/live_kafka.ts";
import type { MemberAssignment } from "../../views/mod.ts";
import type { Kafka } from "../client/connect.ts";
import { waitUntil } from "../client/wait.ts";
import { consumer } from "../consume/consumer.ts";
import type { Consumer, ConsumerOptions } from "../consume/consumer_options.ts";
import { cooperativeStickyAssignor } from "./assignor.ts";

type Options = Partial<ConsumerOptions<unknown, unknown>>;

const ELEVEN = "abcdefghijk", TWELVE = `${ELEVEN}l`;
const PATIENT = { sessionTimeoutMs: 30_000 };
/** Only as long as a slow machine may need. */
const WITHIN = { timeoutMs: 60_000 };

/** A group whose members write down each assignment and each revocation. */
class Crowd {
  readonly events: MemberAssignment[] = [];
  readonly #members = new Map<string, Consumer>();

  constructor(
    private readonly kafka: Kafka,
    private readonly at: { readonly group: string; readonly topics: string },
    private readonly options: (name: string) => Options,
  ) {}

  async join(name: string): Promise<void> {
    const write = (event: MemberAssignment) => void this.events.push(event);
    const told = { onAssignment: write, onRevocation: write };
    const options = { ...this.at, ...told, name, ...this.options(name) };
    this.#members.set(name, await consumer(this.kafka, options));
  }

  /** Its own events say when it stopped reading. */
  async leave(name: string): Promise<void> {
    const member = this.#members.get(name)!;
    this.events.push({ ...member.assignment, atMs: Date.now(), partitions: [] });
    await member.close();
  }

  /** What each member reads after its first events, by the numbers of the partitions. */
  reading(events = this.events.length): Map<string, readonly number[]> {
    return new Map(
      this.events.slice(0, events).map(({ member, partitions }) => [
        member,
        partitions.map(({ partition }) => partition),
      ]),
    );
  }

  /** Waits until each of them reads something, and each partition has one reader. */
  async shared(members: number): Promise<void> {
    await waitUntil(`${members} members to share out 12 partitions`, () => {
      const all = [...this.reading().values()].filter(({ length }) => length > 0);
      const read = all.flat();
      const isShared = all.length === members && read.length === 12 && new Set(read).size === 12;
      return Promise.resolve(isShared);
    }, WITHIN);
  }

  async close(): Promise<void> {
    await Promise.all([...this.#members.values()].map((one) => one.close()));
  }
}

interface Change {
  readonly names: string;
  readonly options: (name: string) => Options;
  readonly change: (crowd: Crowd) => Promise<void>;
}

/** Who stopped reading a partition, and who reads it in the end; how many members were told anything. */
async function stopped({ names, options, change }: Change) {
  const gaps: { member: string; next: string }[] = [], heard = new Set<string>();
  await onKafka(async ({ kafka, topic, name }) => {
    const at = { group: name("twelve"), topics: await topic("rides", 12) };
    const crowd = new Crowd(kafka, at, options);
    await Promise.all([...names].map((one) => crowd.join(one)));
    await crowd.shared(names.length);
    const before = crowd.events.length;
    await change(crowd);
    await crowd.shared(12);
    const read = crowd.reading(before), last = crowd.reading();
    const next = (partition: number) => [...last].find(([, its]) => its.includes(partition))![0];
    for (const { member, partitions } of crowd.events.slice(before)) {
      const its = partitions.map(({ partition }) => partition);
      const lost = read.get(member)?.filter((one) => !its.includes(one)) ?? [];
      gaps.push(...lost.map((partition) => ({ member, next: next(partition) })));
      read.set(member, its);
      heard.add(member);
    }
    await crowd.close();
  });
  return { gaps, heard: heard.size };
}

const comes = (crowd: Crowd) => crowd.join("l");
const restarts = async (crowd: Crowd) => {
  await crowd.leave("e");
  await crowd.join("e");
};

Deno.test("eager: a twelfth member stops all eleven, although one partition moves", async () => {
  const { gaps } = await stopped({ names: ELEVEN, options: () => PATIENT, change: comes });
  assert.deepEqual([...new Set(gaps.map(({ member }) => member))].sort(), [...ELEVEN]);
  assert.deepEqual(gaps.filter(({ member, next }) => member !== next).map(({ next }) => next), [
    "l",
  ]);
});

Deno.test("cooperative: a twelfth member stops nobody but who gives a partition up to it", async () => {
  const options = () => ({ ...PATIENT, assignors: [cooperativeStickyAssignor] });
  const { gaps, heard } = await stopped({ names: ELEVEN, options, change: comes });
  assert.deepEqual([gaps.map(({ next }) => next), heard], [["l"], 12]);
});

Deno.test("KIP-848: nobody but who gives a partition up hears of a twelfth member", async () => {
  const options = () => ({ groupProtocol: "consumer" as const });
  const { gaps, heard } = await stopped({ names: ELEVEN, options, change: comes });
  assert.deepEqual([gaps.map(({ next }) => next), heard], [["l"], 2]);
});

Deno.test("a restart stops all twelve members of an eager group, and no other one where they are static", async () => {
  const loud = await stopped({ names: TWELVE, options: () => PATIENT, change: restarts });
  assert.deepEqual([...new Set(loud.gaps.map(({ member }) => member))].sort(), [...TWELVE]);
  const options = (name: string) => ({ ...PATIENT, instanceId: `reader-${name}` });
  const { gaps, heard } = await stopped({ names: TWELVE, options, change: restarts });
  assert.deepEqual([gaps, heard], [[{ member: "e", next: "e" }], 1]);
});
