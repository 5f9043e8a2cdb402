import { sleep } from "../../../lib/async/mod.ts";
import type { Kafka } from "../../../lib/kafka/mod.ts";
import type { Guarantee } from "../../../lib/streams/mod.ts";
import type { Anomaly } from "../anomalies.ts";
import { echoRun, type Harm } from "../echo_run.ts";
import type { Row, Trial } from "../row.ts";

const WORKERS = 3, PARTITIONS = 12, RATE = 5_000, EVERY_MS = 2_000, STALL_MS = 15_000;

/** Workers that come, go and die faster than the group can settle. */
export const rebalanceStorm: Row = {
  id: "R22",
  name: "rebalance-storm",
  about:
    "for a minute a worker joins, leaves or is killed every 2 s: exact, one owner each, no long stall",
  brokers: 1,
  gate: false,
  rounds: 1,
  gateRounds: 1,
  run: (trial) => run(trial, { guarantee: "exactly-once", events: 30, mostStallMs: STALL_MS }),
  control: {
    about: "no transactions: what changed hands unfinished is done twice",
    finds: ["duplicate"],
    run: (trial) => run(trial, { guarantee: "at-least-once", events: 9, mostStallMs: Infinity }),
  },
};

async function run({ cluster, random, tell }: Trial, { guarantee, events, mostStallMs }: {
  readonly guarantee: Guarantee;
  readonly events: number;
  readonly mostStallMs: number;
}) {
  const { kafka, brokers } = cluster;
  const owners: Anomaly[] = [];
  let stallMs = 0, settledMs = 0;
  const result = await echoRun(kafka, {
    ...{ guarantee, brokers, workers: WORKERS, partitions: PARTITIONS, rate: RATE },
    faults: async (harm) => {
      await harm.reader.firstArrival();
      harm.reader.longestGapMs = 0;
      for (let event = 0; event < events; event++) {
        await sleep(EVERY_MS);
        tell(`${EVERY_MS} ms later, ${storm(harm, { random, event })}`);
      }
      const startMs = performance.now();
      owners.push(...await ownerFaults(kafka, harm));
      settledMs = performance.now() - startMs;
      await harm.reader.sees(`${harm.feed.written}`);
      stallMs = harm.reader.longestGapMs;
    },
  });
  const stall: Anomaly[] = stallMs > mostStallMs
    ? [{ kind: "stall", detail: `nothing came out for ${Math.round(stallMs)} ms` }]
    : [];
  return {
    anomalies: [...result.anomalies, ...owners, ...stall],
    figures: {
      records: result.records,
      "joins, leaves and kills": events,
      "longest stall ms": Math.round(stallMs),
      "settled after ms": Math.round(settledMs),
      "tasks begun again": result.lost.length,
    },
  };
}

/** Does one thing, so that between two and four workers are there. */
function storm(
  { fleet }: Harm,
  { random, event }: { readonly random: () => number; readonly event: number },
): string {
  const places = fleet.places, place = places[Math.floor(random() * places.length)]!;
  // One after another, so that each happens equally often.
  const kind = event % 3;
  if (kind === 0) return `worker ${fleet.add()} joins`;
  if (kind === 1) {
    fleet.leave(place);
    return `Ctrl-C worker ${place}, for good`;
  }
  fleet.kill(place);
  return `kill -9 worker ${place}, start it again`;
}

/** After the storm each partition has one owner, and all have about as many. */
async function ownerFaults(kafka: Kafka, { fleet, run, topics }: Harm): Promise<Anomaly[]> {
  const { members } = await kafka.groups.settled(run, {
    members: fleet.places.length,
    timeoutMs: 60_000,
  });
  const owned = members.map(({ partitions }) =>
    partitions.filter(({ topic }) => topic === topics.input).map(({ partition }) => partition)
  );
  const all = owned.flat(), found: Anomaly[] = [];
  const wrong = (detail: string) => found.push({ kind: "wrong answer", detail });
  if (new Set(all).size !== PARTITIONS) wrong(`${new Set(all).size} partitions have an owner`);
  if (all.length > PARTITIONS) wrong(`${all.length - PARTITIONS} partitions have two owners`);
  const total = members.map(({ partitions }) => partitions.length);
  if (Math.max(...total) - Math.min(...total) > 1) wrong(`shared unevenly: ${total}`);
  return found;
}
