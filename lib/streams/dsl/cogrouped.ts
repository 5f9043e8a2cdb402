/**
 * Several grouped streams that add to one result.
 *
 * @module
 */
import { aggregate, type Aggregation } from "../operators/aggregate.ts";
import { pass } from "../operators/filter.ts";
import { storeGetter } from "../operators/table_getter.ts";
import type { GroupedStream, ResultOptions } from "./grouped_stream.ts";
import { orJson } from "./shape.ts";
import { Table } from "./table.ts";

interface Member<K, A> {
  // deno-lint-ignore no-explicit-any
  readonly stream: GroupedStream<K, any>;
  // deno-lint-ignore no-explicit-any
  readonly add: Aggregation<K, any, A>["add"];
}

/** Streams, each with its way of adding. */
export class Cogrouped<K, A> {
  /** @internal */
  constructor(
    /** @internal */
    readonly members: readonly Member<K, A>[],
  ) {}

  /** Lets another stream add to the result. */
  cogroup<V>(stream: GroupedStream<K, V>, add: Aggregation<K, V, A>["add"]): Cogrouped<K, A> {
    return new Cogrouped([...this.members, { stream, add }]);
  }

  /** Keeps the result per key. */
  aggregate(name: string, init: () => A, options: ResultOptions<A> = {}): Table<K, A> {
    const shapes = this.members.map(({ stream }) =>
      stream.moved(`${name}-${stream.shape.edge.node}`)
    );
    const { graph, key } = shapes[0]!;
    const value = orJson(options.value);
    graph.store({ name, layout: "plain", key, value, logged: options.logged ?? true });
    const edges = this.members.map(({ add }, at) =>
      graph.operator({
        prefix: "COGROUPKSTREAM-AGGREGATE",
        operator: "cogroup",
        parents: [shapes[at]!.edge],
        stores: [name],
        create: aggregate(name, { init, add }, { looksAtValue: true }),
      })
    );
    const edge = graph.operator({
      prefix: "COGROUPKSTREAM-MERGE",
      operator: "merge",
      parents: edges,
      readsValue: false,
      create: pass(),
    });
    const sources = shapes.flatMap((shape) => shape.sources);
    graph.copartitioned.push({ node: name, sources });
    return new Table({
      graph,
      edge,
      sources,
      key,
      value,
      keyChanged: false,
      store: name,
      getter: storeGetter(name),
    });
  }
}
