/**
 * Streams: records that happened, one after another.
 *
 * @module
 */
import { branch } from "../operators/branch.ts";
import { filter, holds, pass, type Predicate } from "../operators/filter.ts";
import type { StreamRecord } from "../operators/flow_record.ts";
import * as mapping from "../operators/map.ts";
import type { KeyValue, Mapper } from "../operators/map.ts";
import type { Operator } from "../operators/operator.ts";
import { type Action, peek } from "../operators/peek.ts";
import { processor, type ProcessorFactory } from "../operators/process.ts";
import type { Edge } from "../topology/node.ts";
import type { Topic } from "../topology/topic.ts";
import type { GlobalTable } from "./global_table.ts";
import { GroupedStream } from "./grouped_stream.ts";
import { type Joiner, joinGlobal, joinStream, joinTable, type StreamJoinOptions } from "./joins.ts";
import { repartitioned, type RepartitionOptions } from "./repartition.ts";
import { oneLine, orJson, type Serdes, type Shape } from "./shape.ts";
import { Table } from "./table.ts";
import { tableFrom, type TableOptions } from "./table_from.ts";

/** How a stream's records get to a topic. */
export interface SinkOptions<K, V> extends Serdes<K, V> {
  /** Chooses the partition of a record. @default by the key's bytes, as Java clients do */
  readonly partition?: (record: StreamRecord<K, V>, partitions: number) => number;
}

/** A stream under construction: each call adds a node and gives a new stream; nothing runs. */
export class Stream<K, V> {
  /** @internal */
  constructor(
    /** @internal */
    readonly shape: Shape<K, V>,
  ) {}

  /** What a console or a notebook cell shows of it: one line, not the whole graph behind it. */
  [Symbol.for("Deno.customInspect")](): string {
    return oneLine("Stream", this.shape.edge);
  }

  /** Keeps the records for which the predicate holds. */
  filter(predicate: Predicate<K, V>): Stream<K, V> {
    return this.#then("KSTREAM-FILTER", "filter", filter(predicate));
  }

  /** Keeps the records for which the predicate does not hold. */
  filterNot(predicate: Predicate<K, V>): Stream<K, V> {
    const not: Predicate<K, V> = (value, record) => !holds(predicate, value, record);
    return this.#then("KSTREAM-FILTER", "filterNot", filter(not));
  }

  /** Makes another value of each value; the key stays. */
  mapValues<W>(mapper: Mapper<K, V, W>, serdes: Serdes<K, W> = {}): Stream<K, W> {
    const edge = this.#add("KSTREAM-MAPVALUES", "mapValues", mapping.mapValues(mapper));
    return new Stream({ ...this.shape, edge, value: orJson(serdes.value) });
  }

  /** Makes any number of values of each value. */
  flatMapValues<W>(mapper: Mapper<K, V, Iterable<W>>, serdes: Serdes<K, W> = {}): Stream<K, W> {
    const edge = this.#add("KSTREAM-FLATMAPVALUES", "flatMapValues", mapping.flatMapValues(mapper));
    return new Stream({ ...this.shape, edge, value: orJson(serdes.value) });
  }

  /** Makes another key and value of each record. What needs keys together afterwards moves records by itself. */
  map<L, W>(mapper: Mapper<K, V, KeyValue<L, W>>, serdes: Serdes<L, W> = {}): Stream<L, W> {
    return this.#rekeyed(this.#add("KSTREAM-MAP", "map", mapping.map(mapper)), serdes);
  }

  /** Makes any number of keys and values of each record. */
  flatMap<L, W>(
    mapper: Mapper<K, V, Iterable<KeyValue<L, W>>>,
    serdes: Serdes<L, W> = {},
  ): Stream<L, W> {
    return this.#rekeyed(this.#add("KSTREAM-FLATMAP", "flatMap", mapping.flatMap(mapper)), serdes);
  }

  /** Gives each record another key. */
  selectKey<L>(
    mapper: Mapper<K, V, L | null>,
    serdes: { readonly key?: Serdes<L, V>["key"] } = {},
  ): Stream<L, V> {
    const edge = this.#add("KSTREAM-KEY-SELECT", "selectKey", mapping.selectKey(mapper));
    return this.#rekeyed<L, V>(edge, { key: orJson(serdes.key), value: this.shape.value });
  }

