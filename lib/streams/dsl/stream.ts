/**
 * Streams: records that happened, one after another.
 *
 * @module
 */
import { branch } from "../operators/branch.ts";
import { filter, holds, type Predicate } from "../operators/filter.ts";
import type { StreamRecord } from "../operators/flow_record.ts";
import * as mapping from "../operators/map.ts";
import type { KeyValue, Mapper } from "../operators/map.ts";
import { peek } from "../operators/peek.ts";
import {
  processor,
  type ProcessorFactory,
  valueProcessor,
  type ValueProcessorFactory,
} from "../operators/process.ts";
import type { Serde } from "../../serde/mod.ts";
import type { Encoder } from "../topology/serde.ts";
import { Grouping } from "./build/aggregate.ts";
import { branches, type SplitOptions } from "./build/branches.ts";
import { placed, repartitioned, type RepartitionOptions } from "./build/repartition.ts";
import {
  type AtOnce,
  type Named,
  oneLine,
  type Serdes,
  type Shape,
  type StepOptions,
  type ValueOptions,
} from "./build/shape.ts";
import { added, merged, rekeyed, same, withValues } from "./build/steps.ts";
import {
  globalJoined,
  type Joiner,
  type StreamJoinOptions,
  streamsJoined,
  tableJoined,
  type TableLookupOptions,
} from "./build/stream_joins.ts";
import { tableFrom, type TableOptions } from "./build/tables.ts";
import type { GlobalTable } from "./global_table.ts";
import type { GroupedStream } from "./grouped_stream.ts";
import type { Table } from "./table.ts";
import { mustBeTopicName } from "../topology/topic.ts";

/** A topic that a stream can be written to: its serdes take what the stream holds. */
export interface SinkTopic<K, V> {
  /** As Kafka knows it. */
  readonly name: string;
  /** How keys are written. */
  readonly key: Encoder<K>;
  /** How values are written. */
  readonly value: Encoder<V>;
}

/** How a stream's records get to a topic. */
export interface SinkOptions<K, V> extends StepOptions<K, V> {
  /** Chooses the partition of a record. @default by the key's bytes, as Java clients do */
  partition?(record: StreamRecord<K, V>, partitions: number): number;
}

/** What a processor of a stream needs. */
export interface ProcessOptions<K, V> extends Serdes<K, V> {
  /** Names of the stores that it uses; see `App.store`. */
  readonly stores?: readonly string[];
}

/** A stream under construction: each call adds a node and gives a new stream; nothing runs. */
export class Stream<K, V> {
  /** @internal */
  readonly kind = "stream";

  /** @internal */
  constructor(
    /** @internal */
    readonly shape: Shape<K, V>,
  ) {}

  /** What a console or a notebook cell shows of it: one line, not the whole graph behind it. */
  [Symbol.for("Deno.customInspect")](): string {
    return oneLine("Stream", this.shape.edge);
  }

  /** Keeps the records whose values are of a kind: `(ride) => ride !== null`. */
  filter<W extends V>(
    predicate: (value: V, record: StreamRecord<K, V>) => value is W,
    options?: Named,
  ): Stream<K, W>;
  /** Keeps the records for which the predicate holds. */
  filter(predicate: Predicate<K, V>, options?: Named): Stream<K, V>;
  filter(predicate: Predicate<K, V>, { name }: Named = {}): Stream<K, V> {
    const create = filter(predicate);
    return this.#same({ name, prefix: "KSTREAM-FILTER", operator: "filter", create });
  }

  /** Keeps the records for which the predicate does not hold. */
  filterNot(predicate: Predicate<K, V>, { name }: Named = {}): Stream<K, V> {
    const create = filter<K, V>((value, record) => !holds(predicate, value, record));
    return this.#same({ name, prefix: "KSTREAM-FILTER", operator: "filterNot", create });
  }

  /** Makes another value of each value; the key stays. */
  mapValues<W>(
    mapper: Mapper<K, V, W> & AtOnce<W>,
    { name, value }: ValueOptions<W> = {},
  ): Stream<K, W> {
    const create = mapping.mapValues(mapper);
    const step = { name, prefix: "KSTREAM-MAPVALUES", operator: "mapValues", create };
    return this.#stream(withValues(this.shape, step, value));
  }

