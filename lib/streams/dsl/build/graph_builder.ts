/**
 * Collects nodes and stores while the DSL is used, and gives names to those that have none.
 *
 * @module
 */
import { pass } from "../../operators/filter.ts";
import type { Operator } from "../../operators/operator.ts";
import type { Edge, SinkSpec, SourceSpec, TopologyNode } from "../../topology/node.ts";
import { json, type Serde } from "../../../serde/mod.ts";
import { type AnySerde } from "../../topology/serde.ts";
import type { StoreSpec } from "../../topology/store_spec.ts";
import type { CopartitionGroup, Graph } from "../../topology/topology.ts";
import type { Fluent } from "../fluent.ts";
import type { Named, Serdes } from "./shape.ts";

/** What a new operator node is made of. */
export interface OperatorSpec {
  /** Given by the user; else made from `prefix`. */
  readonly name?: string | undefined;
  /** A name that follows from one the user gave to something else, such as a store; taken if it is free. */
  readonly nameIfFree?: string | undefined;
  /** Beginning of a generated name, as in Kafka Streams: "KSTREAM-FILTER". */
  readonly prefix: string;
  readonly operator: string;
  readonly parents: readonly Edge[];
  readonly stores?: readonly string[];
  /** @default true */
  readonly readsValue?: boolean;
  /** See `TopologyNode.serdes`. */
  readonly serdes?: TopologyNode["serdes"];
  readonly create: () => Operator;
}

/** How records pass a repartition topic. */
export interface RepartitionSpec {
  readonly key: AnySerde;
  readonly value: AnySerde;
  readonly partitions?: number | undefined;
  readonly partition?: SinkSpec["partition"] | undefined;
}

/** A graph under construction. */
export class GraphBuilder implements Graph {
  readonly nodes: TopologyNode[] = [];
  readonly stores: StoreSpec[] = [];
  readonly copartitioned: CopartitionGroup[] = [];
  readonly #defaults: Serdes<unknown, unknown>;
  #next = 0;

  constructor(
    /** Tells applications apart in errors. */
    readonly appId: string,
    /** Makes the streams and tables that users hold. */
    readonly fluent: Fluent,
    defaults: Serdes<unknown, unknown>,
  ) {
    this.#defaults = defaults;
  }

  /** A serde for keys, or the application's default. */
  keySerde<T>(serde: Serde<T> | undefined): Serde<T> {
    return serde ?? this.#defaults.key as Serde<T> | undefined ?? json<T>();
  }

  /** A serde for values, or the application's default. */
  valueSerde<T>(serde: Serde<T> | undefined): Serde<T> {
    return serde ?? this.#defaults.value as Serde<T> | undefined ?? json<T>();
  }

  /** A name in the manner of Kafka Streams: the prefix and a counter of ten digits. */
  newName(prefix: string): string {
    return `${prefix}-${String(this.#next++).padStart(10, "0")}`;
  }

  /** @throws {TypeError} If something of another application is to become part of this one */
  mustBeMine(doing: string, other: { readonly graph: GraphBuilder }): void {
    if (other.graph === this) return;
    throw new TypeError(
      `Cannot ${doing} of "${this.appId}" and "${other.graph.appId}": they are two applications ` +
        "(build both sides from one app, or pass records through a topic)",
    );
  }

  /** Adds an operator. */
  operator(spec: OperatorSpec): Edge {
    const generated = this.newName(spec.prefix);
    const { operator, stores = [], readsValue = true, serdes = [], create, nameIfFree } = spec;
    // Merging a stream with itself is the stream: as in Kafka Streams, a parent counts once.
    const parents = spec.parents.filter((edge, at) =>
      spec.parents.findIndex((one) => one.node === edge.node && one.output === edge.output) === at
    );
    const isFree = nameIfFree !== undefined && !this.nodes.some(({ name }) => name === nameIfFree);
    const name = spec.name ?? (isFree ? nameIfFree : generated);
    this.nodes.push({
      ...{ name, kind: "operator", operator, parents, stores, readsValue, create },
      ...(serdes.length > 0 ? { serdes } : {}),
      ...(spec.name === undefined ? {} : { named: true }),
    });
    return { node: name };
  }

  /** Adds a source; `create` makes what stands first in line. */
  source(operator: string, source: SourceSpec, create: () => Operator, name?: string): Edge {
    const node = name ?? this.newName("KSTREAM-SOURCE");
    this.nodes.push({
      ...{ name: node, kind: "source", operator, parents: [], stores: [] },
      ...{ readsValue: false, source, create },
    });
    return { node };
  }

  /** Adds a sink. */
  sink(
    parent: Edge,
    sink: SinkSpec,
    { operator = "to", name: given }: Named & { readonly operator?: string } = {},
  ): Edge {
    const generated = this.newName("KSTREAM-SINK"), name = given ?? generated;
    this.nodes.push({
      ...{ name, kind: "sink", operator, parents: [parent], stores: [], sink },
      readsValue: typeof sink.topic === "function" || sink.partition !== undefined,
    });
    return { node: name };
  }

  /** Adds a store. */
  store(spec: StoreSpec): string {
    if (!/^[\w.-]{1,200}$/.test(spec.name)) {
      throw new SyntaxError(
        `Cannot name a store "${spec.name}": its changelog topic has its name ` +
          '(use 1-200 letters, digits, ".", "_" and "-")',
      );
    }
    this.stores.push(spec);
    return spec.name;
  }

  /** Puts a topic in between: what follows runs in tasks of its own, on the partition of the new key. */
  repartition(
    parent: Edge,
    name: string,
    { key, value, partitions, partition }: RepartitionSpec,
    create: () => Operator = pass(),
  ): Edge {
    const topic = `${name}-repartition`;
    const more = {
      ...(partitions === undefined ? {} : { partitions }),
      ...(partition ? { partition } : {}),
    };
    this.sink(parent, { topic, key, value, internal: true, ...more }, { operator: "repartition" });
    return this.source("repartitioned", { topic, key, value, internal: true }, create);
  }

  /**
   * Lets records without a key through the repartition topics before a join that keeps them.
   *
   * See: KIP-962, Kafka Streams' `NodesWithRelaxedNullKeyJoinDownstream`
   */
  keepNullKeys({ node: name }: Edge): void {
    const node = this.nodes.find((one) => one.name === name)!;
    // A table has no row without a key, so nothing before it matters.
    if (node.operator === "toStream") return;
    if (node.operator === "withKey") this.amend(name, { create: pass() });
    const { source } = node;
    const before = source?.internal
      ? this.nodes.filter(({ sink }) => sink?.internal && sink.topic === source.topic)
      : [node];
    for (const { parents } of before) for (const parent of parents) this.keepNullKeys(parent);
  }

  /** Replaces a node, for what is only known later. */
  amend(name: string, changes: Partial<TopologyNode>): void {
    const at = this.nodes.findIndex((node) => node.name === name);
    this.nodes[at] = { ...this.nodes[at]!, ...changes };
  }

  /** The source node of a topic outside, if there is one. */
  sourceOf(topic: string): TopologyNode | undefined {
    return this.nodes.find((node) => node.source?.topic === topic && !node.source.internal);
  }
}
