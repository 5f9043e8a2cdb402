/**
 * Several grouped streams that add to one result.
 *
 * @module
 */
import { aggregate, type Aggregation } from "../../operators/aggregate.ts";
import { pass } from "../../operators/filter.ts";
import { storeGetter } from "../../operators/table_getter.ts";
import type { Windows } from "../../operators/windows.ts";
import type { Windowed } from "../../topology/windowed_serde.ts";
import type { Grouping, ResultOptions } from "./aggregate.ts";
import { type Shape, sourcesOf, type TableShape } from "./shape.ts";
import { cogroupedWindows, type WindowResultOptions } from "./windows.ts";

/** A grouped stream, and how its values are added. */
export interface Member<K, A> {
  // deno-lint-ignore no-explicit-any
  readonly grouping: Grouping<K, any>;
  // deno-lint-ignore no-explicit-any
  readonly add: Aggregation<K, any, A>["add"];
}

/** A member whose types are known elsewhere. */
// deno-lint-ignore no-explicit-any
export type AnyMember = Member<any, any>;

/** The streams on the partitions of their keys. @throws {TypeError} If they are of two applications */
function movedTogether<K, A>(
  members: readonly Member<K, A>[],
  name: string,
): readonly [Shape<K, unknown>, ...Shape<K, unknown>[]] {
  const shapes = members.map(({ grouping }) =>
    grouping.moved(`${name}-${grouping.shape.edge.node}`)
  );
  const [first, ...others] = shapes;
  for (const other of others) first!.graph.mustBeMine("group streams together", other);
  first!.graph.copartitioned.push({ node: name, sources: sourcesOf(...shapes) });
  return [first!, ...others];
}

/** One result per key. */
export function cogroupedResult<K, A>(
  members: readonly Member<K, A>[],
  name: string,
  init: () => A,
  options: ResultOptions<A>,
): TableShape<K, A> {
  const shapes = movedTogether(members, name), { graph, key } = shapes[0];
  const value = graph.valueSerde(options.value), { logged = true } = options;
  graph.store({ name, layout: "plain", key, value, logged });
  const parents = members.map(({ add }, at) =>
    graph.operator({
      prefix: "COGROUPKSTREAM-AGGREGATE",
      operator: "cogroup",
      parents: [shapes[at]!.edge],
      stores: [name],
      create: aggregate(name, { init, add }, { looksAtValue: true }),
    })
  );
  const edge = graph.operator({
    nameIfFree: name,
    prefix: "COGROUPKSTREAM-MERGE",
    operator: "merge",
    parents,
    readsValue: false,
    create: pass(),
  });
  const sources = sourcesOf(...shapes), getter = storeGetter(name);
  return { graph, edge, sources, key, value, keyChanged: false, store: name, getter };
}

/** One result per key and window. */
export function cogroupedWindowResult<K, A>(
  members: readonly Member<K, A>[],
  windows: Windows,
  { name, init, merge, options }: {
    readonly name: string;
    readonly init: () => A;
    readonly merge?: Aggregation<K, unknown, A>["merge"];
    readonly options: WindowResultOptions<A>;
  },
): TableShape<Windowed<K>, A> {
  const shapes = movedTogether(members, name), { graph, key } = shapes[0];
  return cogroupedWindows(graph, windows, {
    ...{ store: name, key, options },
    members: shapes.map(({ edge, sources }, at) => ({
      edge,
      sources,
      aggregation: { init, add: members[at]!.add, ...(merge ? { merge } : {}) },
    })),
  });
}
