import { fileURLToPath } from "node:url";
import { parseSchema, schemaRegistry } from "../../../lib/avro/mod.ts";
import type { Anomaly } from "../anomalies.ts";
import { runScript } from "../child.ts";
import type { Outcome, Row, Trial } from "../row.ts";

const schema = (file: string) =>
  fileURLToPath(new URL(`../../../schemas/${file}`, import.meta.url));

/** R11: the seed's lesson, float to string, on the real registry. */
export const breakingSchema: Row = {
  id: "R11",
  name: "breaking-schema",
  about:
    "a producer with total_amount as a string instead of a float is refused: the message names field and rule, " +
    "nothing is written, and the registry's mode is BACKWARD",
  brokers: 1,
  registry: true,
  gate: true,
  rounds: 1,
  gateRounds: 1,
  run: (trial) => refused(trial),
  control: {
    about: "the subject's mode is NONE, as the registry's own default is",
    finds: ["wrong exit", "wrong answer"],
    run: (trial) =>
      refused(trial, async (registry, topic) => {
        await registry.setCompatibility("NONE", `${topic}-value`);
      }),
  },
};

async function refused(
  { cluster: { kafka, registryUrl, env } }: Trial,
  before?: (registry: ReturnType<typeof schemaRegistry>, topic: string) => Promise<void>,
): Promise<Outcome> {
  const registry = schemaRegistry({ url: registryUrl }), anomalies: Anomaly[] = [];
  const topic = `breaking.${crypto.randomUUID().slice(0, 8)}`;
  await kafka.topics.create(topic, { partitions: 1 });
  try {
    const mode = await registry.compatibility();
    if (mode !== "BACKWARD") {
      anomalies.push({ kind: "wrong answer", detail: `the mode is ${mode}` });
    }
    const good = parseSchema(await Deno.readTextFile(schema("taxi_ride_value.avsc")));
    await registry.register(`${topic}-value`, good);
    await before?.(registry, topic);
    const file = schema("taxi_ride_value.breaking.avsc");
    const { code, lines } = await runScript("../../tasks/avro_producer.ts", [
      ...["--topic", topic, "--count", "3", "--rate", "max", "--value-schema", file],
    ], env);
    const said = lines.at(-1) ?? "";
    if (code !== 1 || !/BACKWARD/.test(said)) {
      anomalies.push({ kind: "wrong exit", detail: `code ${code}: ${said}` });
    }
    if (!/"total_amount".*TYPE_MISMATCH/.test(said)) {
      anomalies.push({ kind: "unclear error", detail: `names no field and rule: ${said}` });
    }
    const [written] = await kafka.topics.endOffsets(topic);
    if (written !== 0) {
      anomalies.push({ kind: "wrong answer", detail: `${written} records written` });
    }
    const versions = await registry.versions(`${topic}-value`);
    if (versions.length !== 1) {
      anomalies.push({ kind: "wrong answer", detail: `${versions.length} versions registered` });
    }
    return { anomalies, figures: {} };
  } finally {
    await kafka.topics.delete(topic);
    for (const part of ["key", "value"]) {
      await registry.deleteSubject(`${topic}-${part}`, { permanent: true }).catch(() => {});
    }
  }
}