  /** Calls an action for each record and passes it on. */
  peek(action: Action<K, V>): Stream<K, V> {
    return this.#then("KSTREAM-PEEK", "peek", peek(action));
  }

  /** Calls an action for each record; the end of a stream. */
  foreach(action: Action<K, V>): void {
    this.#add("KSTREAM-FOREACH", "foreach", peek(action));
  }

  /** The records of both streams, in the order they are processed. */
  merge(other: Stream<K, V>): Stream<K, V> {
    const { graph, sources, keyChanged } = this.shape;
    const edge = graph.operator({
      prefix: "KSTREAM-MERGE",
      operator: "merge",
      parents: [this.shape.edge, other.shape.edge],
      readsValue: false,
      create: pass(),
    });
    return new Stream({
      ...this.shape,
      edge,
      sources: [...sources, ...other.shape.sources],
      keyChanged: keyChanged || other.shape.keyChanged,
    });
  }

  /**
   * Sends each record to the first name whose predicate holds, or to `rest`.
   *
   * @example
   * ```ts
   * import { app, json, string, topic } from "lib/streams/mod.ts";
   * import assert from "node:assert/strict";
   * const rides = topic("rides", { key: string, value: json<{ fare: number }>() });
   * const { low, rest } = app("prices").stream(rides).split({ low: (ride) => ride.fare < 40 });
   * assert.ok(low !== rest);
   * ```
   */
  split<N extends string>(
    predicates: Readonly<Record<N, Predicate<K, V>>>,
  ): Readonly<Record<N | "rest", Stream<K, V>>> {
    const ways = Object.entries<Predicate<K, V>>(predicates).map(([output, predicate]) => ({
      output,
      predicate,
    }));
    const { node } = this.#add("KSTREAM-BRANCH", "split", branch([...ways, { output: "rest" }]));
    const names = [...ways.map((way) => way.output), "rest"];
    return Object.fromEntries(
      names.map((output) => [output, new Stream({ ...this.shape, edge: { node, output } })]),
    ) as Record<N | "rest", Stream<K, V>>;
  }

  /** Sends each record to the first stream whose predicate holds; others are dropped, and counted. */
  branch(...predicates: readonly Predicate<K, V>[]): Stream<K, V>[] {
    const ways = predicates.map((predicate, at) => ({ output: String(at), predicate }));
    const { node } = this.#add("KSTREAM-BRANCH", "branch", branch(ways));
    return ways.map(({ output }) => new Stream({ ...this.shape, edge: { node, output } }));
  }

  /** Writes through a topic `<app>-<name>-repartition`, so that equal keys meet in one task. Null keys are dropped, unless a left or outer join follows. */
  repartition(name?: string, options: RepartitionOptions<K, V> = {}): Stream<K, V> {
    return new Stream(repartitioned(this.shape, { ...options, name, dropNullKeys: true }));
  }

  /** Groups by the key that is there. The name becomes that of the repartition topic, where one is needed. */
  groupByKey(name?: string): GroupedStream<K, V> {
    return new GroupedStream(this.shape, { name });
  }

  /** Groups by a new key; records move through `<app>-<name>-repartition`. Null keys are dropped. */
  groupBy<L>(
    name: string,
    mapper: Mapper<K, V, L | null>,
    serdes: { readonly key?: Serdes<L, V>["key"]; readonly partitions?: number } = {},
  ): GroupedStream<L, V> {
    const { shape } = this.selectKey(mapper, serdes);
    return new GroupedStream(shape, { name, partitions: serdes.partitions });
  }

  /** The latest value of each key. */
  toTable(name?: string, options: TableOptions<K, V> = {}): Table<K, V> {
    const { keyChanged } = this.shape;
    const shape = keyChanged ? repartitioned(this.shape, { name, dropNullKeys: true }) : this.shape;
    return tableFrom(shape, "toTable", { ...options, name });
  }

  /** Writes every record to a topic, or to the one chosen per record. Gives the stream back. */
  to(
    target: Topic<K, V> | string | ((value: V, record: StreamRecord<K, V>) => string),
    options: SinkOptions<K, V> = {},
  ): this {
    const known = typeof target === "object" ? target : undefined;
    const topic = typeof target === "object" ? target.name : target;
    this.shape.graph.sink(this.shape.edge, {
      topic,
      key: options.key ?? known?.key ?? this.shape.key,
      value: options.value ?? known?.value ?? this.shape.value,
      ...(options.partition ? { partition: options.partition } : {}),
    });
    return this;
  }

