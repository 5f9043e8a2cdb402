/**
 * Compares what the echo application wrote with what it should have written, record by record.
 *
 * @module
 */
import { type Kafka, readAll, string } from "../../lib/kafka/mod.ts";
import { type Anomaly, copyFaults, type Entry, type Evidence, findAnomalies } from "./anomalies.ts";
import { type EchoTopics, isLow, minuteName } from "./echo_app.ts";
import type { FedRecord } from "./feed.ts";

type Input = readonly (readonly FedRecord[])[];

/** Reads the outputs, committed records only, and judges all of them. */
export async function judgeEcho(
  kafka: Kafka,
  { topics, input, ...rest }:
    & { readonly topics: EchoTopics; readonly input: Input }
    & Pick<Evidence, "seen" | "lag" | "openTransactions">,
): Promise<{ readonly anomalies: readonly Anomaly[]; readonly evidence: Evidence }> {
  const lists = (topic: string) => entriesOf(kafka, topic, input.length);
  const evidence = {
    ...{ input, ...rest },
    echo: await lists(topics.echo),
    counts: await lists(topics.counts),
  };
  const anomalies = [
    ...findAnomalies(evidence),
    ...branchFaults(input, { copies: await lists(topics.low), belongs: isLow }),
    ...branchFaults(input, { copies: await lists(topics.high), belongs: (one) => !isLow(one) }),
    ...runningFaults((await lists(topics.digits)).flat(), {
      what: "digit",
      names: input.flat().map(({ value }) => value.slice(-1)),
    }),
    ...runningFaults((await lists(topics.minutes)).flat(), {
      what: "minute",
      names: input.flat().map(({ key, timestamp }) => minuteName(key, timestamp)),
    }),
  ];
  return { anomalies, evidence };
}

/** Partition by partition, in the order of the log. */
async function entriesOf(kafka: Kafka, topic: string, partitions: number): Promise<Entry[][]> {
  const lists: Entry[][] = Array.from({ length: partitions }, () => []);
  const records = await readAll(kafka, topic, { key: string, value: string });
  for (const { partition, key, value } of records) {
    lists[partition]!.push({ key: key!, value: value! });
  }
  return lists;
}

function branchFaults(
  input: Input,
  { copies, belongs }: {
    readonly copies: readonly (readonly Entry[])[];
    readonly belongs: (value: string) => boolean;
  },
): Anomaly[] {
  return input.flatMap((records, partition) =>
    copyFaults(records.filter(({ value }) => belongs(value)), copies[partition]!)
      .map((one) => ({ ...one, partition, detail: `in a branch: ${one.detail}` }))
  );
}

/** Behind a repartition the order between names is free; the counts of each are 1, 2, 3, … all the same. */
export function runningFaults(
  counts: readonly Entry[],
  { what, names }: { readonly what: string; readonly names: readonly string[] },
): Anomaly[] {
  const found: Anomaly[] = [], last = new Map<string, number>();
  const wrong = (detail: string) =>
    found.push({ kind: "inconsistent count", detail: `${what} ${detail}` });
  for (const { key, value } of counts) {
    const next = (last.get(key) ?? 0) + 1;
    if (value !== `${next}`) wrong(`${key}: ${value} after ${next - 1}`);
    last.set(key, Number(value));
  }
  for (const [name, records] of Map.groupBy(names, (name) => name)) {
    const count = last.get(name) ?? 0;
    if (count !== records.length) wrong(`${name}: ${count} at last, not ${records.length}`);
    last.delete(name);
  }
  for (const [name, count] of last) wrong(`${name}: ${count}, though nothing was written`);
  return found;
}
