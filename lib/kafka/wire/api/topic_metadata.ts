import type { Api } from "./api.ts";

/** One topic as a broker knows it. */
export interface TopicMetadata {
  readonly topic: string;
  /** In hexadecimal digits; null where the broker keeps none. A topic that is made again under its name has another (KIP-516). */
  readonly topicId: string | null;
  readonly errorCode: number;
  readonly partitions: readonly {
    readonly partition: number;
    /** −1 while there is none. */
    readonly leader: number;
    /** Node ids of the brokers that keep a copy. */
    readonly replicas: readonly number[];
    /** Those whose copy is complete. */
    readonly inSync: readonly number[];
  }[];
}

/** One broker as another one knows it. */
export interface BrokerAddress {
  readonly nodeId: number;
  readonly host: string;
  readonly port: number;
  readonly rack: string | null;
}

/** A cluster as one of its brokers knows it. */
export interface ClusterMetadata {
  readonly brokers: readonly BrokerAddress[];
  /** Null, or empty, where the brokers have none. */
  readonly clusterId: string | null;
  readonly controllerId: number;
  readonly topics: readonly TopicMetadata[];
}

/** Asks who the brokers are, and where the partitions of some topics (`null`: of all) are; none is created by asking. */
export const TOPIC_METADATA: Api<
  { readonly topics: readonly string[] | null },
  ClusterMetadata
> = {
  key: 3,
  name: "Metadata",
  versions: [4, 12],
  flexibleFrom: 9,
  encode(out, { topics }, version) {
    out.array(topics, (topic) => {
      if (version >= 10) out.raw(NO_ID);
      out.string(topic);
      out.tags();
    });
    out.bool(false); // create none
    if (version >= 8 && version <= 10) out.bool(false); // no rights on the cluster
    if (version >= 8) out.bool(false); // no rights on the topics
    out.tags();
  },
  decode(input, version) {
    input.int32(); // throttle time
    const brokers = input.array(() => {
      const nodeId = input.int32(), host = input.text(), port = input.int32();
      const rack = input.string();
      input.tags();
      return { nodeId, host, port, rack };
    });
    const clusterId = input.string(), controllerId = input.int32();
    const topics = input.array((): TopicMetadata => {
      const errorCode = input.int16(), topic = input.text();
      const id = version >= 10 ? toHex(input.raw(16)) : NO_ID_TEXT;
      input.bool(); // internal
      const partitions = input.array(() => {
        input.int16(); // no leader, or a replica is away: the leader tells
        const partition = input.int32(), leader = input.int32();
        if (version >= 7) input.int32(); // leader epoch
        const replicas = input.array(() => input.int32()),
          inSync = input.array(() => input.int32());
        if (version >= 5) input.array(() => input.int32()); // offline ones
        input.tags();
        return { partition, leader, replicas, inSync };
      });
      if (version >= 8) input.int32(); // rights
      input.tags();
      return { topic, topicId: id === NO_ID_TEXT ? null : id, errorCode, partitions };
    });
    return { brokers, clusterId, controllerId, topics };
  },
};

const NO_ID = new Uint8Array(16), NO_ID_TEXT = "0".repeat(32);
const toHex = (bytes: Uint8Array) =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
