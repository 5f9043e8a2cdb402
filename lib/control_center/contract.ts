/**
 * The JSON that the server sends and the page reads. Both sides import these types; neither imports the other.
 *
 * Every number has one definition, and it stands here.
 *
 * @module
 */
import type {
  Lag,
  LateRecord,
  StoreView,
  TopicPartition,
  TopologyArrow,
  TopologyBox,
} from "../views/mod.ts";

export * from "./record_contract.ts";

/** What a page knows of the cluster; sent whole once, then as differences. */
export interface Snapshot extends ClusterState {
  /** Another one means that the server was started again: pages older than it cannot change anything. */
  readonly server: string;
  /** When Kafka answered last, by the server's clock. */
  readonly atMs: number;
  /** Why Kafka is not there; null when it is. What else is told is then the last that was known. */
  readonly kafkaTrouble: string | null;
  /** Why the registry is not there; null when it is. */
  readonly registryTrouble: string | null;
  /** The right without which this user sees no topic at all; null when there are none, or he sees some. */
  readonly missingRight: string | null;
  /** Brokers that were there and are gone. */
  readonly lost: readonly number[];
  /** Streams applications that have said something about themselves. */
  readonly apps: readonly AppLine[];
  readonly where: Where;
}

/** The cluster at one moment. */
export interface ClusterState {
  readonly brokers: readonly BrokerLine[];
  /** Node that leads the quorum of controllers; null where the cluster does not say. */
  readonly controller: number | null;
  readonly topics: readonly TopicLine[];
  readonly groups: readonly GroupLine[];
}

/** What there is, where. */
export interface Where {
  readonly kafka: string;
  /** The cluster's own id: containers reach it by another address than this machine. Null until it has answered. */
  readonly clusterId: string | null;
  readonly registry: string;
  /** Which Kafka and registry these are; null where the settings do not say: clients cannot ask them. */
  readonly software: string | null;
}

/** A topic as a line of the list; lists have an entry for each partition, in order. */
export interface TopicLine {
  readonly topic: string;
  /** End offsets less begin offsets: compaction and transactions leave offsets without a record. */
  readonly offsets: number;
  /** 0 where there is no offset; else null: how many offsets hold a record only reading them tells. */
  readonly records: number | null;
  /** Of one copy, on disk; null while that is not known. */
  readonly bytes: number | null;
  /** Copies of each partition. */
  readonly replicas: number;
  /** Partitions with a copy that is behind or away, or without a leader. */
  readonly weak: number;
  /** Made by Kafka, or by a streams application or a group of that name for itself. */
  readonly internal: boolean;
  /** Oldest offset; null while the leader is away. */
  readonly begin: readonly (number | null)[];
  /** Next offset; null while the leader is away. */
  readonly end: readonly (number | null)[];
  /** Partitions with an open transaction: read-committed readers wait at `stable`. */
  readonly open: readonly { readonly partition: number; readonly stable: number }[];
  /** Broker that leads; -1 while there is none. */
  readonly leaders: readonly number[];
  /** Brokers with a copy, the preferred leader first. */
  readonly copies: readonly (readonly number[])[];
  /** Brokers whose copy is complete. */
  readonly inSync: readonly (readonly number[])[];
}

/** A broker, and how much it keeps. */
export interface BrokerLine {
  readonly broker: number;
  /** `host:port` that it says it is reached at. */
  readonly address: string;
  /** On its disks, copies for others included; null while that is not known. */
  readonly bytes: number | null;
}

/** A group with its members and how far it is behind. */
export interface GroupLine {
  readonly group: string;
  /** Who shares out the partitions: a member of a classic group; of the others the broker. */
  readonly protocol: "classic" | "consumer" | "share" | "streams";
  /** Kafka's word: `Stable`, `Empty`, `PreparingRebalance`, `CompletingRebalance`; `Unknown` with `problem`. */
  readonly state: string;
  readonly members: readonly GroupMemberLine[];
  /** Sum over the partitions whose end is known. */
  readonly lag: number;
  readonly lags: readonly LagLine[];
  /** Why this group, or its lag, could not be looked at. */
  readonly problem?: string;
}

/** A member, and what it owns; owning nothing is being idle. */
export interface GroupMemberLine {
  readonly member: string;
  readonly memberId: string;
  readonly partitions: readonly TopicPartition[];
}

/** How far a group is behind in a partition; end and lag are null while the leader is away. */
export interface LagLine extends Omit<Lag, "end" | "lag"> {
  readonly end: number | null;
  readonly lag: number | null;
}

/** What an application does, all its workers taken together; `gone`: they fell silent without a goodbye. */
export type AppState = "running" | "restoring" | "rebalancing" | "gone" | "stopped";

/** An application as a line of the list. */
export interface AppLine {
  readonly app: string;
  readonly state: AppState;
  /** Those that live. */
  readonly workers: number;
  readonly tasks: number;
  /** Records that its group has not committed yet; null where there is no group. */
  readonly lag: number | null;
  /** Records that came too late for their window. */
  readonly late: number;
  /** Records a second, over the last seconds. */
  readonly perSecond: number;
}

/** Everything that the page of an application shows. */
export interface AppPage extends AppLine {
  readonly guarantee: string | null;
  readonly boxes: readonly (TopologyBox & { readonly partitions: number | null })[];
  readonly arrows: readonly (Omit<TopologyArrow, "counter"> & {
    readonly perSecond: number | null;
    readonly lag: number | null;
  })[];
  readonly tables: readonly (StoreView & { readonly rows: number | null })[];
  readonly people: readonly AppWorker[];
  readonly owned: readonly AppTask[];
  /** Copies of tasks on workers that do not run them. */
  readonly standbys: readonly AppStandby[];
  readonly drops: readonly {
    readonly node: string;
    readonly reason: string;
    readonly records: number;
    readonly step: string;
    /** The last record that came too late; null where none did. */
    readonly latest: LateRecord | null;
  }[];
}

