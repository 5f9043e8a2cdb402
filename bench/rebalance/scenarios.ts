/**
 * What rebalances look like, from the members' own events: who owned which partition, and for how long nobody did.
 *
 * @module
 */
import { sleep } from "../../lib/async/mod.ts";
import {
  type Consumer,
  consumer,
  type ConsumerOptions,
  cooperativeStickyAssignor,
  type Kafka,
  producer,
  shareConsumer,
} from "../../lib/kafka/mod.ts";
import { type Span, type Timeline, timeline } from "../../lib/show/mod.ts";
import { ownedBy, partitionNames, type Pause, pauses, Recorded } from "./recorded.ts";

/** What one scenario showed. */
export interface Seen {
  readonly title: string;
  readonly data: Timeline;
  /** Partitions that were without a reader, each as often as it was. */
  readonly pauses: readonly Pause[];
  /** What an empty stretch means. @default that nobody read the partition then */
  readonly note?: string;
}

/** A name for files and figures, and what is done. */
export interface Scenario {
  readonly name: string;
  run(kafka: Kafka): Promise<Seen>;
}

type HowToJoin = Partial<ConsumerOptions<unknown, unknown>>;

/** How long a picture goes on after the last event. */
const AFTER_MS = 500;
const MEMBERS = 12;

/** A group, its members by name, and what they told. */
class Group {
  readonly recorded = new Recorded();
  /** New in each round: static members stay in a group for as long as their session. */
  readonly name = `rebalance-${crypto.randomUUID().slice(0, 8)}`;
  readonly marks: { at: number; label: string }[] = [];
  readonly members = new Map<string, Consumer>();

  constructor(
    readonly kafka: Kafka,
    readonly topic: string,
    readonly partitions: number,
    readonly how: HowToJoin = {},
  ) {}

  /** Joins under a name, and reads from then on. */
  async join(name: string, how: HowToJoin = {}): Promise<void> {
    const { topic, recorded } = this;
    const member = await consumer(this.kafka, {
      ...{ group: this.name, topics: topic, name },
      ...{ onAssignment: recorded.add, onRevocation: recorded.add },
      ...this.how,
      ...how,
    });
    this.members.set(name, member);
    void (async () => {
      for await (const _ of member.records());
    })().catch(() => {});
  }

  async leave(name: string): Promise<void> {
    await this.members.get(name)!.close();
    this.recorded.left(name);
    this.members.delete(name);
  }

  mark(label: string): void {
    this.marks.push({ at: Date.now(), label });
  }

  /** Waits until each partition has one owner, and no member more than its share. */
  async settled(): Promise<void> {
    const most = Math.ceil(this.partitions / this.members.size);
    const least = Math.floor(this.partitions / this.members.size);
    for (;;) {
      const now = [...this.members.values()].map(({ assignment }) => assignment);
      const isEven = now.every(({ partitions: { length } }) => length >= least && length <= most);
      const generations = new Set(now.map(({ generation }) => generation));
      const isOne = this.how.groupProtocol === "consumer" || generations.size === 1;
      if (isEven && isOne && ownedBy(now) === this.partitions) return;
      await sleep(20);
    }
  }

  async seenSince(fromMs: number, title: string): Promise<Seen> {
    await sleep(AFTER_MS);
    const owned = this.recorded.since(fromMs);
    await Promise.all([...this.members.values()].map((member) => member.close()));
    const partitions = partitionNames(this.topic, this.partitions);
    const data = { ...owned, partitions, marks: this.marks };
    return { title, data, pauses: pauses(owned) };
  }
}

async function newTopic(kafka: Kafka, name: string, partitions: number): Promise<string> {
  await kafka.topics.create(name, { partitions });
  return name;
}

const NAMES = Array.from({ length: MEMBERS }, (_, i) => `m${`${i + 1}`.padStart(2, "0")}`);

/** Eleven members, and then a twelfth. */
function twelfthJoins(name: string, title: string, how: HowToJoin): Scenario {
  return {
    name,
    async run(kafka) {
      const topic = await newTopic(kafka, name, MEMBERS);
      const group = new Group(kafka, topic, MEMBERS, how), [last, ...others] = NAMES.toReversed();
      await Promise.all(others.map((one) => group.join(one)));
      await group.settled();
      const fromMs = Date.now();
      await sleep(AFTER_MS);
      group.mark(`${last} joins`);
      await group.join(last!);
      await group.settled();
      return await group.seenSince(fromMs, title);
    },
  };
}

