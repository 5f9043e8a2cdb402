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

/** What a cluster says of settings, by name and without secrets. */
export function settingsIn(
  entries: readonly {
    readonly configName: string;
    readonly configValue: string | null;
    readonly configSource: number;
    readonly isSensitive: boolean;
  }[],
): readonly TopicSetting[] {
  return entries.filter((one) => !one.isSensitive).map((one) => ({
    name: one.configName,
    value: one.configValue ?? "",
    source: SOURCES[one.configSource] ?? "default",
  })).sort((a, b) => a.name < b.name ? -1 : 1);
}
