import type { Broker } from "../transport/broker.ts";
import { type ConfigResource, DESCRIBE_CONFIG } from "../wire/api/configs.ts";
import { failOn } from "./topic_results.ts";

/** One setting of a topic or a broker. */
export interface TopicSetting {
  /** Kafka's name for it. */
  readonly name: string;
  /** As Kafka writes it; empty where there is none. */
  readonly value: string;
  /** Where it is set: for this topic, for this broker, for all brokers; or nowhere. */
  readonly source: "topic" | "broker" | "cluster" | "default";
}

/** Kafka's numbers for where a setting comes from. */
const SOURCES: Readonly<Record<number, TopicSetting["source"]>> = {
  1: "topic",
  2: "broker",
  3: "cluster",
  4: "broker",
};

/** What a broker says of settings, by name and without secrets. @throws Kafka's refusal */
export async function settingsOf(
  broker: Broker,
  resource: ConfigResource,
): Promise<readonly TopicSetting[]> {
  const { settings, ...result } = await broker.send(DESCRIBE_CONFIG, { resource });
  failOn(result);
  return settings.filter(({ isSecret }) => !isSecret).map(({ name, value, source }) => ({
    name,
    value: value ?? "",
    source: SOURCES[source] ?? "default",
  })).sort((a, b) => a.name < b.name ? -1 : 1);
}