const twoMembers: Scenario = {
  name: "two",
  async run(kafka) {
    const group = new Group(kafka, await newTopic(kafka, "two", 2), 2), fromMs = Date.now();
    await group.join("a");
    await sleep(AFTER_MS);
    group.mark("b joins");
    await group.join("b");
    await group.settled();
    await sleep(AFTER_MS);
    group.mark("b leaves");
    await group.leave("b");
    await group.settled();
    return await group.seenSince(fromMs, "Two members, eager");
  },
};

const threeMembers: Scenario = {
  name: "three",
  async run(kafka) {
    const group = new Group(kafka, await newTopic(kafka, "three", 2), 2), fromMs = Date.now();
    for (const name of ["a", "b", "c"]) {
      group.mark(`${name} joins`);
      await group.join(name);
      await group.settled();
      await sleep(AFTER_MS);
    }
    group.mark("a leaves");
    await group.leave("a");
    await group.settled();
    return await group.seenSince(
      fromMs,
      "Three members and two partitions, eager: c is idle at first",
    );
  },
};

const staticMembers: Scenario = {
  name: "static",
  async run(kafka) {
    const topic = await newTopic(kafka, "static", MEMBERS);
    const group = new Group(kafka, topic, MEMBERS, { sessionTimeoutMs: 30_000 });
    const restarted = NAMES[6]!;
    await Promise.all(NAMES.map((one) => group.join(one, { instanceId: one })));
    await group.settled();
    const fromMs = Date.now();
    await sleep(AFTER_MS);
    group.mark(`${restarted} stops`);
    await group.leave(restarted);
    await sleep(AFTER_MS);
    group.mark("and starts again");
    await group.join(restarted, { instanceId: restarted });
    await group.settled();
    return await group.seenSince(fromMs, "Twelve static members, one of which restarts");
  },
};

/** Members take records of two partitions as they come free: there is nothing to give back. */
const shareGroup: Scenario = {
  name: "share",
  async run(kafka) {
    const topic = await newTopic(kafka, "share", 2), records = 240;
    const group = `rebalance-${crypto.randomUUID().slice(0, 8)}`;
    await kafka.groups.configure(group, { "share.auto.offset.reset": "earliest" });
    await using out = producer(kafka);
    const spans: Span[] = [];
    const join = async (name: string) => {
      const member = await shareConsumer(kafka, { group, topics: topic, name, maxRecords: 1 });
      const work = (async () => {
        for await (const { partition } of member.records()) {
          const from = Date.now();
          await sleep(50);
          spans.push({ partition: name, member: `${topic}-${partition}`, from, to: Date.now() });
        }
      })();
      return { member, work };
    };
    const joined = await Promise.all(NAMES.slice(0, -1).map(join)), fromMs = Date.now();
    const marks: { at: number; label: string }[] = [];
    await out.send(
      topic,
      Array.from({ length: records }, (_, i) => ({ value: i, partition: i % 2 })),
    );
    while (spans.length < records / 3) await sleep(20);
    marks.push({ at: Date.now(), label: `${NAMES.at(-1)} joins` });
    joined.push(await join(NAMES.at(-1)!));
    while (spans.length < records) await sleep(20);
    await Promise.all(joined.map(({ member }) => member.close()));
    await Promise.all(joined.map(({ work }) => work));
    const members = partitionNames(topic, 2);
    const data = { from: fromMs, to: Date.now(), partitions: NAMES, members, spans, marks };
    return {
      title: "A share group of twelve on two partitions: who works at a record",
      note: "an empty stretch: the member waited for a record",
      data,
      pauses: [],
    };
  },
};

/** In the order in which they are told. */
export const SCENARIOS: readonly Scenario[] = [
  twoMembers,
  threeMembers,
  twelfthJoins("eager", "Twelve members, eager: everybody stops when one joins", {}),
  staticMembers,
  twelfthJoins("cooperative", "Twelve members, cooperative-sticky: only who moves stops", {
    assignors: [cooperativeStickyAssignor],
  }),
  twelfthJoins("broker-assigned", "Twelve members, assigned by the broker: only who moves stops", {
    groupProtocol: "consumer",
  }),
  shareGroup,
];

/** A page with the picture of one scenario. */
export function page({ title, data, note }: Seen): string {
  const { html } = timeline(data, { title, ...(note && { note }) });
  return `<!doctype html><meta charset="utf-8"><title>${title}</title>${html}`;
}
