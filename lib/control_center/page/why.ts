import type { GroupHistory, GroupLine, LagLine, TopicLine } from "../contract.ts";
import { count, many } from "./words.ts";

/** Why a group's consumers get nothing, in one sentence, with what says so and what to do. */
export interface Reason {
  readonly cause: string;
  readonly evidence: string;
  readonly next: string;
}

/** What {@linkcode whyNothing} looks at. */
export interface WhyFacts {
  readonly group: GroupLine;
  readonly topics: readonly TopicLine[];
  readonly history: GroupHistory;
  /** Records a second that the group commits and that its topics get, oldest first; null where it is not known. */
  readonly committed?: readonly (number | null)[] | undefined;
  readonly written?: readonly (number | null)[] | undefined;
}

/** Partitions are being shared out: by the members, or, in newer groups, by the broker. */
const MOVING = /Rebalance$|^Assigning$|^Reconciling$/;
/** So many samples, five seconds apart, make a state last. */
const LASTS = 4;

/**
 * Says why a group gets nothing; null where it gets what there is.
 *
 * The first cause that holds is the one: each later one would only follow from it.
 */
export function whyNothing(facts: WhyFacts): Reason | null {
  for (const look of LOOKS) {
    const reason = look(facts);
    if (reason) return reason;
  }
  return null;
}

type Look = (facts: WhyFacts) => Reason | null | false | undefined;

const place = ({ topic, partition }: { readonly topic: string; readonly partition: number }) =>
  `${topic}-${partition}`;
const topicOf = ({ topics }: WhyFacts, { topic }: LagLine) =>
  topics.find((one) => one.topic === topic);

/** Whether the last samples all say so. */
const lasts = (
  numbers: readonly (number | null)[] | undefined,
  is: (number: number) => boolean,
): boolean =>
  numbers !== undefined && numbers.length >= LASTS &&
  numbers.slice(-LASTS).every((one) => one !== null && is(one));