  /** Adds a processor of your own, with stores, timers and several outputs. Its results may have any key. */
  process<L = K, W = V>(
    name: string,
    factory: ProcessorFactory<K, V, L, W>,
    options: Serdes<L, W> & { readonly stores?: readonly string[] } = {},
  ): Stream<L, W> {
    const edge = this.shape.graph.operator({
      name,
      prefix: "KSTREAM-PROCESSOR",
      operator: "process",
      parents: [this.shape.edge],
      stores: options.stores ?? [],
      create: processor(factory),
    });
    return this.#rekeyed(edge, options);
  }

  /** Joins a table, a global table or another stream; records without a partner are dropped. */
  join<W, R>(other: Table<K, W>, joiner: Joiner<K, V, W, R>, options?: Serdes<K, R>): Stream<K, R>;
  /** Joins each record with the row of a global table that it names; without one it is dropped. */
  join<L, W, R>(
    other: GlobalTable<L, W>,
    keyOf: Mapper<K, V, L | null>,
    joiner: Joiner<K, V, W, R>,
  ): Stream<K, R>;
  /** Joins each record with those of another stream of equal key that are close enough in time. */
  join<W, R>(
    other: Stream<K, W>,
    joiner: Joiner<K, V, W, R>,
    within: StreamJoinOptions<K, R>,
  ): Stream<K, R>;
  // deno-lint-ignore no-explicit-any
  join(other: any, first: any, second?: any): Stream<K, any> {
    return this.#join(other, first, second, "inner");
  }

  /** As `join`; records without a partner on the right are joined with null. */
  leftJoin<W, R>(
    other: Table<K, W>,
    joiner: Joiner<K, V, W | null, R>,
    options?: Serdes<K, R>,
  ): Stream<K, R>;
  /** Joins each record with the row of a global table that it names; null where there is none. */
  leftJoin<L, W, R>(
    other: GlobalTable<L, W>,
    keyOf: Mapper<K, V, L | null>,
    joiner: Joiner<K, V, W | null, R>,
  ): Stream<K, R>;
  /** Joins as `join` does; a left record without a partner is joined with null when its window closes. */
  leftJoin<W, R>(
    other: Stream<K, W>,
    joiner: Joiner<K, V, W | null, R>,
    within: StreamJoinOptions<K, R>,
  ): Stream<K, R>;
  // deno-lint-ignore no-explicit-any
  leftJoin(other: any, first: any, second?: any): Stream<K, any> {
    return this.#join(other, first, second, "left");
  }

  /** Joins another stream; records of either side without a partner are joined with null when their window closes. */
  outerJoin<W, R>(
    other: Stream<K, W>,
    joiner: Joiner<K, V | null, W | null, R>,
    within: StreamJoinOptions<K, R>,
  ): Stream<K, R> {
    return joinStream(this, other, joiner as Joiner<K, V, W, R>, { ...within, type: "outer" });
  }

  // deno-lint-ignore no-explicit-any
  #join(other: any, first: any, second: any, type: "inner" | "left"): Stream<K, any> {
    if (other instanceof Stream) return joinStream(this, other, first, { ...second, type });
    if (other instanceof Table) return joinTable(this, other, first, { ...second, type });
    return joinGlobal(this, other, { keyOf: first, joiner: second, type });
  }

  #then(prefix: string, operator: string, create: () => Operator): Stream<K, V> {
    return new Stream({ ...this.shape, edge: this.#add(prefix, operator, create) });
  }

  #add(prefix: string, operator: string, create: () => Operator): Edge {
    return this.shape.graph.operator({ prefix, operator, create, parents: [this.shape.edge] });
  }

  #rekeyed<L, W>(edge: Edge, serdes: Serdes<L, W>): Stream<L, W> {
    const { graph, sources } = this.shape;
    const { key, value } = serdes;
    return new Stream<L, W>({
      graph,
      sources,
      edge,
      key: orJson(key),
      value: orJson(value),
      keyChanged: true,
    });
  }
}
