/**
 * Where everything stands when a run does not go on: what a person would ask the cluster first.
 *
 * @module
 */
import type { Kafka } from "../../lib/kafka/mod.ts";
import { deadline } from "../../lib/async/mod.ts";
import { openTransactions } from "./live_reader.ts";

/** The group, its lag, and how far each topic has come, in one line; never throws, and never takes long. */
export async function standing(
  kafka: Kafka,
  { group, topics }: { readonly group: string; readonly topics: readonly string[] },
): Promise<string> {
  const parts = [
    members(kafka, group),
    lag(kafka, group),
    ...topics.map((topic) => ends(kafka, topic)),
    openTransactions(kafka, topics).then((open) => `${open} partitions with an open transaction`),
  ];
  const late = () => new Error("no answer in 10 s");
  const known = await Promise.all(
    parts.map((part) => deadline(part, 10_000, late).catch((error) => `${error}`)),
  );
  return known.join(" · ");
}

async function members(kafka: Kafka, group: string): Promise<string> {
  const { state, members } = await kafka.groups.describe(group);
  return `group ${state} with ${members.length} members`;
}

async function lag(kafka: Kafka, group: string): Promise<string> {
  const behind = (await kafka.groups.lag(group)).filter((one) => one.lag > 0)
    .map(({ topic, partition, lag }) => `${topic}-${partition} ${lag}`);
  return `lag ${behind.join(", ") || "none"}`;
}

async function ends(kafka: Kafka, topic: string): Promise<string> {
  return `${topic} ends at ${(await kafka.topics.endOffsets(topic)).join(" ")}`;
}
