/**
 * Nodes: the steps of a topology, as plain data with one function each.
 *
 * @module
 */
import type { AnySerde } from "./serde.ts";
import type { TimestampExtractor } from "./topic.ts";

/** Where a node's input comes from: a node, and which of its outputs ("late", a branch's name) when it has several. */
export interface Edge {
  readonly node: string;
  readonly output?: string;
}

/** What a source reads. */
export interface SourceSpec {
  /** Name of a topic outside, or the suffix-less name of an internal one (see `internal`). */
  readonly topic: string;
  readonly key: AnySerde;
  readonly value: AnySerde;
  // deno-lint-ignore no-explicit-any
  readonly timestamp?: TimestampExtractor<any, any>;
  /** Whether the topic belongs to this application. */
  readonly internal?: boolean;
}

/** What a sink writes. */
export interface SinkSpec {
  /** A topic, or a choice per record (then the topics must exist). */
  // deno-lint-ignore no-explicit-any
  readonly topic: string | ((value: any, record: any) => string);
  readonly key: AnySerde;
  readonly value: AnySerde;
  /** Chooses the partition; by the key's bytes otherwise. */
  // deno-lint-ignore no-explicit-any
  readonly partition?: (record: any, partitions: number) => number;
  readonly internal?: boolean;
  /** How many partitions a repartition topic must have; as its sources otherwise. */
  readonly partitions?: number;
}

/** One step. `K`ind decides which of `source`, `sink` and `create` is there. */
export interface TopologyNode {
  readonly name: string;
  readonly kind: "source" | "operator" | "sink";
  /** The DSL's word for it: "filter", "count", "stream"… */
  readonly operator: string;
  readonly parents: readonly Edge[];
  /** Stores it uses. */
  readonly stores: readonly string[];
  readonly source?: SourceSpec;
  readonly sink?: SinkSpec;
  /** Makes the operator of one task. */
  readonly create?: () => unknown;
  /** Whether it looks into values (else they may stay bytes). */
  readonly readsValue: boolean;
  /** Fills a global table. */
  readonly global?: boolean;
}
