/**
 * Requests that make and change topics, with the broker's own sentence where one is refused: kafkajs drops it.
 *
 * @module
 */
import Decoder from "kafkajs/src/protocol/decoder.js";
import Encoder from "kafkajs/src/protocol/encoder.js";
import { type Api, commonVersion, negotiatedVersion } from "../../transport/negotiate.ts";
import { type Cluster, errorOfCode } from "../../transport/patches.ts";

// deno-lint-ignore no-explicit-any -- kafkajs publishes no types for its encoder and decoder.
type Wire = any;

/** A topic to be made. */
export interface NewTopic {
  readonly topic: string;
  readonly partitions: number;
  /** −1 for what the cluster was set up for. */
  readonly replicas: number;
  readonly config: Readonly<Record<string, string>>;
}

/** Brokers choose the number of replicas from version 4 on. @see KIP-464 */
const CREATE_TOPICS: Api = { key: 19, name: "CreateTopics", versions: [1, 4] };
/** From version 3 on a broker says that it deletes no topics; before, that a request is malformed. */
const DELETE_TOPICS: Api = { key: 20, name: "DeleteTopics", versions: [1, 3] };
const CREATE_PARTITIONS: Api = { key: 37, name: "CreatePartitions", versions: [0, 1] };
/** Changes only what it names. @see KIP-339 */
const ALTER_SOME: Api = { key: 44, name: "IncrementalAlterConfigs", versions: [0, 0] };
/** Replaces all settings. */
const ALTER_ALL: Api = { key: 33, name: "AlterConfigs", versions: [0, 1] };

const TIMEOUT_MS = 10_000, TOPIC_RESOURCE = 2, SET = 0;
const UNKNOWN_TOPIC_OR_PARTITION = 3, TOPIC_ALREADY_EXISTS = 36;

/** Whether a broker takes a number of replicas from its own settings: Kafka 2.4 or newer. */
export function choosesReplicas(controller: Cluster): boolean {
  return (commonVersion(controller, CREATE_TOPICS) ?? 0) >= 4;
}

/** Makes a topic. False if it is there. @throws An error with Kafka's word and, as `said`, the broker's sentence */
export async function createTopic(controller: Cluster, wanted: NewTopic): Promise<boolean> {
  const { topic, partitions, replicas, config } = wanted;
  const settings = Object.entries(config).map(([name, value]) =>
    new Encoder().writeString(name).writeString(value)
  );
  const one = new Encoder().writeString(topic).writeInt32(partitions).writeInt16(replicas)
    .writeArray([]).writeArray(settings);
  const body = new Encoder().writeArray([one]).writeInt32(TIMEOUT_MS).writeBoolean(false);
  const [result] = await send(controller, CREATE_TOPICS, body, (decoder, version) => {
    if (version >= 2) decoder.readInt32(); // throttle time
    return decoder.readArray(() => {
      decoder.readString();
      return { code: decoder.readInt16(), said: decoder.readString() };
    });
  });
  if (result?.code === TOPIC_ALREADY_EXISTS) return false;
  failOn(result);
  return true;
}

/** Deletes a topic. False if it is not there. @throws As {@link createTopic} */
export async function deleteTopic(controller: Cluster, topic: string): Promise<boolean> {
  const body = new Encoder().writeArray([topic]).writeInt32(TIMEOUT_MS);
  const [result] = await send(controller, DELETE_TOPICS, body, (decoder) => {
    decoder.readInt32(); // throttle time
    return decoder.readArray(() => {
      decoder.readString();
      return { code: decoder.readInt16(), said: null };
    });
  });
  if (result?.code === UNKNOWN_TOPIC_OR_PARTITION) return false;
  failOn(result);
  return true;
}

/** Adds partitions to a topic until it has this many. @throws As {@link createTopic} */
export async function createPartitions(
  controller: Cluster,
  { topic, total }: { readonly topic: string; readonly total: number },
): Promise<void> {
  const one = new Encoder().writeString(topic).writeInt32(total).writeInt32(-1);
  const body = new Encoder().writeArray([one]).writeInt32(TIMEOUT_MS).writeBoolean(false);
  const [result] = await send(controller, CREATE_PARTITIONS, body, (decoder) => {
    decoder.readInt32(); // throttle time
    return decoder.readArray(() => {
      decoder.readString();
      return { code: decoder.readInt16(), said: decoder.readString() };
    });
  });
  failOn(result);
}

/** Whether a broker can change some settings of a topic and leave the others: Kafka 2.3 or newer. */
export function changesSomeSettings(broker: Cluster): boolean {
  return commonVersion(broker, ALTER_SOME) !== undefined;
}

/**
 * Changes settings of a topic: those that are named, or, where {@link changesSomeSettings} is false, all of them.
 *
 * @throws As {@link createTopic}
 */
export async function alterTopic(
  broker: Cluster,
  topic: string,
  config: Readonly<Record<string, string>>,
): Promise<void> {
  const some = changesSomeSettings(broker);
  const settings = Object.entries(config).map(([name, value]) => {
    const setting = new Encoder().writeString(name);
    if (some) setting.writeInt8(SET);
    return setting.writeString(value);
  });
  const one = new Encoder().writeInt8(TOPIC_RESOURCE).writeString(topic).writeArray(settings);
  const body = new Encoder().writeArray([one]).writeBoolean(false);
  const [result] = await send(broker, some ? ALTER_SOME : ALTER_ALL, body, (decoder) => {
    decoder.readInt32(); // throttle time
    return decoder.readArray(() => {
      const code: number = decoder.readInt16(), said: string | null = decoder.readString();
      decoder.readInt8();
      decoder.readString();
      return { code, said };
    });
  });
  failOn(result);
}

interface Result {
  readonly code: number;
  /** The broker's own sentence. */
  readonly said: string | null;
}

async function send(
  broker: Cluster,
  api: Api,
  body: Wire,
  decode: (decoder: Wire, version: number) => Result[],
): Promise<readonly Result[]> {
  const apiVersion = negotiatedVersion(broker, api);
  const { results } = await broker.connectionPool.send({
    request: { apiKey: api.key, apiVersion, apiName: api.name, encode: () => body },
    response: {
      decode: (bytes: Uint8Array) => ({ results: decode(new Decoder(bytes), apiVersion) }),
      parse: (data: unknown) => data,
    },
  });
  return results;
}

function failOn(result: Result | undefined): void {
  if (!result || result.code === 0) return;
  throw Object.assign(errorOfCode(result.code), { said: result.said ?? undefined });
}