const LOOKS: readonly Look[] = [
  ({ group: { problem } }) =>
    problem !== undefined && {
      cause: "Kafka does not tell this page about the group.",
      evidence: problem,
      next: /has no leader$/.test(problem)
        ? "Start the broker that is away: it keeps the group and its offsets."
        : "Ask the cluster's operator for the right to describe groups.",
    },
  ({ group: { state } }) =>
    MOVING.test(state) && {
      cause: "The group is sharing out its partitions: nobody reads meanwhile.",
      evidence: `Its state is ${state}.`,
      next: "Wait some seconds. When it does not end, a member answers too late: see its log.",
    },
  ({ group: { members, lag, lags } }) =>
    members.length === 0 && lag > 0 && {
      cause: "Nobody has joined: the group has no members.",
      evidence: `${many(lag, "record")} wait in ${many(lags.length, "partition")}.`,
      next: "Start a consumer with this group's name.",
    },
  (facts) => {
    const away = facts.group.lags.find((one) => {
      const topic = topicOf(facts, one);
      return topic !== undefined && topic.leaders[one.partition]! < 0;
    });
    return away && {
      cause: `${place(away)} has no leader: nobody can read it.`,
      evidence: `Its copies are on broker ${
        topicOf(facts, away)!.copies[away.partition]!.join(", ")
      }, and none of them can lead.`,
      next: "Start those brokers again.",
    };
  },
  ({ group: { lags } }) => {
    const behind = lags.find(({ committed, end }) =>
      committed !== null && end !== null && committed > end
    );
    return behind && {
      cause: `The committed offset of ${
        place(behind)
      } is behind its end: the topic was deleted and made again.`,
      evidence: `Committed is ${count(behind.committed!)}, the end is ${count(behind.end!)}.`,
      next: "Stop the consumers and reset the group's offsets.",
    };
  },
  (facts) => {
    const gone = facts.group.members.flatMap(({ partitions }) => partitions).find((one) =>
      !facts.topics.some(({ topic }) => topic === one.topic)
    );
    return gone && {
      cause: `The topic ${gone.topic} is not there any more.`,
      evidence: `A member still owns ${place(gone)}.`,
      next: "Create the topic again, or end the consumers.",
    };
  },
  (facts) => {
    const held = facts.group.members.length > 0 && facts.group.lags.find((one) => {
      const open = topicOf(facts, one)?.open.find(({ partition }) => partition === one.partition);
      return open !== undefined && (one.committed ?? 0) >= open.stable;
    });
    return held && {
      cause: `A transaction is open on ${place(held)}: read-committed consumers wait for its end.`,
      evidence: `They have read up to ${
        count(held.committed ?? 0)
      }, where it begins; the partition ends at ${count(held.end ?? 0)}.`,
      next:
        "End the producer's transaction, or wait until Kafka aborts it (transaction.timeout.ms).",
    };
  },
  (facts) => {
    const { members, lags } = facts.group;
    const old = members.length > 0 &&
      lags.find((one) =>
        one.committed !== null && one.committed < (topicOf(facts, one)?.begin[one.partition] ?? 0)
      );
    return old && {
      cause: `What ${place(old)} had at the committed offset is deleted.`,
      evidence: `Committed is ${count(old.committed!)}, the oldest record is ${
        count(topicOf(facts, old)!.begin[old.partition]!)
      }.`,
      next: "The consumer goes on at the beginning or the end, as its auto.offset.reset says.",
    };
  },
  ({ group: { members, lags, state, protocol } }) => {
    const idle = members.filter(({ partitions }) => partitions.length === 0);
    const owned = members.length - idle.length;
    // Members of a share group read the same partitions.
    if (state !== "Stable" || idle.length === 0 || protocol === "share") return null;
    return owned === 0
      ? {
        cause: "No member owns a partition.",
        evidence: `${many(members.length, "member")}, and no topic with partitions to share out.`,
        next: "Is the topic's name in subscribe() right, and is the topic there?",
      }
      : {
        cause: `${
          idle.map(({ member }) => member).join(", ")
        } gets nothing: there are more members than partitions.`,
        evidence: `${many(members.length, "member")} for ${many(lags.length, "partition")}.`,
        next: "Add partitions, or end the members that are too many.",
      };
  },
  ({ group: { members, lags, state } }) => {
    const never = state === "Stable" && members.length > 0 &&
      lags.filter(({ committed, lag }) => committed === null && (lag ?? 0) > 0);
    if (!never || never.length === 0 || never.length < lags.length) return null;
    return {
      cause: "The group has committed nothing yet: it began at the end, or does not commit.",
      evidence: `No offset is committed in ${many(lags.length, "partition")}.`,
      next:
        'Without a committed offset, consumers begin at the end unless auto.offset.reset is earliest (here: from: "earliest").',
    };
  },
  ({ group: { members, lag, lags }, committed }) =>
    members.length > 0 && lag > 0 && lasts(committed, (rate) => rate === 0) && {
      cause: "The group stands still: it has members, and commits nothing.",
      evidence: `Nothing was committed for ${LASTS * 5} seconds; ${
        many(lag, "record")
      } wait, most in ${place(worst(lags))}.`,
      next: `See the log of ${
        worst(lags).member ?? "its members"
      }: is it stuck at a record, slow, or does it not commit?`,
    },
  (facts) => {
    const { members, lag, lags } = facts.group;
    const read = [...new Set(lags.map(({ topic }) => topic))];
    const offsets = facts.topics.filter(({ topic }) => read.includes(topic))
      .reduce((sum, one) => sum + one.offsets, 0);
    if (
      read.length === 0 || members.length === 0 || lag > 0 ||
      !lasts(facts.written, (rate) => rate === 0)
    ) return null;
    return offsets === 0
      ? {
        cause: `There is nothing to read: ${read.join(", ")} ${
          read.length === 1 ? "is" : "are"
        } empty.`,
        evidence: `0 records in ${many(lags.length, "partition")}, and none was written for ${
          LASTS * 5
        } seconds.`,
        next: "Write some records, for example with Produce on the topic's Messages tab.",
      }
      : {
        cause: "The group has read everything, and nothing new is written.",
        evidence: `Lag 0 in ${many(lags.length, "partition")}; no record was written for ${
          LASTS * 5
        } seconds.`,
        next: "To read the old records again, end the consumers and reset the group's offsets.",
      };
  },
];

const worst = (lags: readonly LagLine[]) =>
  lags.toSorted((a, b) => (b.lag ?? 0) - (a.lag ?? 0))[0]!;
