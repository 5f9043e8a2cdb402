/**
 * Requests that make and change topics, with the broker's own sentence where one is refused: kafkajs drops it.
 *
 * @see The protocol guide, CreateTopics, DeleteTopics, CreatePartitions
 *
 * @module
 */
import type { ResponseReader } from "../response_reader.ts";
import type { Api } from "./api.ts";
import { writeSettings } from "./configs.ts";

/** A topic to be made. */
export interface NewTopic {
  readonly topic: string;
  readonly partitions: number;
  /** −1 for what the cluster was set up for. */
  readonly replicas: number;
  readonly config: Readonly<Record<string, string>>;
}

/** Whether it was done. */
export interface TopicResult {
  readonly errorCode: number;
  /** The broker's own sentence. */
  readonly said: string | null;
}

const TIMEOUT_MS = 10_000;

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
      writeSettings(out, config);
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

function onlyResult(input: ResponseReader): TopicResult {
  const [result] = input.array(() => {
    input.string(); // the topic
    return { errorCode: input.int16(), said: input.string() };
  });
  return result!;
}