/** A worker of an application. */
export interface AppWorker {
  readonly worker: string;
  readonly name: string;
  readonly host: string;
  readonly process: number;
  readonly state: string;
  readonly heardMs: number;
  readonly tasks: readonly string[];
}

/** A task, where it is now. */
export interface AppTask {
  readonly task: string;
  readonly worker: string;
  readonly state: string;
  readonly restored?: { readonly records: number; readonly total: number | null };
  readonly processed: number;
  readonly errors: number;
  readonly streamTimeMs: number;
  /** Names of the tables of which it keeps a part. */
  readonly stores: readonly string[];
  readonly inputs: readonly {
    readonly topic: string;
    readonly partition: number;
    readonly lag: number | null;
    /** Offset of the next record that it reads; null where that is not known. */
    readonly position: number | null;
  }[];
  readonly lag: number;
}

/** A worker's copy of the rows of a task that another one runs. */
export interface AppStandby {
  readonly task: string;
  readonly worker: string;
  readonly state: string;
  readonly lag: number | null;
}

/** What is remembered of one group, at most {@link HISTORY_MS}. */
export interface GroupHistory {
  readonly samples: readonly LagSample[];
  readonly holdings: readonly Holding[];
}

/** Lag of one group at one moment. */
export interface LagSample {
  readonly atMs: number;
  /** By `topic-partition`. */
  readonly lags: Readonly<Record<string, number>>;
  /** Committed offsets of the same partitions, where there are any. */
  readonly committed: Readonly<Record<string, number>>;
}

/** A partition in one member's hands for a while. */
export interface Holding {
  readonly partition: string;
  readonly member: string;
  readonly from: number;
  /** When it was last seen there. */
  readonly to: number;
}

/** What is known of one broker besides its line. */
export interface BrokerPage {
  readonly settings: readonly SettingLine[];
  /** Folders of its logs; none where this Kafka does not tell. */
  readonly folders: readonly {
    readonly path: string;
    readonly isHealthy: boolean;
    readonly bytes: number;
    /** Of the whole volume, and what is free of it. */
    readonly volumeBytes: number;
    readonly freeBytes: number;
  }[];
}

/** A setting of a topic or a broker. */
export interface SettingLine {
  readonly name: string;
  readonly value: string;
  /** Where it is set: for this topic, for this broker, for all brokers; or nowhere. */
  readonly source: "topic" | "broker" | "cluster" | "default";
}

/** Subjects of the registry, and the mode of those without one of their own. */
export interface SubjectList {
  readonly subjects: readonly SubjectLine[];
  readonly mode: string;
}

/** A subject as a line of the list. */
export interface SubjectLine {
  readonly subject: string;
  readonly versions: number;
  readonly version: number;
  readonly id: number;
  /** `AVRO`, `JSON` or `PROTOBUF`. */
  readonly kind: string;
  /** What the newest version calls itself; empty where it has no name. */
  readonly name: string;
  readonly mode: string;
  /** Why the newest version cannot be understood. */
  readonly problem?: string;
  /** The registry has not been asked about it yet: nothing but its name is known. */
  readonly pending?: true;
}

/** All versions of a subject. */
export interface SubjectPage {
  readonly subject: string;
  readonly mode: string;
  /** The newest. */
  readonly versions: readonly SubjectVersion[];
  /** How many there are before these. */
  readonly older: number;
}

/** A version, and what it breaks. */
export interface SubjectVersion {
  readonly version: number;
  readonly id: number;
  /** `AVRO`, `JSON` or `PROTOBUF`. */
  readonly kind: string;
  /** Laid out over lines. */
  readonly text: string;
  /** null where only the registry could say: of what is not Avro, or cannot be understood. */
  readonly breaks: readonly Break[] | null;
  /** Why it cannot be understood. */
  readonly problem?: string;
}

/** A difference between two versions that follow each other, and whom it hurts. */
export interface Break {
  /** Who cannot read what. */
  readonly whom: string;
  readonly field: string;
  readonly why: string;
}

/** Rates of some names over the remembered time, one number for each moment; null where it is not known. */
export interface RateHistory {
  readonly atMs: readonly number[];
  /** Records a second: into a topic, or committed by a group. */
  readonly rates: Readonly<Record<string, readonly (number | null)[]>>;
  /** Lag of groups. */
  readonly lags: Readonly<Record<string, readonly (number | null)[]>>;
  /** Of brokers: partitions that they led, and bytes on their disks. */
  readonly leads: Readonly<Record<string, readonly (number | null)[]>>;
  readonly stored: Readonly<Record<string, readonly (number | null)[]>>;
  /** How long groups are behind now; null where it is not known. */
  readonly behind: Readonly<Record<string, Behind | null>>;
}

/** How long ago a group's topics ended where the group stands now. */
export interface Behind {
  readonly ms: number;
  /** Longer than is remembered. */
  readonly orMore: boolean;
}

/** How far back the server remembers. */
export const HISTORY_MS = 900_000;
/** How often it takes a sample. */
export const SAMPLE_EVERY_MS = 5_000;
/** Two samples further apart than this have a gap between them: no sample was taken, or Kafka was away. */
export const GAP_MS = 3 * SAMPLE_EVERY_MS;
