/**
 * Nodes: the steps of a topology, as plain data with one function each.
 *
 * @module
 */
import type { AnySerde } from "./serde.ts";
import type { TimestampExtractor } from "./topic.ts";

/** Where a node's input comes from: a node, and which of its outputs ("late", a branch's name) when it has several. */
export interface Edge {
  /** Name of the node before. */
  readonly node: string;
  /** One of its ways out. */
  readonly output?: string;
}

/** What a source reads. */
export interface SourceSpec {
  /** Name of a topic outside, or the suffix-less name of an internal one (see `internal`). */
  readonly topic: string;
  /** How keys are read. */
  readonly key: AnySerde;
  /** How values are read. */
  readonly value: AnySerde;
  /** Reads event time from a record; the record's own timestamp otherwise. */
  // deno-lint-ignore no-explicit-any
  readonly timestamp?: TimestampExtractor<any, any>;
  /** Checks each decoded value and gives the one that goes on. */
  readonly check?: (value: unknown) => unknown;
  /** Null keys and null values are decode errors. */
  readonly refusesNull?: boolean;
  /** Reads every topic whose name it matches; `topic` shows it until the topics are known. */
  readonly pattern?: RegExp;
  /** Whether the topic belongs to this application. */
  readonly internal?: boolean;
}

/** What a sink writes. */
export interface SinkSpec {
  /** A topic, or a choice per record (then the topics must exist). */
  // deno-lint-ignore no-explicit-any
  readonly topic: string | ((value: any, record: any) => string);
  /** How keys are written. */
  readonly key: AnySerde;
  /** How values are written. */
  readonly value: AnySerde;
  /** Chooses the partition; by the key's bytes otherwise. */
  // deno-lint-ignore no-explicit-any
  readonly partition?: (record: any, partitions: number) => number;
  /** Whether the topic belongs to this application. */
  readonly internal?: boolean;
  /** How many partitions a repartition topic must have; as its sources otherwise. */
  readonly partitions?: number;
}

/** One step. `K`ind decides which of `source`, `sink` and `create` is there. */
export interface TopologyNode {
  /** Unique in its topology. */
  readonly name: string;
  /** Whether the user gave the name; else it follows from its store, its topic or its place. */
  readonly named?: boolean;
  /** Reads a topic, works on records, or writes a topic. */
  readonly kind: "source" | "operator" | "sink";
  /** The DSL's word for it: "filter", "count", "stream"… */
  readonly operator: string;
  /** Where its records come from. */
  readonly parents: readonly Edge[];
  /** Stores it uses. */
  readonly stores: readonly string[];
  /** Present in a source. */
  readonly source?: SourceSpec;
  /** Present in a sink. */
  readonly sink?: SinkSpec;
  /** Makes the operator of one task. */
  readonly create?: () => unknown;
  /** Serdes that it uses with a topic of the application that no store and no sink tells of. */
  readonly serdes?: readonly { readonly serde: AnySerde; readonly internalTopic: string }[];
  /** Whether it looks into values (else they may stay bytes). */
  readonly readsValue: boolean;
  /** Fills a global table. */
  readonly global?: boolean;
  /** What it does with a record of a global table's topic. @default it keeps key and value as they are */
  // deno-lint-ignore no-explicit-any
  readonly updateGlobal?: (store: any, record: any) => void;
}
