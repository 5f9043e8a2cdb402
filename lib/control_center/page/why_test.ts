import assert from "node:assert/strict";
import type { GroupLine, LagLine, TopicLine } from "../contract.ts";
import { type WhyFacts, whyNothing } from "./why.ts";

const QUIET = [0, 0, 0, 0], BUSY = [5, 5, 5, 5];

const topic = (more: Partial<TopicLine> = {}): TopicLine => ({
  ...{ topic: "t", offsets: 20, records: null, bytes: null, replicas: 1, weak: 0, internal: false },
  begin: [0, 0],
  end: [10, 10],
  open: [],
  leaders: [1, 1],
  copies: [[1], [1]],
  inSync: [[1], [1]],
  ...more,
});

const lag = (partition: number, more: Partial<LagLine> = {}): LagLine => ({
  ...{ topic: "t", partition, committed: 10, end: 10, lag: 0, member: "a" },
  ...more,
});

const member = (name: string, ...partitions: number[]) => ({
  member: name,
  memberId: name,
  partitions: partitions.map((partition) => ({ topic: "t", partition })),
});

function facts(group: Partial<GroupLine> = {}, more: Partial<WhyFacts> = {}): WhyFacts {
  const lags = group.lags ?? [lag(0), lag(1)];
  const sum = lags.reduce((all, one) => all + (one.lag ?? 0), 0);
  const members = [member("a", 0, 1)], protocol = "classic" as const;
  const given = { group: "g", protocol, state: "Stable", members, lags, lag: sum };
  const history = { samples: [], holdings: [] };
  const rates = { written: BUSY, committed: BUSY };
  return { group: { ...given, ...group }, topics: [topic()], history, ...rates, ...more };
}

const behind = (at: number) => lag(at, { committed: 4, lag: 6 });

/** What is wrong, and how the cause begins. */
const CAUSES: readonly (readonly [string, WhyFacts, RegExp])[] = [
  [
    "not to be described",
    facts({ state: "Unknown", problem: "Not allowed" }),
    /^Kafka does not tell this page/,
  ],
  ["rebalancing", facts({ state: "PreparingRebalance" }), /^The group is sharing out/],
  [
    "sharing out by the broker",
    facts({ state: "Reconciling", protocol: "consumer" }),
    /^The group is sharing out/,
  ],
  [
    "nobody joined",
    facts({ state: "Empty", members: [], lags: [behind(0)] }),
    /^Nobody has joined/,
  ],
  [
    "a partition without leader",
    facts({ lags: [lag(0), lag(1, { end: null, lag: null })] }, {
      topics: [topic({ leaders: [1, -1] })],
    }),
    /^t-1 has no leader/,
  ],
  ["a topic made again", facts({ lags: [lag(0, { committed: 99 })] }), /deleted and made again/],
  ["a topic that is gone", facts({ lags: [] }, { topics: [] }), /^The topic t is not there/],
  [
    "an open transaction",
    facts({ lags: [lag(0, { committed: 6, lag: 4 }), lag(1)] }, {
      topics: [topic({ open: [{ partition: 0, stable: 6 }] })],
    }),
    /^A transaction is open on t-0/,
  ],
  [
    "records taken by retention",
    facts({ lags: [lag(0, { committed: 2, lag: 3 })] }, { topics: [topic({ begin: [7, 0] })] }),
    /^What t-0 had at the committed offset is deleted/,
  ],
  [
    "more members than partitions",
    facts({ members: [member("a", 0), member("b", 1), member("c")] }),
    /^c gets nothing: there are more members/,
  ],
  ["no partition at all", facts({ members: [member("a")], lags: [] }), /^No member owns/],
  [
    "nothing committed",
    facts({ lags: [0, 1].map((at) => lag(at, { committed: null, lag: 10 })) }),
    /^The group has committed nothing yet/,
  ],
  ["standing still", facts({ lags: [behind(0)] }, { committed: QUIET }), /^The group stands still/],
  [
    "nothing new",
    facts({}, { written: QUIET, committed: QUIET }),
    /^The group has read everything/,
  ],
  [
    "an empty topic",
    facts({ lags: [lag(0, { committed: 0, end: 0 })] }, {
      written: QUIET,
      topics: [topic({ offsets: 0, end: [0, 0] })],
    }),
    /^There is nothing to read: t is empty/,
  ],
];

for (const [name, given, cause] of CAUSES) {
  Deno.test(`whyNothing() names the cause: ${name}`, () => {
    const reason = whyNothing(given);
    assert.match(reason?.cause ?? "none", cause);
    assert.ok(reason!.evidence.length > 5 && reason!.next.length > 5);
  });
}

Deno.test("whyNothing() says nothing where a group gets what there is", () => {
  const two = [member("a", 0), member("b", 1)];
  const healthy: readonly WhyFacts[] = [
    facts(),
    facts({ members: two }),
    facts({ members: two, lags: [behind(0), behind(1)] }),
    facts({ lags: [behind(0)] }),
    facts({ lags: [behind(0)] }, { committed: [0, 0, 0, 9] }),
    facts({ lags: [behind(0)] }, { committed: [0, null, 0, 0] }),
    facts({ lags: [behind(0)] }, { committed: [0, 0] }),
    facts({ lags: [behind(0)] }, { committed: undefined, written: undefined }),
    facts({}, { written: [0, 0, 0, 1] }),
    facts({}, { written: [0, 0, null, 0] }),
    facts({}, { written: undefined }),
    facts({ state: "Empty", members: [] }),
    facts({ state: "Empty", members: [], lags: [] }),
    facts({ state: "Empty", members: [] }, { written: QUIET }),
    facts({ lags: [lag(0, { committed: null, lag: 0, end: 0 }), lag(1)] }),
    facts({ lags: [lag(0, { committed: null, lag: 3 }), lag(1)] }),
    facts({ lags: [behind(0)] }, { topics: [topic({ open: [{ partition: 0, stable: 8 }] })] }),
    facts({ lags: [lag(0)] }, { topics: [topic({ open: [{ partition: 1, stable: 3 }] })] }),
    facts({}, { topics: [topic({ weak: 2, inSync: [[], []] })] }),
    facts({}, { topics: [topic({ begin: [10, 10], offsets: 0 })] }),
    facts({ protocol: "share", members: [member("a", 0), member("b")] }),
  ];
  for (const [nth, one] of healthy.entries()) {
    assert.equal(whyNothing(one), null, `situation ${nth}: ${whyNothing(one)?.cause}`);
  }
});
