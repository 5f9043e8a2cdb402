/**
 * Requests that make and change topics, with the broker's own sentence where one is refused: kafkajs drops it.
 *
 * @see The protocol guide, CreateTopics, CreatePartitions, IncrementalAlterConfigs, AlterConfigs
 *
 * @module
 */
import type { RequestWriter } from "../request_writer.ts";
import type { ResponseReader } from "../response_reader.ts";
import type { Api } from "./api.ts";

/** A topic to be made. */
export interface NewTopic {
  readonly topic: string;
  readonly partitions: number;
  /** −1 for what the cluster was set up for. */
  readonly replicas: number;
  readonly config: Readonly<Record<string, string>>;
}

/** Settings of a topic, by their Kafka names. */
export interface TopicConfig {
  readonly topic: string;
  readonly config: Readonly<Record<string, string>>;
}

/** Whether it was done. */
export interface TopicResult {
  readonly errorCode: number;
  /** The broker's own sentence. */
  readonly said: string | null;
}

const TIMEOUT_MS = 10_000, TOPIC_RESOURCE = 2, SET = 0;

/** Brokers choose the number of replicas from version 4 on. @see KIP-464 */
export const CREATE_TOPIC: Api<NewTopic, TopicResult> = {
  key: 19,
  name: "CreateTopics",
  versions: [1, 4],
  encode(out, { topic, partitions, replicas, config }) {
    out.array([topic], (name) => {
      out.string(name);
      out.int32(partitions);
      out.int16(replicas);
      out.array([], () => {}); // brokers choose where
      settings(out, config);
    });
    out.int32(TIMEOUT_MS);
    out.bool(false); // not only a check
  },
  decode(input, version) {
    if (version >= 2) input.int32(); // throttle time
    return onlyResult(input);
  },
};

/** From version 3 on a broker says that it deletes no topics; before, that a request is malformed. */
export const DELETE_TOPIC: Api<{ readonly topic: string }, TopicResult> = {
  key: 20,
  name: "DeleteTopics",
  versions: [1, 3],
  encode(out, { topic }) {
    out.array([topic], (name) => out.string(name));
    out.int32(TIMEOUT_MS);
  },
  decode(input) {
    input.int32(); // throttle time
    const [result] = input.array(() => {
      input.string(); // the topic
      return { errorCode: input.int16(), said: null };
    });
    return result!;
  },
};

/** Adds partitions to a topic until it has this many. */
export const CREATE_PARTITIONS: Api<
  { readonly topic: string; readonly total: number },
  TopicResult
> = {
  key: 37,
  name: "CreatePartitions",
  versions: [0, 1],
  encode(out, { topic, total }) {
    out.array([topic], (name) => {
      out.string(name);
      out.int32(total);
      out.array(null, () => {}); // brokers choose where
    });
    out.int32(TIMEOUT_MS);
    out.bool(false); // not only a check
  },
  decode(input) {
    input.int32(); // throttle time
    return onlyResult(input);
  },
};

/** Changes the settings that it names, and keeps the others: Kafka 2.3 or newer. @see KIP-339 */
export const ALTER_SOME_SETTINGS: Api<TopicConfig, TopicResult> = {
  key: 44,
  name: "IncrementalAlterConfigs",
  versions: [0, 0],
  encode: (out, request) => alter(out, request, () => out.int8(SET)),
  decode: altered,
};

/** Replaces all settings of a topic. */
export const ALTER_ALL_SETTINGS: Api<TopicConfig, TopicResult> = {
  key: 33,
  name: "AlterConfigs",
  versions: [0, 1],
  encode: (out, request) => alter(out, request, () => {}),
  decode: altered,
};

function alter(out: RequestWriter, { topic, config }: TopicConfig, operation: () => void): void {
  out.array([topic], (name) => {
    out.int8(TOPIC_RESOURCE);
    out.string(name);
    settings(out, config, operation);
  });
  out.bool(false); // not only a check
}

function settings(
  out: RequestWriter,
  config: Readonly<Record<string, string>>,
  operation: () => void = () => {},
): void {
  out.array(Object.entries(config), ([name, value]) => {
    out.string(name);
    operation();
    out.string(value);
  });
}

function altered(input: ResponseReader): TopicResult {
  input.int32(); // throttle time
  const [result] = input.array(() => {
    const one = { errorCode: input.int16(), said: input.string() };
    input.int8(); // a topic
    input.string(); // its name
    return one;
  });
  return result!;
}

function onlyResult(input: ResponseReader): TopicResult {
  const [result] = input.array(() => {
    input.string(); // the topic
    return { errorCode: input.int16(), said: input.string() };
  });
  return result!;
}