  /** Makes any number of values of each value. */
  flatMapValues<W>(
    mapper: Mapper<K, V, Iterable<W>>,
    { name, value }: ValueOptions<W> = {},
  ): Stream<K, W> {
    const create = mapping.flatMapValues(mapper);
    const step = { name, prefix: "KSTREAM-FLATMAPVALUES", operator: "flatMapValues", create };
    return this.#stream(withValues(this.shape, step, value));
  }

  /** Makes another key and value of each record. What needs keys together afterwards moves records by itself. */
  map<L, W>(mapper: Mapper<K, V, KeyValue<L, W>>, options: StepOptions<L, W> = {}): Stream<L, W> {
    const create = mapping.map(mapper), { name } = options;
    return this.#stream(
      rekeyed(this.shape, { name, prefix: "KSTREAM-MAP", operator: "map", create }, options),
    );
  }

  /** Makes any number of keys and values of each record. */
  flatMap<L, W>(
    mapper: Mapper<K, V, Iterable<KeyValue<L, W>>>,
    options: StepOptions<L, W> = {},
  ): Stream<L, W> {
    const create = mapping.flatMap(mapper), { name } = options;
    const step = { name, prefix: "KSTREAM-FLATMAP", operator: "flatMap", create };
    return this.#stream(rekeyed(this.shape, step, options));
  }

  /** Replaces the key of each record. */
  selectKey<L>(
    mapper: Mapper<K, V, L> & AtOnce<L>,
    { name, key }: Named & { readonly key?: Serde<NonNullable<L>> } = {},
  ): Stream<L, V> {
    return this.#stream(this.#selected(mapper, { name }, key as Serde<L> | undefined));
  }

  /** Calls an action for each record and passes it on. Gotcha: after a crash it may be called again. */
  peek<R>(action: Mapper<K, V, R> & AtOnce<R>, { name }: Named = {}): Stream<K, V> {
    return this.#same({ name, prefix: "KSTREAM-PEEK", operator: "peek", create: peek(action) });
  }

  /** Calls an action for each record; the end of a stream. */
  foreach<R>(action: Mapper<K, V, R> & AtOnce<R>, { name }: Named = {}): void {
    const create = peek(action);
    added(this.shape, { name, prefix: "KSTREAM-FOREACH", operator: "foreach", create });
  }

  /** The records of both streams, in the order they are processed. */
  merge<L extends K | null, W extends V | null>(
    other: Stream<L, W>,
    { name }: Named = {},
  ): Stream<K | L, V | W> {
    const shapes = [this.shape as Shape<K | L, V | W>, other.shape as Shape<K | L, V | W>] as const;
    return this.#stream(merged(shapes, name));
  }

  /**
   * Sends each record to the first name whose predicate holds, or to `rest`.
   *
   * @example
   * ```ts
   * import { app, json, string, topic } from "lib/streams/mod.ts";
   * import assert from "node:assert/strict";
   * const rides = topic("rides", { key: string, value: json<{ fare: number }>(), nullable: false });
   * const { low, rest } = app("prices").stream(rides).split({ low: (ride) => ride.fare < 40 });
   * assert.ok(low !== rest);
   * ```
   * @throws {TypeError} If a name is the default branch's, or a number: JavaScript would try those first
   */
  split<N extends string, const D extends string | false = "rest">(
    predicates: Readonly<Record<N, Predicate<K, V>>>,
    options: SplitOptions<D> = {},
  ): Readonly<Record<N | Exclude<D, false>, Stream<K, V>>> {
    const made = [...branches(this.shape, predicates, options)];
    return Object.fromEntries(
      made.map(([name, shape]) => [name, this.#stream(shape)]),
    ) as Record<N | Exclude<D, false>, Stream<K, V>>;
  }

  /** Sends each record to the first stream whose predicate holds; others are dropped, and counted. */
  branch(...predicates: readonly Predicate<K, V>[]): Stream<K, V>[] {
    const ways = predicates.map((predicate, at) => ({ output: String(at), predicate }));
    const create = branch(ways);
    const { node } = added(this.shape, { prefix: "KSTREAM-BRANCH", operator: "branch", create });
    return ways.map(({ output }) => this.#stream({ ...this.shape, edge: { node, output } }));
  }

  /**
   * Writes through a topic `<app>-<name>-repartition`, so that equal keys meet in one task. Null keys are dropped, unless
   * a left or outer join follows.
   */
  repartition(name?: string, options: RepartitionOptions<K, V> = {}): Stream<K, V> {
    return this.#stream(repartitioned(this.shape, { ...options, name, dropNullKeys: true }));
  }

  /** Groups by the key that is there. The name becomes that of the repartition topic, where one is needed. */
  groupByKey(name?: string): GroupedStream<NonNullable<K>, V> {
    const shape = this.shape as unknown as Shape<NonNullable<K>, V>;
    return this.shape.graph.fluent.groupedStream(new Grouping(shape, { name }));
  }

  /** Groups by a new key; records move through `<app>-<name>-repartition`. Null keys are dropped. */
  groupBy<L>(
    name: string,
    mapper: Mapper<K, V, L> & AtOnce<L>,
    { key, partitions }: {
      readonly key?: Serde<NonNullable<L>>;
      readonly partitions?: number;
    } = {},
  ): GroupedStream<NonNullable<L>, V> {
    const selected = this.#selected(mapper, { nameIfFree: `${name}-select` }, key as Serde<L>);
    const shape = selected as unknown as Shape<NonNullable<L>, V>;
    return this.shape.graph.fluent.groupedStream(new Grouping(shape, { name, partitions }));
  }

  /** The latest value of each key; null keys are dropped, null values delete. */
  toTable(
    name?: string,
    options: TableOptions<NonNullable<K>, NonNullable<V>> = {},
  ): Table<NonNullable<K>, NonNullable<V>> {
    const mine = this.shape as unknown as Shape<NonNullable<K>, NonNullable<V>>;
    const shape = placed(mine, { name, dropNullKeys: true });
    return shape.graph.fluent.table(tableFrom(shape, "toTable", { ...options, name }));
  }

  /** Writes every record to a topic, or to the one chosen per record. Returns the stream. */
  to(
    target:
      | SinkTopic<NonNullable<K>, NonNullable<V>>
      | string
      | ((value: V, record: StreamRecord<K, V>) => string),
    options: SinkOptions<K, V> = {},
  ): this {
    const known = typeof target === "object" ? target : undefined;
    const topic = typeof target === "object" ? target?.name : target;
    if (typeof topic !== "function") mustBeTopicName(topic);
    const { shape } = this, { name, key, value, partition } = options;
    shape.graph.sink(
      shape.edge,
      {
        topic,
        key: key ?? known?.key as Serde<K> | undefined ?? shape.key,
        value: value ?? known?.value as Serde<V> | undefined ?? shape.value,
        ...(partition ? { partition } : {}),
      },
      { name },
    );
    return this;
  }

  /** Adds a processor of your own, with stores, timers and several outputs. Its results may have any key. */
  process<L = K, W = V>(
    name: string,
    factory: ProcessorFactory<K, V, L, W>,
    { stores = [], ...serdes }: ProcessOptions<L, W> = {},
  ): Stream<L, W> {
    const create = processor(factory);
    const step = { name, prefix: "KSTREAM-PROCESSOR", operator: "process", stores, create };
    return this.#stream(rekeyed(this.shape, step, serdes));
  }

  /** Adds a processor of your own that leaves keys alone, so that no record has to move afterwards. */
  processValues<W = V>(
    name: string,
    factory: ValueProcessorFactory<K, V, W>,
    { stores = [], value }: { readonly stores?: readonly string[]; readonly value?: Serde<W> } = {},
  ): Stream<K, W> {
    const create = valueProcessor(factory);
    const step = {
      ...{ name, prefix: "KSTREAM-PROCESSVALUES", operator: "processValues", stores, create },
    };
    return this.#stream(withValues(this.shape, step, value));
  }

  /** Joins a table; records without a row there are dropped. */
  join<W, R>(
    other: Table<NonNullable<K>, W>,
    joiner: Joiner<NonNullable<K>, NonNullable<V>, W, R> & AtOnce<R>,
    options?: TableLookupOptions<R>,
  ): Stream<NonNullable<K>, R>;
  /** Joins each record with the row of a global table that it names; without one it is dropped. */
  join<L, W, R>(
    other: GlobalTable<L, W>,
    keyOf: Mapper<K, NonNullable<V>, L | null>,
    joiner: Joiner<K, NonNullable<V>, W, R> & AtOnce<R>,
    options?: ValueOptions<R>,
  ): Stream<K, R>;
  /** Joins each record with those of another stream of equal key that are close enough in time. */
  join<W, R>(
    other: Stream<NonNullable<K> | null, W>,
    joiner: Joiner<NonNullable<K>, NonNullable<V>, NonNullable<W>, R> & AtOnce<R>,
    within: StreamJoinOptions<K, R>,
  ): Stream<NonNullable<K>, R>;
  // deno-lint-ignore no-explicit-any
  join(other: any, ...rest: any[]): any {
    return this.#join(other, "inner", rest);
  }

  /** As `join`; records without a row in the table are joined with null. */
  leftJoin<W, R>(
    other: Table<NonNullable<K>, W>,
    joiner: Joiner<K, NonNullable<V>, W | null, R> & AtOnce<R>,
    options?: TableLookupOptions<R>,
  ): Stream<K, R>;
  /** Joins each record with the row of a global table that it names; null where there is none. */
  leftJoin<L, W, R>(
    other: GlobalTable<L, W>,
    keyOf: Mapper<K, NonNullable<V>, L | null>,
    joiner: Joiner<K, NonNullable<V>, W | null, R> & AtOnce<R>,
    options?: ValueOptions<R>,
  ): Stream<K, R>;
  /** Joins as `join` does; a left record without a partner is joined with null when its window closes. */
  leftJoin<W, R>(
    other: Stream<NonNullable<K> | null, W>,
    joiner: Joiner<K, NonNullable<V>, NonNullable<W> | null, R> & AtOnce<R>,
    within: StreamJoinOptions<K, R>,
  ): Stream<K, R>;
  // deno-lint-ignore no-explicit-any
  leftJoin(other: any, ...rest: any[]): any {
    return this.#join(other, "left", rest);
  }

  /** Joins another stream; records of either side without a partner are joined with null when their window closes. */
  outerJoin<L extends NonNullable<K> | null, W, R>(
    other: Stream<L, W>,
    joiner: Joiner<K | L, NonNullable<V> | null, NonNullable<W> | null, R> & AtOnce<R>,
    within: StreamJoinOptions<K, R>,
  ): Stream<K | L, R> {
    const options = { ...within, type: "outer" } as const;
    const joined = streamsJoined(this.shape, other.shape, joiner, options);
    return this.#stream(joined as Shape<K | L, R>);
  }

  #join(
    // deno-lint-ignore no-explicit-any
    other: Table<any, any> | GlobalTable<any, any> | Stream<any, any>,
    type: "inner" | "left",
    // deno-lint-ignore no-explicit-any
    [first, second, third]: any[],
    // deno-lint-ignore no-explicit-any
  ): Stream<any, any> {
    const { shape } = this;
    if (other.kind === "stream") {
      return this.#stream(streamsJoined(shape, other.shape, first, { ...second, type }));
    }
    if (other.kind === "table") {
      return this.#stream(tableJoined(shape, other.shape, first, { ...second, type }));
    }
    const options = { ...third, keyOf: first, joiner: second, type };
    return this.#stream(globalJoined(shape, other, options));
  }

  #selected<L>(
    mapper: Mapper<K, V, L>,
    named: Named & { readonly nameIfFree?: string },
    key: Serde<L> | undefined,
  ): Shape<L, V> {
    const create = mapping.selectKey(mapper), { value } = this.shape;
    const step = { ...named, prefix: "KSTREAM-KEY-SELECT", operator: "selectKey", create };
    return rekeyed(this.shape, step, { value, ...(key ? { key } : {}) });
  }

  #same(step: Parameters<typeof same>[1]): Stream<K, V> {
    return this.#stream(same(this.shape, step));
  }

  #stream<L, W>(shape: Shape<L, W>): Stream<L, W> {
    return shape.graph.fluent.stream(shape);
  }
}
