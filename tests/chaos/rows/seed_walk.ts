import assert from "node:assert/strict";
import { producer } from "../../../lib/kafka/mod.ts";
import { until } from "../../own_brokers.ts";
import type { Anomaly } from "../anomalies.ts";
import type { Outcome, Row, Trial } from "../row.ts";
import { Terminal } from "../terminal.ts";

/** The seed's demonstration: one consumer, two, three, on two partitions. */
export const seedWalk: Row = {
  id: "R16",
  name: "seed-walk",
  about: "of three consumers two share the partitions; the idle one takes over from a killed one",
  brokers: 1,
  gate: true,
  rounds: 1,
  gateRounds: 1,
  run: (trial) => run(trial),
  control: {
    about: "a third consumer in a group of its own: none is idle, and it reads everything again",
    finds: ["wrong answer"],
    run: (trial) => apart(trial),
  },
};

interface Walk {
  readonly topic: string;
  readonly group: string;
  readonly write: (count: number) => Promise<void>;
  readonly written: () => number;
}

async function run(trial: Trial): Promise<Outcome> {
  return await walking(trial, async ({ topic, group, write, written }) => {
    const { kafka, brokers } = trial.cluster;
    const terminals: Terminal[] = [];
    const open = () => terminals.push(new Terminal({ brokers, topic, group }));
    try {
      await write(200);
      for (let members = 1; members <= 3; members++) {
        open();
        await kafka.groups.settled(group, { members, timeoutMs: 60_000 });
      }
      const idle = await idleOf(trial, terminals, group);
      const victim = terminals.find((one) => one !== idle)!;
      await write(200);
      trial.tell("kill -9 one of the two that are busy");
      const killedMs = performance.now();
      await victim.end("SIGKILL");
      await write(200);
      const after = await kafka.groups.settled(group, { members: 2, timeoutMs: 60_000 });
      const takeoverMs = performance.now() - killedMs;
      assert.deepEqual(after.members.map(({ partitions }) => partitions.length), [1, 1]);
      await write(200);
      await everythingRead(terminals, written());
      await inOrder(trial, terminals.filter((one) => one !== victim), { topic, group });
      return {
        anomalies: [],
        figures: { records: written(), "taken over after ms": Math.round(takeoverMs) },
      };
    } finally {
      await Promise.all(terminals.map((one) => one.end("SIGKILL")));
    }
  });
}

async function apart(trial: Trial): Promise<Outcome> {
  return await walking(trial, async ({ topic, group, write, written }) => {
    const { brokers } = trial.cluster;
    const groups = [group, group, `${group}.other`];
    const terminals = groups.map((one) => new Terminal({ brokers, topic, group: one }));
    try {
      await write(200);
      await everythingRead(terminals.slice(2), written());
      await everythingRead(terminals.slice(0, 2), written());
      const read = terminals.reduce((sum, { seen }) => sum + seen.length, 0);
      const anomalies: Anomaly[] = read === written()
        ? []
        : [{ kind: "wrong answer", detail: `${read} records were read, ${written()} written` }];
      return { anomalies, figures: { records: written() } };
    } finally {
      await Promise.all(terminals.map((one) => one.end("SIGKILL")));
    }
  });
}

async function walking(
  { cluster: { kafka } }: Trial,
  walk: (given: Walk) => Promise<Outcome>,
): Promise<Outcome> {
  const topic = `demo_1.${crypto.randomUUID().slice(0, 8)}`;
  await kafka.topics.create(topic, { partitions: 2 });
  await using out = producer(kafka);
  let written = 0;
  const outcome = await walk({
    ...{ topic, group: `${topic}.group`, written: () => written },
    write: async (count) => {
      await out.send(
        topic,
        Array.from({ length: count }, () => ({ value: { number: written++ } })),
      );
    },
  });
  await kafka.topics.delete(topic);
  return outcome;
}

/** The one without a partition, which says so. */
async function idleOf(
  { cluster: { kafka } }: Trial,
  terminals: readonly Terminal[],
  group: string,
) {
  const { members } = await kafka.groups.describe(group);
  assert.deepEqual(members.map(({ partitions }) => partitions.length).sort(), [0, 1, 1]);
  const idle = members.find(({ partitions }) => partitions.length === 0)!;
  const waiting = terminals.find(({ member }) => member === idle.member)!;
  const words = `idle: 2 partitions, 3 members in group "${group}"`;
  await until(
    "the idle one to say so",
    () => Promise.resolve(waiting.errors.includes(words) || undefined),
  );
  return waiting;
}

async function everythingRead(terminals: readonly Terminal[], written: number): Promise<void> {
  const seen = () => new Set(terminals.flatMap((one) => one.seen));
  await until(
    "every number to be read",
    () => Promise.resolve(seen().size === written || undefined),
  );
  const all = Array.from({ length: written }, (_, i) => i);
  assert.deepEqual([...seen()].sort((a, b) => a - b), all, "nothing is skipped");
}

/** Ctrl-C commits, leaves at once, and prints totals that are right. */
async function inOrder(
  { cluster: { kafka } }: Trial,
  terminals: readonly Terminal[],
  { topic, group }: { readonly topic: string; readonly group: string },
): Promise<void> {
  const codes = await Promise.all(terminals.map((one) => one.end("SIGINT")));
  assert.deepEqual(codes, terminals.map(() => 130));
  for (const one of terminals) assert.equal(one.total, one.seen.length);
  assert.equal((await kafka.groups.describe(group)).state, "Empty", "they left at once");
  const lag = await kafka.groups.lag(group, topic);
  assert.deepEqual(lag.map((one) => one.lag), [0, 0], "and committed first");
}
