/**
 * Records as tests write and read them.
 *
 * @module
 */
import type { Headers } from "../operators/flow_record.ts";
import { EncodedValue } from "../state/encoded_value.ts";
import type { OutputRecord, RawRecord } from "../task/records.ts";
import { type HeadersInput, json, wireHeaders } from "../../serde/mod.ts";
import { type AnyTopic, type Topic, topic as topicOf } from "../topology/topic.ts";
import type { Topology } from "../topology/topology.ts";

/** A record to pipe in. */
export interface DriverInput<K, V> {
  /** null is a record without a key. */
  readonly key: K | null;
  /** null is a tombstone. */
  readonly value: V | null;
  /** Unix epoch ms; moves stream time. */
  readonly timestamp: number;
  /** An object, or pairs. @default none */
  readonly headers?: HeadersInput;
  /** Where it is piped in, from 0. @default by the key, as Java clients do */
  readonly partition?: number;
}

/** A record that came out. */
export interface DriverRecord<K, V> {
  /** Decoded by the topic's serde; null where there is no key. */
  readonly key: K | null;
  /** Decoded by the topic's serde; null is a tombstone. */
  readonly value: V | null;
  /** Unix epoch ms. */
  readonly timestamp: number;
  /** Number of the partition it was written to, from 0. */
  readonly partition: number;
  /** Its place in that partition, from 0. */
  readonly offset: number;
  /** Left out where it has none. */
  readonly headers?: Headers;
}

/** A record for a topic; a promise when its serdes need time. */
export function encodeInput<K, V>(
  topic: Topic<K, V>,
  { key, value, headers, ...others }: DriverInput<K, V>,
): OutputRecord | Promise<OutputRecord> {
  const rest = { ...others, ...(headers ? { headers: wireHeaders(headers) } : {}) };
  const keyBytes = EncodedValue.of(key).bytes(topic.key, topic.name);
  const valueBytes = EncodedValue.of(value).bytes(topic.value, topic.name);
  if (keyBytes instanceof Promise || valueBytes instanceof Promise) {
    return Promise.all([keyBytes, valueBytes]).then(([key, value]) => ({
      topic: topic.name,
      ...rest,
      key,
      value,
    }));
  }
  return { topic: topic.name, ...rest, key: keyBytes, value: valueBytes };
}

/** A topic by name takes the serdes of the sink that writes it. */
export function outputTopic(topology: Topology, topic: AnyTopic | string): AnyTopic {
  if (typeof topic !== "string") return topic;
  const sinks = topology.nodes.flatMap((node) => node.sink ? [node.sink] : []);
  const sink = sinks.find((one) => one.topic === topic) ??
    sinks.find((one) => typeof one.topic === "function");
  return topicOf(topic, { key: sink?.key ?? json(), value: sink?.value ?? json() });
}

/** A record, decoded. */
export function decodeOutput<K, V>(
  topic: AnyTopic,
  raw: RawRecord,
  partition: number,
): DriverRecord<K, V> {
  const { timestamp, offset, headers } = raw;
  return {
    key: EncodedValue.encoded<K>(raw.key, topic.key, topic.name).value,
    value: EncodedValue.encoded<V>(raw.value, topic.value, topic.name).value,
    timestamp,
    partition,
    offset,
    ...(headers ? { headers } : {}),
  };
}
