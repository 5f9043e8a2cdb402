import type { Anomaly } from "../anomalies.ts";
import type { Cluster } from "../clusters.ts";
import { avroFormat, type Format, JSON_FORMAT } from "../poison.ts";
import { poisonRun } from "../poison_run.ts";
import { registerNumbered } from "../poison_worker.ts";
import type { Row } from "../row.ts";

const STEPS = ["written", "offsets", "committed"];

/** R9: a topic that holds what it should not, under each policy, as JSON and as Avro. */
export const poison: Row = {
  id: "R9",
  name: "poison",
  about:
    "1,000 malformed records among 10,000: fail stops at the first and names it, skip counts each, " +
    "dead-letter keeps each once over a kill -9; good records are exact",
  brokers: 1,
  registry: true,
  gate: true,
  rounds: 3,
  gateRounds: 1,
  run: async ({ cluster, random, round, tell }) => {
    const anomalies: Anomaly[] = [];
    for (const format of await formats(cluster)) {
      for (const policy of ["fail", "skip", "dead-letter"] as const) {
        const step = STEPS[Math.floor(random() * STEPS.length)]!;
        const crash = policy === "dead-letter" ? { crash: `${step}@${1 + round}` } : {};
        tell(`${format.name}, ${policy}${crash.crash ? `, kill -9 at ${crash.crash}` : ""}`);
        const options = { format, policy, random, guarantee: "exactly-once", ...crash } as const;
        const found = await poisonRun(cluster, options);
        anomalies.push(
          ...found.map((one) => ({ ...one, detail: `${format.name}, ${policy}: ${one.detail}` })),
        );
      }
    }
    return { anomalies, figures: { records: 60_000, malformed: 6_000 } };
  },
  control: {
    about: "at least once, killed between writing and committing: dead letters double",
    finds: ["duplicate"],
    run: async ({ cluster, random }) => ({
      anomalies: await poisonRun(cluster, {
        format: JSON_FORMAT,
        policy: "dead-letter",
        guarantee: "at-least-once",
        crash: "written@1",
        random,
        records: 2_000,
        // Nearly all: also a first commit of few records has a dead letter.
        bad: 1_900,
      }),
      figures: {},
    }),
  },
};

async function formats({ registryUrl }: Cluster): Promise<Format[]> {
  return [JSON_FORMAT, avroFormat(await registerNumbered(registryUrl))];
}
